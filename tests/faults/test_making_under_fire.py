"""Workers killed in the middle of a letter, an archive and a proposal: each is made once, and nothing stays behind."""

import sys
import time
from collections import Counter
from contextlib import contextmanager

import pytest
import redis
import sqlalchemy as sa

from portal.accounts.queries import actor_of, find_person_by_email
from portal.applications.models import Application
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.core.files import StoredFile
from portal.core.job_making import altered_results
from portal.core.jobs import Job, JobState, ask_job
from portal.decisions.check import altered_letters
from portal.decisions.letter_models import Letter
from portal.decisions.states import LetterState
from portal.desk.dossier_export import KIND
from portal.reviewing.assignment_models import Assignment, AssignmentPair
from portal.reviewing.assignment_states import AssignmentState
from portal.reviewing.commands.proposing import request_assignment
from portal.reviewing.pool_models import ReviewerDeclaration
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.faults.size import IS_FULL
from tests.faults.workers_under_fire import workers
from tests.mail_sink import MailSink
from tests.services import cloned_database, redis_url_of, worker_number
from tests.world.accounts import ctx_for
from tests.world.assignments import DUE_ON, given_pool_reviewer
from tests.world.letters import given_told_round
from tests.world.reviewing import REVIEW_DAY, given_admissible_application, given_case_officer

SECONDS = 240.0 if IS_FULL else 120.0
LETTERS, JOBS, PROPOSALS = "letters.make", "jobs.make", "reviewing.make_assignment"
MADE = ("decision.letter-made", "job.made", "assignment.proposed")

pytestmark = pytest.mark.timeout(500)


@pytest.fixture
def portal(services, tmp_path):
    """Letters, an archive and a proposal that were asked for, on a database and a broker of their own."""
    broker_url = redis_url_of(services, worker_number() + 8)
    with cloned_database(services, f"portal_making_{worker_number()}", migrate) as database:
        app = app_for_tests(settings_for_tests(database, redis_url=broker_url, storage=tmp_path))
        with app.app_context():
            db.session().expire_on_commit = False
            told = given_told_round()
            officer = actor_of(find_person_by_email(told.officer))
            for number in db.session.scalars(sa.select(Application.id)).all():
                ask_job(Ctx(machine_now(), officer), KIND, number)
            _ask_proposal()
            db.session.commit()
        yield app, database, broker_url
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _ask_proposal():
    round_ = given_admissible_application().round
    for _ in range(3):
        person = given_pool_reviewer(has_declared=False)
        db.session.add(
            ReviewerDeclaration(
                person_id=person.id, year=machine_now().year, declared_at=machine_now(), sha256="0" * 64
            )
        )
    db.session.flush()
    request_assignment(ctx_for(given_case_officer(), REVIEW_DAY), round_, 2, DUE_ON)


@contextmanager
def nothing_kept(database):
    """Whatever a worker made waits at the last step, to be kept: there it is killed."""
    engine = sa.create_engine(database.owner_url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE stored_file, assignment_pair IN EXCLUSIVE MODE")
        yield


def attempts(app):
    """How often each kind was begun, at most."""
    with app.app_context():
        stmt = sa.select(
            *(sa.select(sa.func.max(each.attempts)).scalar_subquery() for each in (Letter, Job, Assignment))
        )
        found = dict(zip((LETTERS, JOBS, PROPOSALS), db.session.execute(stmt).one(), strict=True))
        db.session.rollback()
        return found


def waits(app):
    """How many processes of the database wait for what ``nothing_kept`` holds."""
    with app.app_context():
        stmt = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation IN ('stored_file'::regclass, 'assignment_pair'::regclass)"
        found = db.session.execute(sa.text(stmt)).scalar_one()
        db.session.rollback()
        return found


def are_made(app):
    with app.app_context():
        states = [set(db.session.scalars(sa.select(each.state).distinct())) for each in (Letter, Job, Assignment)]
        db.session.rollback()
        return states == [{LetterState.READY}, {JobState.DONE}, {AssignmentState.PROPOSED}]


def end_leases(app):
    """Six minutes later: what the killed workers held is due again."""
    with app.app_context():
        db.session.execute(sa.update(Letter).where(Letter.state == LetterState.WAITING).values(due_at=machine_now()))
        db.session.execute(sa.update(Job).where(Job.state != JobState.DONE).values(due_at=machine_now()))
        db.session.execute(
            sa.update(Assignment).where(Assignment.state != AssignmentState.PROPOSED).values(lease_until=machine_now())
        )
        db.session.commit()


def until(running, is_over, *tasks, every=3.0):
    """Send ``tasks`` every few seconds until ``is_over``."""
    limit, following = time.monotonic() + SECONDS, 0.0
    while not is_over():
        assert time.monotonic() < limit, running.log.read_text(encoding="utf-8")[-3000:]
        if time.monotonic() > following:
            for each in tasks:
                running.queue.send(each, queue="files")
            following = time.monotonic() + every
        time.sleep(0.1)


def kill_in_the_making(portal, running, *tasks, begun=1):
    """Kill the workers, one for each of ``tasks``, while they stand ready to keep what they made."""
    app, database, broker_url = portal
    with nothing_kept(database):
        is_over = lambda: waits(app) >= len(tasks) and all(attempts(app)[each] >= begun for each in tasks)  # noqa: E731
        until(running, is_over, *tasks, every=SECONDS)  # sent once: a second one would take another's process
        running.kill_all()
        redis.Redis.from_url(broker_url).delete("files")
    end_leases(app)


def test_workers_killed_in_the_making_lose_nothing_and_make_nothing_twice(portal, tmp_path, capsys):
    app, database, broker_url = portal
    sink = MailSink()
    sink.open()
    try:
        with workers(database, broker_url, sink, tmp_path, processes=3) as running:
            kill_in_the_making(portal, running, LETTERS, JOBS, PROPOSALS)
            if IS_FULL:  # a third attempt is the last one; a proposal is begun twice at most
                kill_in_the_making(portal, running, LETTERS, JOBS, begun=2)
            until(running, lambda: are_made(app), LETTERS, JOBS, PROPOSALS)
    finally:
        sink.close()
    with app.app_context():
        found = db.session.execute(sa.select(EventRow.topic, EventRow.payload).where(EventRow.topic.in_(MADE))).all()
        told = Counter(
            (topic, payload[f"{topic.split('.')[0]}_id"], payload.get("letter_id")) for topic, payload in found
        )
        letters, jobs = (db.session.scalar(sa.select(sa.func.count()).select_from(each)) for each in (Letter, Job))
        assert set(told.values()) == {1}
        assert Counter(topic for topic, *_ in told) == dict(zip(MADE, (letters, jobs, 1), strict=True))
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AssignmentPair)) == 2
        kept = sa.or_(StoredFile.name.endswith(".zip"), StoredFile.name.contains("beslissing."))
        assert db.session.scalar(sa.select(sa.func.count()).where(kept)) == jobs + 2 * letters
        storage = app.extensions["portal.storage"]
        assert [*altered_letters(storage), *altered_results(storage)] == []
        row = f"| workers killed in the making | {letters} letters, {jobs} archives, 1 proposal | {running.kills} killed | 0 lost | 0 made twice |"
    with capsys.disabled():
        sys.stdout.write(f"\n{row}\n")
