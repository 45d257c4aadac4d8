"""Workers killed while they make PDFs: every PDF that was asked for is made, kept once, and gives its digest."""

import sys
import time
from collections import Counter

import pytest
import sqlalchemy as sa

from portal.applications.models import Paper
from portal.applications.papers import altered_papers
from portal.applications.states import PaperState
from portal.core.clock import machine_now
from portal.core.db import db
from portal.core.event_log import EventRow
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.faults.size import IS_FULL
from tests.faults.workers_under_fire import workers
from tests.mail_sink import MailSink
from tests.services import cloned_database, redis_url_of, worker_number
from tests.world.papers import given_asked_paper, given_submitted_of_three

APPLICATIONS = 8 if IS_FULL else 1
KILLS = 2  # a third attempt is the last one: what ends its worker three times waits for a person
SECONDS = 240.0 if IS_FULL else 120.0

pytestmark = pytest.mark.timeout(500)


@pytest.fixture
def portal(services, tmp_path):
    """Applications whose PDFs were asked for in every view, on a database and a broker of their own."""
    broker_url = redis_url_of(services, worker_number() + 8)
    with cloned_database(services, f"portal_papers_{worker_number()}", migrate) as database:
        app = app_for_tests(settings_for_tests(database, redis_url=broker_url, storage=tmp_path))
        with app.app_context():
            for _ in range(APPLICATIONS):
                made = given_submitted_of_three()
                for email in (made.lead, made.partner, made.other):
                    given_asked_paper(made, email)
                for kind in ("receipt", "review", "draft", "form"):
                    given_asked_paper(made, made.lead, kind)
        yield app, database, broker_url
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def states(app):
    with app.app_context():
        found = [(each.state, each.attempts) for each in db.session.scalars(sa.select(Paper))]
        db.session.rollback()
        return found


def tick_until(app, running, is_over):
    until = time.monotonic() + SECONDS
    while not is_over(states(app)):
        assert time.monotonic() < until, running.log.read_text(encoding="utf-8")[-3000:]
        running.queue.send("papers.make", queue="files")
        time.sleep(0.3)


def end_leases(app):
    """Six minutes later: what the killed workers held is due again."""
    with app.app_context():
        waiting = sa.update(Paper).where(Paper.state == PaperState.WAITING)
        db.session.execute(waiting.values(due_at=machine_now()))
        db.session.commit()


def test_killed_workers_lose_no_pdf_and_keep_none_twice(portal, tmp_path, capsys):
    app, database, broker_url = portal
    sink = MailSink()
    sink.open()
    try:
        with workers(database, broker_url, sink, tmp_path) as running:
            for kill in range(1, KILLS + 1):
                tick_until(app, running, lambda found, kill=kill: any(tries >= kill for _, tries in found))
                running.kill_all()
                end_leases(app)
            tick_until(app, running, lambda found: all(state is PaperState.READY for state, _ in found))
    finally:
        sink.close()
    with app.app_context():
        told = Counter(
            each.payload["paper_id"]
            for each in db.session.scalars(sa.select(EventRow).where(EventRow.topic == "application.paper-made"))
        )
        papers = {each.id: each for each in db.session.scalars(sa.select(Paper))}
        assert told == {number: 1 for number, each in papers.items() if each.application_id is not None}
        assert list(altered_papers(app.extensions["portal.storage"])) == []
        row = f"| workers killed while making PDFs | {len(papers)} PDFs | {running.kills} killed | 0 lost | 0 kept twice |"
    with capsys.disabled():
        sys.stdout.write(f"\n{row}\n")
