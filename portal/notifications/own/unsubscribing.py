"""The link with which a reader stops a category of messages: no sign-in, no end, one person and one category.

RFC 8058: a mail program posts ``List-Unsubscribe=One-Click`` to it; a person who opens it meets a page with a button,
because programs that look at mail open links too.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage

from portal.accounts.models import Person
from portal.accounts.queries import get_person
from portal.accounts.tokens import Purpose, is_valid, link_token, row_id_in
from portal.core.errors import NotFound
from portal.notifications.categories import CATEGORIES, Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification

ONE_CLICK = ("List-Unsubscribe", "One-Click")


def unsubscribe_link(kind: Notification, delivery: Delivery, links: Links) -> str | None:
    """Return the link that stops messages such as ``delivery`` for its reader; None where the mail always comes."""
    if not kind.is_mutable or delivery.person_id is None:
        return None
    token = link_token(links.key, Purpose.UNSUBSCRIBE, delivery.person_id, str(kind.category))
    return links.to("notifications.unsubscribe", category=str(kind.category), token=token)


def add_unsubscribe_headers(message: EmailMessage, link: str) -> None:
    """Tell mail programs that the reader can stop these with one click."""
    message["List-Unsubscribe"] = f"<{link}>"
    message["List-Unsubscribe-Post"] = "=".join(ONE_CLICK)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Whose messages a link stops, and which."""

    person: Person
    category: Category


def load_subscription(category: str, token: str, key: str, *, lock: bool = False) -> Subscription:
    """Return what a link means; NotFound for one that is not right, whatever is wrong with it."""
    row_id = row_id_in(token)
    if category not in list(Category) or row_id is None or not CATEGORIES[Category(category)].is_mutable:
        raise NotFound
    if not is_valid(token, key, Purpose.UNSUBSCRIBE, row_id, category):
        raise NotFound
    return Subscription(get_person(row_id, lock=lock), Category(category))
