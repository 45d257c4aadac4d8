"""How many messages somebody has not read: in the head of every page, one small statement of an index of its own."""

from __future__ import annotations

from portal.core.web import current_actor
from portal.notifications.own.queries import MOST_COUNTED, count_unread
from portal.notifications.views.blueprint import bp


@bp.app_template_global("unread_notifications")
def unread() -> str:
    """Return the number that stands beside the bell: empty for none, and "99+" where it would be longer."""
    person_id = current_actor().person_id
    count = count_unread(person_id) if person_id is not None else 0
    return "" if not count else str(count) if count < MOST_COUNTED else f"{MOST_COUNTED - 1}+"
