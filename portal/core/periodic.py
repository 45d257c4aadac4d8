"""Periodic work as rows: what is due is taken here, by whichever dispatcher comes first; people pause it and look.

All moments are machine time: the demo's clock may jump by weeks, and the sweeps go on as ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import Coded, Model, db, get_one, id_column, one_of
from portal.core.errors import Problem, RuleViolation
from portal.core.event_log import record
from portal.core.events import Event
from portal.core.periods import Plan
from portal.core.text import _l

NOT_BEGUN = timedelta(minutes=2)  # a task that was sent and not begun after this was lost with the broker


class Ended(StrEnum):
    """How a run ended. One that was killed has not ended: it stays *begun*, and its next period runs as ever."""

    DONE = "done"
    FAILED = "failed"


class PeriodicTask(Model):
    """One piece of periodic work. ``last_period`` is the period that was sent last, never sent again."""

    __tablename__ = "periodic_task"
    __table_args__ = (
        one_of("outcome", Ended),
        sa.CheckConstraint("(every_seconds IS NULL) <> (daily_at IS NULL)", name="one_plan"),
        sa.CheckConstraint("every_seconds > 0", name="every_positive"),
        sa.CheckConstraint("(paused_at IS NULL) = (pause_reason = '')", name="paused_when"),
    )

    id: Mapped[int] = id_column()
    name: Mapped[str] = mapped_column(unique=True)  # the task's own: "reminders.tell_near_deadlines"
    queue: Mapped[str]
    every_seconds: Mapped[int | None] = mapped_column(sa.Integer)
    daily_at: Mapped[time | None] = mapped_column(sa.Time)  # on the clock in Brussels
    is_listed: Mapped[bool] = mapped_column(default=True)  # the running version still has it
    last_period: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[Ended | None] = mapped_column(Coded(Ended))
    handled: Mapped[int | None]  # how many things the last run did something about, where it says so
    duration_ms: Mapped[int | None] = mapped_column(sa.Integer)
    error: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime | None]  # somebody wants it to run now
    paused_at: Mapped[datetime | None]
    paused_by_id: Mapped[int | None]
    pause_reason: Mapped[str] = mapped_column(default="")

    @property
    def plan(self) -> Plan:
        """When it is due."""
        return Plan(self.every_seconds, self.daily_at)

    @property
    def next_at(self) -> datetime | None:
        """When its next period begins; None where it has not run yet, and so runs at once."""
        return self.plan.period_after(self.last_period) if self.last_period else None

    @property
    def is_running(self) -> bool:
        """Whether a run began that has not said how it ended."""
        return self.started_at is not None and (self.finished_at is None or self.finished_at < self.started_at)

    def is_due(self, at: datetime) -> bool:
        """Return whether to send it at ``at``: it was asked for, its period began, or what was sent got lost."""
        if self.asked_at is not None:
            return True
        return self.paused_at is None and (self.plan.is_due(self.last_period, at) or self._is_lost(at))

    def _is_lost(self, at: datetime) -> bool:
        if self.sent_at is None or at - self.sent_at < NOT_BEGUN:
            return False
        return self.started_at is None or self.started_at < self.sent_at


@dataclass(frozen=True)
class PeriodicPaused(Event, topic="periodic.paused"):
    periodic_id: int
    task: str


@dataclass(frozen=True)
class PeriodicResumed(Event, topic="periodic.resumed"):
    periodic_id: int
    task: str


@dataclass(frozen=True)
class PeriodicAsked(Event, topic="periodic.asked"):
    """Somebody asked for a run beside the plan."""

    periodic_id: int
    task: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Periodic work as the running version of the portal lists it."""

    name: str
    queue: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Due:
    """A task to send now, for the period that began at ``period``."""

    name: str
    queue: str
    period: datetime
    every: int | None


def sync_tasks(listed: Iterable[Listed]) -> None:
    """Give every listed task its row, and bring plan and queue up to date; what is no longer listed rests."""
    wanted = {each.name: each for each in listed}
    rows = {each.name: each for each in db.session.scalars(sa.select(PeriodicTask))}
    for name, each in wanted.items():
        values = {"queue": each.queue, "every_seconds": each.plan.every, "daily_at": each.plan.daily_at}
        row = rows.get(name)
        if row is None:
            new = {"name": name, **values, "is_listed": True, "error": "", "pause_reason": ""}
            db.session.execute(insert(PeriodicTask).values(new).on_conflict_do_nothing(index_elements=["name"]))
        elif not row.is_listed or any(getattr(row, key) != value for key, value in values.items()):
            db.session.execute(
                sa.update(PeriodicTask).where(PeriodicTask.name == name).values(is_listed=True, **values)
            )
    gone = [each.id for name, each in rows.items() if each.is_listed and name not in wanted]
    if gone:
        db.session.execute(sa.update(PeriodicTask).where(PeriodicTask.id.in_(gone)).values(is_listed=False))


def take_due(at: datetime) -> list[Due]:
    """Take the tasks that are due at machine time ``at``: another dispatcher skips these rows, and later finds them sent.

    The caller commits before it sends. What dies in between is sent again after ``NOT_BEGUN``.
    """
    stmt = sa.select(PeriodicTask).where(PeriodicTask.is_listed).order_by(PeriodicTask.id)
    stmt = stmt.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    taken = [each for each in db.session.scalars(stmt) if each.is_due(at)]
    for each in taken:
        each.last_period, each.sent_at, each.asked_at = each.plan.period_at(at), at, None
    return [Due(each.name, each.queue, each.plan.period_at(at), each.every_seconds) for each in taken]


def note_begun(name: str) -> None:
    """Note that a worker began the task called ``name``; the caller commits."""
    db.session.execute(sa.update(PeriodicTask).where(PeriodicTask.name == name).values(started_at=machine_now()))


def note_ended(name: str, ended: Ended, *, duration_ms: int, handled: int | None = None, error: str = "") -> None:
    """Note how a run of the task called ``name`` ended; the caller commits."""
    values = {"finished_at": machine_now(), "outcome": ended, "duration_ms": duration_ms, "handled": handled}
    stmt = sa.update(PeriodicTask).where(PeriodicTask.name == name)
    db.session.execute(stmt.values(**values, error=error[:500]))


def list_tasks() -> list[PeriodicTask]:
    """Return the periodic tasks that the running version has, by name."""
    stmt = sa.select(PeriodicTask).where(PeriodicTask.is_listed).order_by(PeriodicTask.name)
    return list(db.session.scalars(stmt))


def get_task(number: int, *, lock: bool = False) -> PeriodicTask:
    """Return a periodic task; NotFound where there is none such."""
    return get_one(sa.select(PeriodicTask).where(PeriodicTask.id == number), lock=lock)


def ask_to_run(ctx: Ctx, row: PeriodicTask) -> None:
    """Have the task run at the next tick, beside its plan, also while it is paused."""
    row.asked_at = machine_now()
    record(ctx, PeriodicAsked(periodic_id=row.id, task=row.name))


def pause_task(ctx: Ctx, row: PeriodicTask, reason: str) -> None:
    """Start the task no more until somebody resumes it; RuleViolation without a reason, and where it is paused."""
    if row.paused_at is not None:
        raise RuleViolation([Problem("periodic-paused", _l("It is paused already: look at it again."))])
    if not reason.strip():
        raise RuleViolation([Problem("reason-missing", _l("Give a reason: your colleagues read it."), "reason")])
    row.paused_at, row.paused_by_id, row.pause_reason = machine_now(), ctx.actor.person_id, reason.strip()
    record(ctx, PeriodicPaused(periodic_id=row.id, task=row.name))


def resume_task(ctx: Ctx, row: PeriodicTask) -> None:
    """Let the task run by its plan again; what it missed is one run. RuleViolation where it is not paused."""
    if row.paused_at is None:
        raise RuleViolation([Problem("periodic-runs", _l("It is not paused: look at it again."))])
    row.paused_at, row.paused_by_id, row.pause_reason = None, None, ""
    record(ctx, PeriodicResumed(periodic_id=row.id, task=row.name))
