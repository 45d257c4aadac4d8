"""Claiming and settling outbox rows: what the relay works through, and what an administrator sees and retries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.event_log import EventRow, OutboxRow

PARK_AFTER = 10
LONGEST_WAIT = timedelta(hours=1)


def next_wait(attempts: int) -> timedelta:
    """Return how long to wait after the ``attempts``-th failure: a minute, doubled each time, an hour at most."""
    return min(timedelta(minutes=2 ** min(max(attempts - 1, 0), 6)), LONGEST_WAIT)


def claim_due(at: datetime, limit: int, *, topics: Collection[str] = ()) -> list[tuple[OutboxRow, EventRow]]:
    """Lock and return rows due at machine time ``at``; another relay skips them until this transaction ends.

    ``topics`` narrows them to events of these.
    """
    stmt = (
        sa.select(OutboxRow, EventRow)
        .join(EventRow, EventRow.id == OutboxRow.event_id)
        .where(OutboxRow.is_open, OutboxRow.next_attempt_at <= at)
        .order_by(OutboxRow.event_id)
        .limit(limit)
        .with_for_update(of=OutboxRow, skip_locked=True)
    )
    if topics:
        stmt = stmt.where(EventRow.topic.in_(topics))
    return [(row, event) for row, event in db.session.execute(stmt)]


def settle(rows: Iterable[OutboxRow]) -> None:
    """Close ``rows``: their events have been expanded into deliveries."""
    settled = sa.update(OutboxRow).where(OutboxRow.event_id.in_([row.event_id for row in rows])).values(is_open=False)
    db.session.execute(settled.execution_options(synchronize_session=False))


def postpone(row: OutboxRow, at: datetime, error: str) -> None:
    """Note a failure at machine time ``at``; after ``PARK_AFTER`` of them the row waits for a person."""
    row.attempts += 1
    row.last_error = error[:500]
    row.next_attempt_at = at + next_wait(row.attempts)
    if row.attempts >= PARK_AFTER:
        row.is_open = False
        row.parked_at = at


def bring_forward(at: datetime, by: timedelta) -> int:
    """Let what waits for a moment after ``at`` wait ``by`` less: the clock was set back. Return how many rows."""
    ahead = sa.update(OutboxRow).where(OutboxRow.is_open, OutboxRow.next_attempt_at > at)
    sooner = ahead.values(next_attempt_at=OutboxRow.next_attempt_at - by)
    return len(db.session.scalars(sooner.returning(OutboxRow.event_id)).all())


def retry_parked(event_id: int, at: datetime) -> None:
    """Open a parked row again; NotFound where it is not parked."""
    row = db.session.get(OutboxRow, event_id, with_for_update=True)
    if row is None or row.parked_at is None:
        raise NotFound
    row.is_open, row.parked_at, row.attempts, row.next_attempt_at = True, None, 0, at


def lock_open(event_ids: sa.Select[tuple[int]]) -> list[tuple[OutboxRow, EventRow]]:
    """Lock and return the open rows of these events; waits for a relay that is expanding one just now."""
    stmt = (
        sa.select(OutboxRow, EventRow)
        .join(EventRow, EventRow.id == OutboxRow.event_id)
        .where(OutboxRow.event_id.in_(event_ids))
        .order_by(OutboxRow.event_id)
        .with_for_update(of=OutboxRow)
        .execution_options(populate_existing=True)
    )
    return [(row, event) for row, event in db.session.execute(stmt) if row.is_open]


def discard_parked(event_id: int) -> None:
    """Close a parked row for good: nobody is told of its event; NotFound where it is not parked."""
    row = db.session.get(OutboxRow, event_id, with_for_update=True)
    if row is None or row.parked_at is None:
        raise NotFound
    row.is_open, row.parked_at = False, None


def list_parked(limit: int = 100) -> list[tuple[OutboxRow, EventRow]]:
    """Return parked rows with their events, newest first."""
    stmt = (
        sa.select(OutboxRow, EventRow)
        .join(EventRow, EventRow.id == OutboxRow.event_id)
        .where(OutboxRow.parked_at.is_not(None))
        .order_by(OutboxRow.event_id.desc())
        .limit(limit)
    )
    return [(row, event) for row, event in db.session.execute(stmt)]


def count_open() -> int:
    """Return how many rows still wait for the relay."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(OutboxRow).where(OutboxRow.is_open)) or 0
