"""The daily digest of who asked for one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.accounts.queries import get_person
from portal.core.event_log import EventRow
from portal.core.text import _l
from portal.notifications.categories import Category
from portal.notifications.kind_words import kind_words
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient, to_person
from portal.notifications.own.queries import DIGEST, list_digested

MOST = 100  # lines of one digest; the rest is counted, and stands in the portal


class DailyDigest(Notification):
    """Once a day the subject lines of what its reader wanted to gather, each with a link into the portal."""

    name = DIGEST
    topics = ("person.digest-made",)
    reason = _l("You receive this because you chose a daily digest of some messages.")
    category = Category.DIGEST
    is_of_programme = False

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return [to_person(get_person(event.subject_id))] if list_digested(event.id) else []

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        found = list_digested(event.id)
        lines = [
            (each.subject or kind_words(each.notification), links.to("notifications.open_message", number=each.id))
            for each in found[:MOST]
        ]
        count, rest = len(found), len(found) - len(lines)
        link = links.to("notifications.mine")
        return {"lines": lines, "count": count, "rest": rest, "link": link, "day": event.payload["day"]}
