"""The append-only log: audit trail, timeline and outbox in one.

``record`` writes an event and its outbox row in the command's own transaction. A minute later one task lays the hash
chain (``core.chain``). The application's role can only insert and read; a trigger refuses everybody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import ReturningInsert

from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import Model, apart, db, id_column
from portal.core.events import Event


class EventRow(Model):
    """One fact. ``natural_key`` is set on what time causes, so that two schedulers record it once."""

    __tablename__ = "event"
    __table_args__ = (
        sa.Index("ix_event_subject_subject_id_id", "subject", "subject_id", "id"),
        sa.Index("ix_event_topic_id", "topic", "id"),
        sa.Index("ix_event_actor_id_id", "actor_id", "id"),
    )

    id: Mapped[int] = id_column()
    topic: Mapped[str]
    occurred_at: Mapped[datetime]
    actor_id: Mapped[int | None]
    actor_kind: Mapped[str]  # "person", "visitor", or the system's name
    acting_for: Mapped[int | None]
    subject: Mapped[str]
    subject_id: Mapped[int]
    payload: Mapped[dict[str, Any]]
    request_id: Mapped[str]
    natural_key: Mapped[str | None] = mapped_column(unique=True)


class OutboxRow(Model):
    """Every event's row in the outbox, until the relay has expanded it into deliveries."""

    __tablename__ = "outbox"
    __table_args__ = (sa.Index("ix_outbox_due", "next_attempt_at", "event_id", postgresql_where=sa.text("is_open")),)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), primary_key=True)
    is_open: Mapped[bool] = mapped_column(default=True)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    next_attempt_at: Mapped[datetime]  # machine time
    parked_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")


def record(ctx: Ctx, event: Event, *, natural_key: str | None = None) -> int | None:
    """Write ``event`` and its outbox row; return its id, or None where ``natural_key`` was recorded before.

    Flushes first, so that a constraint the command broke is raised here, inside the view's ``catching_problems``.
    """
    db.session.flush()
    event_id = _insert(db.session.connection(), ctx, event, natural_key)
    if event_id is not None:
        db.session.info["has_news"] = True
        db.session.info.get("heard", []).append(event_id)
    return event_id


@contextmanager
def hearing() -> Iterator[list[int]]:
    """Give the ids of the events that are recorded inside the block, for whoever looks before acting."""
    heard: list[int] = []
    db.session.info["heard"] = heard
    try:
        yield heard
    finally:
        del db.session.info["heard"]


def record_apart(ctx: Ctx, event: Event) -> None:
    """Write ``event`` in a short transaction of its own: for what must survive a refusal, and for nothing else."""
    with apart() as session:
        _insert(session.connection(), ctx, event, None)


def _insert(connection: sa.Connection, ctx: Ctx, event: Event, natural_key: str | None) -> int | None:
    """Write the event and its outbox row in one statement; return the event's id, or None where it was there."""
    actor = ctx.actor
    values = {
        "topic": event.topic,
        "occurred_at": ctx.now,
        "actor_id": actor.person_id,
        "actor_kind": "person" if actor.person_id is not None else actor.system or "visitor",
        "acting_for": actor.acting_for,
        "subject": event.subject,
        "subject_id": event.subject_id,
        "payload": event.payload(),
        "request_id": ctx.request_id,
        "natural_key": natural_key,
        "due_at": machine_now(),
    }
    return connection.scalar(_insertion(), values)


@cache
def _insertion() -> ReturningInsert[int]:
    """Compose the statement once: every command runs it, and composing it took longer than the database does."""
    names = [each.name for each in EventRow.__table__.columns if each.name != "id"]
    written = (
        insert(EventRow)
        .values({name: sa.bindparam(name, type_=EventRow.__table__.c[name].type) for name in names})
        .on_conflict_do_nothing(index_elements=["natural_key"])
        .returning(EventRow.id)
        .cte("written")
    )
    due_at = sa.bindparam("due_at", type_=OutboxRow.__table__.c.next_attempt_at.type)
    queued = sa.select(written.c.id, sa.true(), sa.literal(0), due_at, sa.literal(""))
    columns = ["event_id", "is_open", "attempts", "next_attempt_at", "last_error"]
    return sa.insert(OutboxRow).from_select(columns, queued).returning(OutboxRow.event_id)


def take_news() -> bool:
    """Return whether this session recorded anything since it was last asked: the cue to wake the relay."""
    return bool(db.session.info.pop("has_news", False))


def list_timeline(subject: str, subject_id: int) -> list[EventRow]:
    """Return a subject's events, oldest first."""
    stmt = sa.select(EventRow).where(EventRow.subject == subject, EventRow.subject_id == subject_id)
    return list(db.session.scalars(stmt.order_by(EventRow.id)))
