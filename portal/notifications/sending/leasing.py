"""Which worker sends what: a few messages at a time, each run's own until its lease ends. Urgent ones go first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from portal.core.db import db
from portal.notifications.models import DELIVERIES, Delivery, DeliveryState

log = structlog.get_logger(__name__)

_WAS_UNTIL = "was_until"


@dataclass(frozen=True, slots=True)
class Leased:
    """A delivery and the lease under which it is sent: whose lease ended says no more what came of it.

    The id alone is not enough. The demo can be put back to its start meanwhile: the row is gone then, and its id may
    be another message's. ``delivery`` is of no session: the templates only read it, and nothing rewrites whom a row
    tells, in which language, or of what.
    """

    delivery: Delivery
    until: datetime

    @property
    def key(self) -> dict[str, int | datetime]:
        """The values of ``IS_MINE``."""
        return {"leased_id": self.delivery.id, "leased_until": self.until}


IS_MINE = sa.and_(
    DELIVERIES.c.id == sa.bindparam("leased_id", type_=sa.BigInteger),
    DELIVERIES.c.claimed_until == sa.bindparam("leased_until", type_=sa.DateTime(timezone=True)),
)


def lease_batch(at: datetime, lease: int, most: int, *, only_urgent: bool) -> list[Leased]:
    """Lease up to ``most`` due deliveries for ``lease`` seconds from machine time ``at``; the caller commits.

    A row that another worker is sending at this very moment is locked, and passed over whatever its lease says.
    """
    until = at + timedelta(seconds=lease)
    # No lease ends later than this one would by a lease's length, unless it was given before a clock was set back.
    values = {"at": at, "until": until, "longest": until + timedelta(seconds=lease), "most": most}
    found = list[Delivery]()
    for row in db.session.execute(_LEASE_URGENT if only_urgent else _LEASE, values).mappings():
        columns = dict(row)
        was_until = columns.pop(_WAS_UNTIL)
        found.append(Delivery(**columns))
        if was_until is not None:  # whoever held it died before it could say what came of it, or was far too slow
            log.warning(
                "message taken over", delivery_id=columns["id"], event_id=columns["event_id"], held_until=str(was_until)
            )
    found.sort(key=lambda each: (not each.is_urgent, each.next_attempt_at, each.id))
    return [Leased(each, until) for each in found]


def release(rest: Iterable[Leased]) -> None:
    """Give back what was leased and not sent, for whoever comes next; the caller commits."""
    rows = list(rest)
    if rows:
        mine = sa.and_(
            DELIVERIES.c.id.in_([each.delivery.id for each in rows]), DELIVERIES.c.claimed_until == rows[0].until
        )
        db.session.execute(sa.update(DELIVERIES).where(mine).values(claimed_until=None))


def bring_forward(at: datetime, by: timedelta) -> int:
    """Let what waits for a moment after ``at`` wait ``by`` less: the clock was set back. Return how many rows.

    Leases stay, for they name who sends what: see ``longest`` in ``lease_batch``.
    """
    columns = DELIVERIES.c
    ahead = sa.update(DELIVERIES).where(columns.state == DeliveryState.WAITING, columns.next_attempt_at > at)
    sooner = ahead.values(next_attempt_at=columns.next_attempt_at - by).returning(columns.id)
    return len(db.session.execute(sooner).all())


def _lease(*, only_urgent: bool) -> sa.sql.dml.ReturningUpdate[Any]:
    at, longest = (sa.bindparam(name, type_=sa.DateTime(timezone=True)) for name in ("at", "longest"))
    held = DELIVERIES.c.claimed_until
    due = (
        sa.select(DELIVERIES.c.id, DELIVERIES.c.claimed_until.label(_WAS_UNTIL))
        .where(DELIVERIES.c.state == DeliveryState.WAITING, DELIVERIES.c.next_attempt_at <= at)
        .where(sa.or_(held.is_(None), held <= at, held > longest))
        .order_by(DELIVERIES.c.is_urgent.desc(), DELIVERIES.c.next_attempt_at, DELIVERIES.c.id)
        .limit(sa.bindparam("most", type_=sa.BigInteger))
        .with_for_update(key_share=True, skip_locked=True)
    )
    if only_urgent:
        due = due.where(DELIVERIES.c.is_urgent)
    chosen = due.cte("due")
    return (
        sa.update(DELIVERIES)
        .where(DELIVERIES.c.id == chosen.c.id)
        .values(claimed_until=sa.bindparam("until", type_=sa.DateTime(timezone=True)))
        .returning(*DELIVERIES.c, chosen.c[_WAS_UNTIL])
    )


_LEASE, _LEASE_URGENT = _lease(only_urgent=False), _lease(only_urgent=True)
