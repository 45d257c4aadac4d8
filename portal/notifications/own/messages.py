"""A message as its own reader meets it in the portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.core.text import Msg, _l
from portal.notifications.categories import CATEGORIES
from portal.notifications.kind_words import kind_words
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.table import find_notification

HOW: dict[DeliveryState, Msg] = {
    DeliveryState.GATHERED: _l("for your daily digest"),
    DeliveryState.MUTED: _l("not by mail, as you chose"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the list. ``can_be_opened``: it has a link that may be shown here.

    ``how`` says what is worth saying of its way: that it is gathered, or did not come by mail.
    """

    number: int
    subject: str | Msg
    category: Msg | None
    at: datetime
    is_unread: bool
    can_be_opened: bool
    is_secret: bool
    how: Msg | None


def told(delivery: Delivery) -> Told:
    """Return ``delivery`` as a line; its subject is the one that was written, else what kind of message it is."""
    kind = find_notification(delivery.notification)
    category = CATEGORIES[kind.category].name if kind else None
    is_secret = kind is not None and kind.carries_token
    return Told(
        number=delivery.id,
        subject=delivery.subject or kind_words(delivery.notification),
        category=category,
        at=delivery.made_at,
        is_unread=delivery.read_at is None,
        can_be_opened=kind is not None and not is_secret,
        is_secret=is_secret,
        how=HOW.get(delivery.state),
    )
