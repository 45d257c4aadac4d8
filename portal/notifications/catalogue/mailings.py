"""What administrators write to many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.core.event_log import EventRow
from portal.core.text import _l
from portal.notifications.audience import leaderless_of
from portal.notifications.categories import Category
from portal.notifications.links import Links
from portal.notifications.mailings.queries import audience_of, get_mailing, partnerships_for
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient


class DepartmentMailing(Notification):
    """One text to one audience, in the reader's language where it was written in it."""

    name = "mailing"
    topics = ("mailing.released",)
    reason = _l("You receive this because you take part in this programme or round, or review for it.")
    category = Category.MAILINGS
    is_digestible = True
    is_read_here = True
    is_of_programme = False

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return audience_of(get_mailing(event.subject_id))

    def unreached(self, event: EventRow) -> Iterable[str]:
        return leaderless_of(partnerships_for(get_mailing(event.subject_id)))

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        mailing = get_mailing(event.subject_id)
        is_english = delivery.language == "en" and mailing.has_english
        return {
            "title": mailing.subject_en if is_english else mailing.subject_nl,
            "message": mailing.body_en if is_english else mailing.body_nl,
            "is_dutch_only": delivery.language == "en" and not mailing.has_english,
            "link": links.to("desk.my_work"),
        }
