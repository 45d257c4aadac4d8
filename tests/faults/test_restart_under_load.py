"""A new version is put in place while partnerships submit, people read and messages go out: nobody notices.

The web server is reloaded (HUP) and the worker ends warm (TERM) and is started again, as docs/OPERATIONS.md says. No
request meets an error, nothing is lost, and nothing is done or sent twice.
"""

import sys
import time
from collections import Counter

import pytest
import sqlalchemy as sa

from portal.accounts.events import ClaimConfirmed
from portal.core.actor import system_actor
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import OutboxRow, record
from portal.notifications.models import Delivery, DeliveryState
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.faults.closing_round import ClosingRound
from tests.faults.restarting import Readers, reload_web, restart_workers
from tests.faults.rushing import Outcome, Rush
from tests.faults.size import IS_FULL
from tests.faults.web_under_fire import web
from tests.faults.workers_under_fire import workers
from tests.mail_sink import MailSink
from tests.services import cloned_database, redis_url_of, worker_number
from tests.world.mail import AT, given_claim

PARTNERSHIPS = 120 if IS_FULL else 12
RECIPIENTS = 2000 if IS_FULL else 60
RESTARTS = 4 if IS_FULL else 1
SECONDS = 400.0 if IS_FULL else 120.0

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def sink():
    made = MailSink()
    made.pause = 0.02
    made.open()
    yield made
    made.close()


@pytest.fixture
def stack(services, sink, tmp_path):
    """A round that is open, and web and workers over it."""
    broker_url = redis_url_of(services, worker_number() + 8)
    with cloned_database(services, f"portal_restart_{worker_number()}", migrate) as database:
        app = app_for_tests(settings_for_tests(database, redis_url=broker_url, storage=tmp_path))
        round_ = ClosingRound(app, database.superuser_url, PARTNERSHIPS)
        with workers(database, broker_url, sink, tmp_path) as running, web(running.env, tmp_path / "web.log") as server:
            yield app, round_, server, running
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def tell_everybody(app):
    """Leave a message for each recipient, in one transaction."""
    with app.app_context():
        claims = [given_claim(number) for number in range(RECIPIENTS)]
        for each in claims:
            record(Ctx(AT, system_actor("test")), ClaimConfirmed(each.id, each.organisation_id))
        db.session.commit()


def nobody_waits(app):
    with app.app_context():
        events = db.session.scalar(sa.select(sa.func.count()).where(OutboxRow.is_open))
        mails = db.session.scalar(sa.select(sa.func.count()).where(Delivery.state == DeliveryState.WAITING))
        db.session.rollback()
        return not events and not mails


def kind_of(message):
    """The notification, out of ``<event.notification.recipient@host>``: a worker that starts may send reminders too."""
    return str(message["Message-ID"]).split(".")[1]


def test_a_new_version_put_in_place_under_load_is_noticed_by_nobody(stack, sink, capsys):
    app, round_, server, running = stack
    attempts = list(round_.attempts())
    rush, ends = Rush(server.base, attempts), []

    def wait_for(is_over):
        assert running.run_until(is_over, seconds=SECONDS), running.log.read_text(encoding="utf-8")[-3000:]

    rush.open_pages()
    tell_everybody(app)
    began = time.monotonic()
    with Readers(server.base, ("/", "/calls", "/healthz")) as readers:
        rush.begin()
        for number in range(RESTARTS):
            wait_for(lambda share=number: rush.count_over() >= PARTNERSHIPS * (share + 0.5) / (RESTARTS + 1))
            reload_web(server)
            ends.append(restart_workers(running))
        wait_for(rush.is_over)
        rush.end()
        wait_for(lambda: nobody_waits(app))
        time.sleep(1)  # a second copy would come now
    seconds = time.monotonic() - began
    outcomes = Counter(each.outcome for each in attempts)
    told = Counter((kind_of(message), str(message["To"])) for message in sink.messages)
    repeats = len(sink.ids()) - len(set(sink.ids()))
    with capsys.disabled():
        sys.stdout.write(
            f"\n| {RESTARTS} × HUP and warm restart | {readers.answers.total()} pages, {PARTNERSHIPS} submissions, "
            f"{len(sink.messages)} messages | {readers.answers.total() - readers.answers['200']} errors "
            f"| {outcomes[Outcome.CUT_OFF]} cut off | {repeats} repeated | worker ended in {max(ends):.1f} s at most "
            f"| {seconds:.1f} s |\n"
        )
    assert set(readers.answers) == {"200"}, readers.answers
    assert outcomes == {Outcome.IN: PARTNERSHIPS}
    assert repeats == 0
    assert [told["claim-confirmed", f"person-{number}@example.be"] for number in range(RECIPIENTS)] == [1] * RECIPIENTS
    assert [told["submission-receipt", each.address] for each in attempts] == [1] * PARTNERSHIPS, "each has one receipt"
    with app.app_context():
        kept = [round_.kept(each) for each in attempts]
        assert [(each.submissions, len(each.snapshots)) for each in kept] == [(1, 1)] * PARTNERSHIPS
        db.session.rollback()
