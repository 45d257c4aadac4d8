"""Reading the event log by topic, actor, subject and day; the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.audit import AuditRead
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.core.paging import Page, page


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events: every condition that is given must hold. ``since`` is included, ``before`` is not.

    ``subjects`` are rows by table and number: events about any of them, and what auditors read of the first.
    """

    topic: str | None = None
    actor_id: int | None = None
    subjects: tuple[tuple[str, int], ...] = ()
    since: datetime | None = None
    before: datetime | None = None


def page_events(asked: EventFilter, cursor: str | None) -> Page[EventRow]:
    """Return one page of the log, the newest event first."""
    return page(_select(asked), by=[(EventRow.id, True)], key=lambda row: [row.id], cursor=cursor, size=50)


def list_events(asked: EventFilter, most: int) -> list[EventRow]:
    """Return up to ``most`` events, the newest first."""
    return list(db.session.scalars(_select(asked).order_by(EventRow.id.desc()).limit(most)))


def _select(asked: EventFilter) -> sa.Select[Any]:
    stmt = sa.select(EventRow)
    if asked.topic is not None:
        stmt = stmt.where(EventRow.topic == asked.topic)
    if asked.actor_id is not None:
        stmt = stmt.where(EventRow.actor_id == asked.actor_id)
    if asked.subjects:
        kind, row_id = asked.subjects[0]
        read = EventRow.payload.contains({"kind": kind, "row_id": row_id})
        about = sa.tuple_(EventRow.subject, EventRow.subject_id).in_(asked.subjects)
        stmt = stmt.where(sa.or_(about, sa.and_(EventRow.topic == AuditRead.topic, read)))
    if asked.since is not None:
        stmt = stmt.where(EventRow.occurred_at >= asked.since)
    if asked.before is not None:
        stmt = stmt.where(EventRow.occurred_at < asked.before)
    return stmt
