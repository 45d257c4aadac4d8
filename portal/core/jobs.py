"""What takes a worker a while, asked for by a person: an archive, a workbook, a batch of letters.

A maker is registered under the job's kind with ``@makes("application.dossier")``; its page asks with `ask_job`, shows
`find_job` through ``components/job.html``, and hands the result out with `get_job` and ``core.downloads.download``, under
the policy of what the job is about. A job belongs to whoever asked for it, because what is made shows what that person
may see: nobody else finds it. ``core.job_making`` is the worker's half.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import IO, Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from portal.core.actor import Actor
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import Coded, Model, db, get_one, id_column, one_of
from portal.core.event_log import record
from portal.core.events import Event
from portal.core.files import StoredFile
from portal.core.waking import wake_after_commit

KEPT = timedelta(days=7)


class JobState(StrEnum):
    """How far a worker is with a job."""

    REQUESTED = "requested"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"  # it was done, and its result was deleted after seven days


class JobFailure(StrEnum):
    """Why nothing was made."""

    REFUSED = "refused"  # whoever asked may not see it any more, or it is gone
    TOO_LONG = "too_long"
    NO_LIBRARY = "no_library"  # the machine cannot make PDFs
    STORAGE = "storage"
    FAULT = "fault"


OPEN = (JobState.REQUESTED, JobState.RUNNING)
_IS_OPEN = sa.text("state IN ('requested', 'running')")


class Job(Model):
    """One thing to make. ``subject_id`` is the row it is about, by kind; ``facts`` are codes that its maker needs again.

    ``due_at`` is machine time, and a lease while somebody works on it.
    """

    __tablename__ = "job"
    __table_args__ = (
        one_of("state", JobState),
        one_of("failure", JobFailure),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failed_when"),
        sa.CheckConstraint("(state IN ('done', 'expired')) = (expires_at IS NOT NULL)", name="expires_when"),
        sa.CheckConstraint("file_id IS NULL OR state IN ('done', 'expired')", name="file_when"),
        sa.CheckConstraint("done_count >= 0 AND done_count <= total_count", name="progress_within"),
        sa.Index("ix_job_kind_subject_id_asked_by_id_id", "kind", "subject_id", "asked_by_id", "id"),
        sa.Index("uq_job_open", "kind", "subject_id", "asked_by_id", unique=True, postgresql_where=_IS_OPEN),
        sa.Index("ix_job_due", "due_at", "id", postgresql_where=_IS_OPEN),
        sa.Index("ix_job_kept", "expires_at", "id", postgresql_where=sa.text("expires_at IS NOT NULL")),
    )

    id: Mapped[int] = id_column()
    kind: Mapped[str]
    subject_id: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_by_id: Mapped[int]
    asked_at: Mapped[datetime]
    state: Mapped[JobState] = mapped_column(Coded(JobState))
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    due_at: Mapped[datetime]
    done_count: Mapped[int] = mapped_column(default=0)
    total_count: Mapped[int] = mapped_column(default=0)  # 0: not known yet
    failure: Mapped[JobFailure | None] = mapped_column(Coded(JobFailure))
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"), unique=True)

    file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def percent(self) -> int | None:
        """How much of it is done, rounded down; None while nobody knows."""
        return 100 * self.done_count // self.total_count if self.total_count else None


@dataclass(frozen=True)
class JobAsked(Event, topic="job.asked"):
    """``row_id`` is the row that the job is about, by ``kind``."""

    job_id: int
    kind: str
    row_id: int


@dataclass(frozen=True)
class JobMade(Event, topic="job.made"):
    """``sha256`` is that of the file, where one was made."""

    job_id: int
    kind: str
    row_id: int
    sha256: str | None


@dataclass(frozen=True)
class JobExpired(Event, topic="job.expired"):
    """The file that was made is deleted."""

    job_id: int
    kind: str
    row_id: int


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made: its name, its bytes in a file that can be read twice, and codes to keep with the job."""

    name: str
    media_type: str
    content: IO[bytes]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Making:
    """What a maker is given. ``report(done, total)`` shows how far it is, and ends what takes too long: call it often.

    It writes the job's row apart, so a maker changes nothing of that row itself: what to keep goes into `Made.facts`.
    """

    app: Flask
    ctx: Ctx
    job: Job
    report: Callable[[int, int], None]


Maker = Callable[[Making], Made | None]
_MAKERS: dict[str, Maker] = {}


def makes(kind: str) -> Callable[[Maker], Maker]:
    """Register the maker of ``kind``. It runs in the worker's transaction, may run again after a crash, and returns the
    file, or None where its result stands elsewhere. NotFound, Forbidden and RuleViolation mean that it may not be made.
    """

    def register(maker: Maker) -> Maker:
        if _MAKERS.setdefault(kind, maker) is not maker:
            raise ValueError(f"two makers of {kind}")
        return maker

    return register


def maker_of(kind: str) -> Maker:
    """Return the maker of ``kind``; KeyError where nobody makes that."""
    return _MAKERS[kind]


def ask_job(ctx: Ctx, kind: str, subject_id: int, **facts: int | str | bool) -> Job:
    """Have something made for the person who asks. One that is on its way stays as it is; otherwise it is made anew."""
    maker_of(kind)
    assert ctx.actor.person_id is not None  # noqa: S101 - its page asks for somebody who is signed in
    values = {
        "kind": kind,
        "subject_id": subject_id,
        "facts": facts,
        "asked_by_id": ctx.actor.person_id,
        "asked_at": ctx.now,
        "state": JobState.REQUESTED,
        "attempts": 0,
        "due_at": machine_now(),
        "done_count": 0,
        "total_count": 0,
    }
    one_open = ["kind", "subject_id", "asked_by_id"]
    stmt = insert(Job).values(values).on_conflict_do_nothing(index_elements=one_open, index_where=_IS_OPEN)
    number = db.session.scalar(stmt.returning(Job.id))
    if number is not None:
        record(ctx, JobAsked(job_id=number, kind=kind, row_id=subject_id))
    wake_after_commit("jobs.make", queue="files")
    return get_one(_of(ctx.actor, kind, subject_id).limit(1))


def find_job(actor: Actor, kind: str, subject_id: int) -> Job | None:
    """Return the latest job of this kind that the actor asked for, with its file; None where there is none."""
    return db.session.scalars(_of(actor, kind, subject_id).limit(1)).one_or_none()


def get_job(actor: Actor, kind: str, subject_id: int, number: int) -> Job:
    """Return a job of the actor's own with its file; NotFound where it is another's, or its file is deleted."""
    return get_one(_of(actor, kind, subject_id).where(Job.id == number, Job.state == JobState.DONE))


def _of(actor: Actor, kind: str, subject_id: int) -> sa.Select[Job]:
    stmt = sa.select(Job).where(
        Job.kind == kind, Job.subject_id == subject_id, Job.asked_by_id == (actor.person_id or 0)
    )
    return stmt.order_by(Job.id.desc()).options(joinedload(Job.file)).execution_options(populate_existing=True)
