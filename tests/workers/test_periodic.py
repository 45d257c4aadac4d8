"""The dispatcher sends what is due once a period, however many beats tick, and a row says what came of it."""

from datetime import timedelta

import sqlalchemy as sa

from portal.core.actor import system_actor
from portal.core.clock import Clock, machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.periodic import Ended, PeriodicTask, ask_to_run, pause_task, resume_task, sync_tasks, take_due
from portal.desk.periodic_words import PERIODIC_WORDS
from tests.world.waiting import until
from workers.app import celery
from workers.schedule import SCHEDULE


def row(name="chain.extend"):
    return db.session.scalars(
        sa.select(PeriodicTask).where(PeriodicTask.name == name), execution_options={"populate_existing": True}
    ).one()


def put(name="chain.extend", **values):
    db.session.execute(sa.update(PeriodicTask).where(PeriodicTask.name == name).values(**values))
    db.session.commit()


def finished(worker_app):
    """Tell whether what was sent last is done: the row may still say how an earlier run ended."""
    with worker_app.app_context():
        found = row()
        return found.finished_at is not None and not found.is_running and found.finished_at >= found.sent_at


def test_two_beats_start_a_task_once_and_its_row_says_how_it_went(run, worker_app):
    run("periodic.dispatch")
    until(lambda: finished(worker_app))
    with worker_app.app_context():
        first = row()
        assert first.outcome is Ended.DONE
        assert first.handled == 0
        assert first.duration_ms is not None
        sent = first.sent_at
    run("periodic.dispatch")
    run("chain.extend")  # woken by something else: nobody's period
    with worker_app.app_context():
        assert row().sent_at == sent
        assert row().started_at == first.started_at
        assert row().next_at - row().last_period == timedelta(minutes=1)


def test_after_days_away_a_task_runs_once_and_one_that_was_lost_on_its_way_is_sent_again(run, worker_app):
    run("periodic.dispatch")
    until(lambda: finished(worker_app))
    with worker_app.app_context():
        long_ago = machine_now() - timedelta(days=2)
        put(last_period=long_ago, sent_at=long_ago, started_at=long_ago, finished_at=long_ago)
    for _ in range(2):
        run("periodic.dispatch")
    until(lambda: finished(worker_app))
    with worker_app.app_context():
        after = row()
        assert after.last_period > machine_now() - timedelta(hours=1)
        lost_at = machine_now() - timedelta(minutes=3)  # sent, and the broker forgot it: nobody began
        put(sent_at=lost_at, started_at=lost_at - timedelta(hours=1), finished_at=lost_at - timedelta(hours=1))
    run("periodic.dispatch")
    until(lambda: finished(worker_app))
    with worker_app.app_context():
        assert row().sent_at > lost_at
        assert row().started_at > lost_at


def test_a_paused_task_waits_runs_when_asked_and_goes_on_when_resumed(run, worker_app):
    run("periodic.dispatch")
    until(lambda: finished(worker_app))
    ctx = Ctx(machine_now(), system_actor("test"))
    with worker_app.app_context():
        pause_task(ctx, row(), "De databank krijgt onderhoud.")
        put(last_period=machine_now() - timedelta(days=2))
        before = row().sent_at
    run("periodic.dispatch")
    with worker_app.app_context():
        assert row().sent_at == before
        ask_to_run(ctx, row())
        db.session.commit()
    run("periodic.dispatch")
    with worker_app.app_context():
        once = row().sent_at
        assert once > before
        assert row().paused_at is not None
        put(last_period=machine_now() - timedelta(days=2))
        resume_task(ctx, row())
        db.session.commit()
    run("periodic.dispatch")
    with worker_app.app_context():
        assert row().sent_at > once


class BrokenClock(Clock):
    """A domain clock that cannot be read: every task that needs a context fails."""

    def now(self):
        raise RuntimeError("the clock cannot be read")


def test_work_that_failed_says_why_and_work_that_is_no_longer_listed_rests(run, worker_app):
    kept = worker_app.extensions["portal.clock"]
    worker_app.extensions["portal.clock"] = BrokenClock()
    try:
        run("periodic.dispatch")

        def failed():
            with worker_app.app_context():
                return row("jobs.make").outcome is Ended.FAILED

        until(failed)
    finally:
        worker_app.extensions["portal.clock"] = kept
    with worker_app.app_context():
        assert "cannot be read" in row("jobs.make").error
        sync_tasks(each for each in SCHEDULE if each.name != "jobs.make")
        assert not row("jobs.make").is_listed
        assert "jobs.make" not in {each.name for each in take_due(machine_now() + timedelta(days=1))}
        db.session.rollback()


def test_every_row_of_the_schedule_is_a_task_and_has_its_words():
    celery.loader.import_default_modules()
    names = {each.name for each in SCHEDULE}
    assert names <= set(celery.tasks)
    assert names == set(PERIODIC_WORDS)
