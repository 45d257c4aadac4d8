"""Who is told that a round opens, and that its deadline moves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.calls.models import Call, Round, RoundMove
from portal.core.db import find_one, get_one
from portal.core.event_log import EventRow
from portal.core.text import _l
from portal.notifications import variables as v
from portal.notifications.audience import (
    leaderless_of,
    leads_of_programme,
    leads_of_round,
    partnerships_of_programme,
    partnerships_of_round,
)
from portal.notifications.categories import Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient


def _round(event: EventRow) -> Round:
    return get_one(
        sa.select(Round).where(Round.id == event.subject_id).options(joinedload(Round.call).joinedload(Call.programme))
    )


def _named(round_: Round, delivery: Delivery, links: Links) -> dict[str, Any]:
    call = round_.call.definition
    return {
        "call": call.name.in_language(delivery.language),
        "round": round_.code,
        "closes_at": round_.closes_at,
        "link": links.to("public.call", programme=round_.call.programme.code, code=round_.call.code),
    }


class RoundOpened(Notification):
    """A round takes applications from now on."""

    name = "round-opened"
    topics = ("round.opened",)
    reason = _l("You receive this because you may sign for a partner in a partnership of this programme.")
    category = Category.DEADLINES
    is_digestible = True
    variables = (v.CALL, v.ROUND, v.CLOSES_AT, v.LINK)
    needed = (v.CLOSES_AT,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        round_ = _round(event)
        if event.occurred_at > round_.closes_at:  # workers stood still all the while: old news helps nobody
            return []
        return leads_of_programme(round_.call.programme_id)

    def unreached(self, event: EventRow) -> Iterable[str]:
        return leaderless_of(partnerships_of_programme(_round(event).call.programme_id))

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        return _named(_round(event), delivery, links)


class DeadlineMoved(Notification):
    """The moment a round closes has changed, for a reason that is public."""

    name = "deadline-moved"
    topics = ("round.deadline-moved",)
    reason = _l("You receive this because you may sign for a partner in an application in this round.")
    category = Category.APPLICATIONS
    variables = (v.CALL, v.ROUND, v.NEW_CLOSES_AT, v.OLD_CLOSES_AT, v.WHY, v.LINK)
    needed = (v.NEW_CLOSES_AT,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return leads_of_round(event.subject_id)

    def unreached(self, event: EventRow) -> Iterable[str]:
        return leaderless_of(partnerships_of_round(event.subject_id))

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        round_ = _round(event)
        old, new = (datetime.fromisoformat(event.payload[f"{each}_closes_at"]) for each in ("old", "new"))
        stmt = sa.select(RoundMove).where(RoundMove.round_id == round_.id, RoundMove.moved_at == event.occurred_at)
        move = find_one(stmt)
        told = {"old_closes_at": old, "new_closes_at": new, "why": move.reason if move else ""}
        return {**_named(round_, delivery, links), **told}


class RoundCancelled(Notification):
    """A round takes place no more, for a reason that is public."""

    name = "round-cancelled"
    topics = ("round.cancelled",)
    reason = _l("You receive this because you may sign for a partner in an application in this round.")
    category = Category.APPLICATIONS
    variables = (v.CALL, v.ROUND, v.WHY, v.LINK)
    needed = (v.WHY,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return leads_of_round(event.subject_id)

    def unreached(self, event: EventRow) -> Iterable[str]:
        return leaderless_of(partnerships_of_round(event.subject_id))

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        round_ = _round(event)
        return {**_named(round_, delivery, links), "why": round_.cancel_reason or ""}
