"""The worker's half of jobs: leased by one at a time, tried again after a crash, and deleted when their week is over."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.clock import machine_now, monotonic
from portal.core.context import Ctx
from portal.core.db import db, try_advisory_lock
from portal.core.errors import Forbidden, NotFound, RuleViolation
from portal.core.event_log import record
from portal.core.files import REMOVING, Storage, StoredFile, store_stream
from portal.core.jobs import KEPT, OPEN, Job, JobExpired, JobFailure, JobMade, JobState, Made, Making, maker_of
from portal.core.leasing import due_again, lease_next, make_leased, name_of, refuse_worn_out

LONGEST = 200.0  # seconds; before the task's own limit ends it without a word
BETWEEN_REPORTS = 0.5  # seconds
_FINAL = frozenset({JobFailure.REFUSED, JobFailure.TOO_LONG, JobFailure.NO_LIBRARY})


class TookTooLong(Exception):  # noqa: N818 - it went on; nothing else went wrong
    """A job that is not done within its time."""


def make_next(app: Flask, ctx: Ctx) -> bool:
    """Make the next job that is due, and commit; return whether there was one. A failure is noted and logged."""
    note = partial(_note_failure, ctx.now)
    return make_leased(_claim_next(machine_now()), partial(_make, app, ctx), note, what="job")


def expire_jobs(app: Flask, ctx: Ctx) -> int:
    """Delete the files of jobs whose week is over; return how many. Commits: a file goes only once its row says so."""
    storage: Storage = app.extensions["portal.storage"]
    over = sa.select(Job).where(Job.expires_at <= ctx.now, Job.state == JobState.DONE).limit(500)
    for job in db.session.scalars(over.with_for_update(skip_locked=True)):
        job.state = JobState.EXPIRED
        record(ctx, JobExpired(job_id=job.id, kind=job.kind, row_id=job.subject_id))
    db.session.commit()
    if not try_advisory_lock(REMOVING):
        return 0  # a backup reads the files that its database names: the next run deletes them
    held = sa.select(Job, StoredFile).join(StoredFile, StoredFile.id == Job.file_id)
    gone = db.session.execute(held.where(Job.state == JobState.EXPIRED)).all()
    for job, file in gone:
        storage.remove(str(file.key))
        job.file_id = None
        db.session.flush()
        db.session.delete(file)
    db.session.commit()
    return len(gone)


def altered_results(storage: Storage) -> Iterator[str]:
    """Yield a line for each result whose bytes are gone or no longer give the digest that was kept when it was made."""
    stmt = sa.select(Job.id, StoredFile.sha256, StoredFile.key).join(StoredFile, StoredFile.id == Job.file_id)
    for number, sha256, key in db.session.execute(stmt.where(Job.state == JobState.DONE).order_by(Job.id)):
        try:
            with storage.open(str(key)) as content:
                found = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
        except OSError as fault:
            yield f"job {number}: its file cannot be read ({type(fault).__name__})"
            continue
        if found != sha256:
            yield f"job {number}: its file was altered"


def _claim_next(at: datetime) -> Job | None:
    """Lease the next job that is due at machine time ``at``; another worker skips it."""
    job = lease_next(Job, Job.state.in_(OPEN), at)
    if job is not None:
        job.state = JobState.RUNNING
        job.done_count = job.total_count = 0
    return job


def _make(app: Flask, ctx: Ctx, number: int, attempts: int) -> None:
    refuse_worn_out(attempts, f"job {number}")
    job = db.session.get_one(Job, number)
    made = maker_of(job.kind)(Making(app, ctx, job, _reporter(number)))
    try:
        _keep(app, ctx, number, made)
    finally:
        if made is not None:
            made.content.close()


def _keep(app: Flask, ctx: Ctx, number: int, made: Made | None) -> None:
    """Store what was made. A second worker that made the same finds it kept, and does nothing."""
    job = db.session.get_one(Job, number, with_for_update=True, populate_existing=True)
    if job.state is not JobState.RUNNING:
        return
    file = None
    if made is not None:
        file = store_stream(ctx, app.extensions["portal.storage"], made.name, made.content, made.media_type)
        job.file_id, job.facts = file.id, {**job.facts, **made.facts}
    job.state, job.finished_at, job.expires_at = JobState.DONE, ctx.now, ctx.now + KEPT
    job.done_count = job.total_count
    record(ctx, JobMade(number, job.kind, job.subject_id, file.sha256 if file else None))


def _note_failure(now: datetime, number: int, fault: Exception) -> None:
    """Try again in a minute; after three attempts, or where trying again cannot help, say so until it is asked again."""
    job = db.session.get_one(Job, number, with_for_update=True, populate_existing=True)
    if job.state is not JobState.RUNNING:
        return
    failure = _kind_of(fault)
    again = due_again(job.attempts, machine_now(), is_final=failure in _FINAL)
    if again is None:
        job.state, job.failure, job.finished_at = JobState.FAILED, failure, now
    else:
        job.state, job.due_at = JobState.REQUESTED, again


def _reporter(number: int) -> Callable[[int, int], None]:
    """Return what writes the progress down apart, so that the page shows it while the maker's own reading goes on."""
    began = monotonic()
    said = began

    def report(done: int, total: int) -> None:
        nonlocal said
        now = monotonic()
        if now - began > LONGEST:
            raise TookTooLong(f"job {number}: {done} of {total} after {now - began:.0f} s")
        if done and now - said < BETWEEN_REPORTS:
            return
        said = now
        stmt = sa.update(Job).where(Job.id == number, Job.state == JobState.RUNNING)
        with Session(db.engine, join_transaction_mode="create_savepoint") as session:
            session.execute(stmt.values(done_count=min(done, total), total_count=total))
            session.commit()

    return report


def _kind_of(fault: Exception) -> JobFailure:
    if isinstance(fault, NotFound | Forbidden | RuleViolation):
        return JobFailure.REFUSED
    if isinstance(fault, TookTooLong):
        return JobFailure.TOO_LONG
    return JobFailure(name_of(fault))
