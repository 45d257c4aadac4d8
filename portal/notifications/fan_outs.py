"""What one action told many: the publication of a round, a moved deadline, an opened round, a mailing.

The action is known by its *anchor*, an event of the log. Its messages belong to that event, or, where the action records
an event per subject, to those that the same request recorded at the same moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.calls.models import Round
from portal.core.db import db, get_one
from portal.core.event_log import EventRow, OutboxRow
from portal.core.paging import Page, page
from portal.notifications.mailings.models import Mailing
from portal.notifications.models import Delivery, DeliveryState
from portal.reviewing.assignment_models import Assignment

MEMBERS: dict[str, str | None] = {
    "round.opened": None,
    "round.deadline-moved": None,
    "round.cancelled": None,
    "round.results-published": "decision.published",
    "assignment.released": "review.invited",
    "mailing.released": None,
}
"""Anchors, and the topic of the events that carry their messages; None where the anchor carries them itself."""

RECENT = timedelta(minutes=10)
FEW = 5  # messages say nothing about the pace


@dataclass(frozen=True, slots=True)
class FanOut:
    """One action that told many, with how many messages are in each state; ``unmade``: events not expanded yet."""

    event: EventRow
    name: str
    counts: dict[DeliveryState, int]
    unmade: int

    @property
    def id(self) -> int:
        return self.event.id

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        """What can still be held back."""
        return self.counts.get(DeliveryState.WAITING, 0) + self.counts.get(DeliveryState.GATHERED, 0)

    @property
    def is_over(self) -> bool:
        return not self.waiting and not self.unmade

    def share(self, *states: DeliveryState) -> float:
        """Return which part of all messages is in one of ``states``, in percent."""
        return 100 * sum(self.counts.get(each, 0) for each in states) / self.total if self.total else 0.0


def get_anchor(number: int, *, lock: bool = False) -> EventRow:
    """Return the event of an action that told many; NotFound for any other. An event is never changed: no lock."""
    del lock
    return get_one(sa.select(EventRow).where(EventRow.id == number, EventRow.topic.in_(MEMBERS)))


def get_fan_out(anchor: EventRow) -> FanOut:
    """Return what became of the messages of ``anchor``."""
    return _with_counts([anchor])[0]


def page_fan_outs(cursor: str | None) -> Page[FanOut]:
    """Return one page of them, the newest first; three statements, however many there are."""
    stmt = sa.select(EventRow).where(EventRow.topic.in_(MEMBERS))
    found = page(stmt, by=[(EventRow.id.expression, True)], key=lambda each: [each.id], cursor=cursor, size=20)
    return Page(_with_counts(found.rows), found.next_cursor)


def event_ids_of(anchor: EventRow) -> sa.Select[Any]:
    """Return the selection of the events that carry the messages of ``anchor``."""
    members = _members([anchor.id]).subquery()
    return sa.select(members.c.event_id)


def _members(anchor_ids: list[int]) -> sa.CompoundSelect[Any]:
    """Return pairs of anchor and event."""
    anchor, member = aliased(EventRow), aliased(EventRow)
    own = sa.select(anchor.id.label("anchor_id"), anchor.id.label("event_id")).where(anchor.id.in_(anchor_ids))
    beside = (
        sa.select(anchor.id, member.id)
        .join(
            member,
            sa.and_(
                member.topic == sa.case({key: value for key, value in MEMBERS.items() if value}, value=anchor.topic),
                member.occurred_at == anchor.occurred_at,
                member.request_id == anchor.request_id,
                member.actor_id.is_not_distinct_from(anchor.actor_id),
            ),
        )
        .where(anchor.id.in_(anchor_ids))
    )
    return sa.union_all(own, beside)


def _with_counts(anchors: Iterable[EventRow]) -> list[FanOut]:
    listed = list(anchors)
    members = _members([each.id for each in listed]).subquery()
    counts: dict[int, dict[DeliveryState, int]] = {each.id: {} for each in listed}
    unmade = dict.fromkeys(counts, 0)
    of_state = (
        sa.select(members.c.anchor_id, Delivery.state, sa.func.count())
        .join(Delivery, Delivery.event_id == members.c.event_id)
        .group_by(members.c.anchor_id, Delivery.state)
    )
    open_ = (
        sa.select(members.c.anchor_id, sa.null(), sa.func.count())
        .join(OutboxRow, OutboxRow.event_id == members.c.event_id)
        .where(OutboxRow.is_open)
        .group_by(members.c.anchor_id)
    )
    for anchor_id, state, count in db.session.execute(sa.union_all(of_state, open_)):
        if state is None:
            unmade[anchor_id] = count
        else:
            counts[anchor_id][DeliveryState(state)] = count
    names = _names(listed)
    return [
        FanOut(each, names.get((each.subject, each.subject_id), ""), counts[each.id], unmade[each.id])
        for each in listed
    ]


def _names(anchors: Iterable[EventRow]) -> dict[tuple[str, int], str]:
    """Return what each anchor is about: the code of its round, or the subject of its mailing."""
    ids: dict[str, list[int]] = {"round": [], "assignment": [], "mailing": []}
    for each in anchors:
        ids[each.subject].append(each.subject_id)
    rounds = sa.select(sa.literal("round"), Round.id, Round.code).where(Round.id.in_(ids["round"]))
    assignments = (
        sa.select(sa.literal("assignment"), Assignment.id, Round.code)
        .join(Round, Round.id == Assignment.round_id)
        .where(Assignment.id.in_(ids["assignment"]))
    )
    mailings = sa.select(sa.literal("mailing"), Mailing.id, Mailing.subject_nl).where(Mailing.id.in_(ids["mailing"]))
    found = db.session.execute(sa.union_all(rounds, assignments, mailings))
    return {(kind, number): name for kind, number, name in found}


def expected_end(fan_out: FanOut, at: datetime) -> datetime | None:
    """Return when the last message leaves at the pace of the last ten minutes; None where that is not known."""
    if fan_out.is_over or fan_out.unmade:
        return None
    stmt = sa.select(sa.func.count(), sa.func.min(Delivery.sent_at)).where(
        Delivery.event_id.in_(event_ids_of(fan_out.event)), Delivery.sent_at > at - RECENT
    )
    recent, first_at = db.session.execute(stmt).one()
    if recent < FEW or first_at is None or first_at >= at:
        return None
    return at + (at - first_at) / recent * fan_out.waiting
