"""Jobs as a worker does them: once, with progress, again after a crash, and deleted when their week is over."""

from io import BytesIO

import pytest
import sqlalchemy as sa

from portal.accounts.queries import actor_of
from portal.core import job_making, jobs
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.event_log import EventRow
from portal.core.files import StoredFile
from portal.core.jobs import JobFailure, JobState, Made, ask_job, find_job, get_job, makes
from portal.core.pdf import NoPdfLibrary
from tests.world.accounts import NOW, ctx_for, given_person
from tests.world.time import moment

SUBJECT = 7
FAULTS = {
    "away": OSError("no storage"),
    "gone": NotFound(),
    "no library": NoPdfLibrary("none"),
    "fault": ValueError("x"),
}
seen: list[tuple[int, int]] = []


@makes("test.list")
def make_list(making):
    """Says after each tenth how far it is, and notes what a page would show."""
    for number in range(0, 100, 10):
        making.report(number, 100)
    with db.engine.connect() as page:
        seen.append(page.execute(sa.select(jobs.Job.done_count, jobs.Job.total_count)).one())
    return Made("Lijst.txt", "text/plain", BytesIO(f"about {making.job.subject_id}".encode()))


@makes("test.fault")
def fail(making):
    raise FAULTS[making.job.facts["fault"]]


@makes("test.slow")
def go_on_for_ever(making):
    for number in range(10):
        making.report(number, 10)


@pytest.fixture
def asker(worker_app):
    seen.clear()
    with worker_app.app_context():
        person = given_person("Nele Peeters")
        other = given_person("Bram Nijs")
        db.session.commit()
        yield actor_of(person), actor_of(other)
        db.session.remove()


def ask(actor, kind="test.list", **facts):
    number = ask_job(Ctx(moment(NOW), actor), kind, SUBJECT, **facts).id
    db.session.commit()
    return number


def found(actor, kind="test.list"):
    db.session.rollback()
    return find_job(actor, kind, SUBJECT)


def test_who_asked_finds_the_file_and_nobody_else_does(worker_app, run, asker):
    nele, bram = asker
    number = ask(nele)
    run("jobs.make")
    job = found(nele)
    assert (job.state, job.done_count, job.total_count) == (JobState.DONE, 100, 100)
    with worker_app.extensions["portal.storage"].open(str(job.file.key)) as content:
        assert content.read() == b"about 7"
    assert (job.file.name, job.file.size) == ("Lijst.txt", 7)
    assert get_job(nele, "test.list", SUBJECT, number).id == number
    assert found(bram) is None
    for actor, subject in ((bram, SUBJECT), (nele, SUBJECT + 1)):
        with pytest.raises(NotFound):
            get_job(actor, "test.list", subject, number)


def test_a_page_reads_the_progress_while_it_is_made(run, asker, monkeypatch):
    monkeypatch.setattr(job_making, "BETWEEN_REPORTS", 0)
    ask(asker[0])
    run("jobs.make")
    assert seen == [(90, 100)]


def test_asking_twice_makes_one_and_a_second_run_makes_nothing_again(run, asker):
    nele, _ = asker
    assert ask(nele) == ask(nele)
    run("jobs.make")
    run("jobs.make")
    assert len(seen) == 1
    topics = db.session.scalars(sa.select(EventRow.topic).where(EventRow.subject == "job").order_by(EventRow.id))
    assert list(topics) == ["job.asked", "job.made"]
    assert ask(nele) > found(nele).id - 1, "once it is done, asking makes it anew"


def test_what_a_killed_worker_held_is_made_by_the_next_and_given_up_after_three(run, asker):
    nele, _ = asker
    ask(nele)
    assert job_making._claim_next(machine_now()) is not None
    db.session.commit()  # and here it is killed
    run("jobs.make")
    assert found(nele).state is JobState.RUNNING, "its lease holds"
    lapse(attempts=1)
    run("jobs.make")
    assert found(nele).state is JobState.DONE
    ask(nele)
    lapse(attempts=3)
    run("jobs.make")
    assert (found(nele).state, found(nele).failure) == (JobState.FAILED, JobFailure.FAULT)


def lapse(attempts):
    is_open = jobs.Job.state.in_(jobs.OPEN)
    db.session.execute(sa.update(jobs.Job).where(is_open).values(due_at=machine_now(), attempts=attempts))
    db.session.commit()


@pytest.mark.parametrize(
    ("fault", "failure", "attempts"),
    [
        ("gone", JobFailure.REFUSED, 1),
        ("no library", JobFailure.NO_LIBRARY, 1),
        ("away", JobFailure.STORAGE, 3),
        ("fault", JobFailure.FAULT, 3),
    ],
)
def test_a_failure_is_tried_again_where_that_can_help_and_said(run, asker, fault, failure, attempts):
    nele, _ = asker
    ask(nele, "test.fault", fault=fault)
    for attempt in range(attempts):
        run("jobs.make")
        if attempt < attempts - 1:
            assert found(nele, "test.fault").state is JobState.REQUESTED
            lapse(attempts=attempt + 1)
    job = found(nele, "test.fault")
    assert (job.state, job.failure, job.attempts) == (JobState.FAILED, failure, attempts)
    assert ask(nele, "test.fault", fault=fault) > job.id, "and can be asked anew"


def test_what_takes_too_long_is_ended(run, asker, monkeypatch):
    monkeypatch.setattr(job_making, "LONGEST", 0)
    nele, _ = asker
    ask(nele, "test.slow")
    run("jobs.make")
    assert found(nele, "test.slow").failure is JobFailure.TOO_LONG


def test_after_seven_days_the_file_is_deleted_and_the_page_says_so(worker_app, run, asker):
    nele, _ = asker
    number = ask(nele)
    run("jobs.make")
    run("jobs.expire")
    key = str(found(nele).file.key)
    db.session.execute(sa.update(jobs.Job).values(expires_at=ctx_for().now))
    db.session.commit()
    run("jobs.expire")
    run("jobs.expire")
    assert (found(nele).state, found(nele).file) == (JobState.EXPIRED, None)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0
    with pytest.raises(FileNotFoundError):
        worker_app.extensions["portal.storage"].open(key)
    with pytest.raises(NotFound):
        get_job(nele, "test.list", SUBJECT, number)
