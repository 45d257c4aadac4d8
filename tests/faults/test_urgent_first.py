"""Who waits at a screen for a message does not wait for two thousand others, on one worker or on one of its own."""

import time

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.accounts.events import ClaimConfirmed, PasswordResetRequested
from portal.core.actor import system_actor
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import record
from portal.notifications.models import Delivery, MailTake
from portal.notifications.sending.relay import relay_batch
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.faults.workers_under_fire import workers
from tests.mail_sink import MailSink
from tests.services import cloned_database, redis_url_of, worker_number
from tests.world.accounts import given_person
from tests.world.mail import AT, given_claims

OTHERS = 2000
AT_ONCE = 10.0  # seconds on a busy machine, where the others take minutes
CTX = Ctx(AT, system_actor("test"))

pytestmark = pytest.mark.timeout(500)


@pytest.fixture
def sink():
    made = MailSink()
    made.pause = 0.1
    made.open()
    yield made
    made.close()


@pytest.fixture
def town(services, tmp_path):
    """A portal in which two thousand messages wait; its broker and its database are its own."""
    broker_url = redis_url_of(services, worker_number() + 8)
    with cloned_database(services, f"portal_urgent_{worker_number()}", migrate) as database:
        app = app_for_tests(settings_for_tests(database, redis_url=broker_url, storage=tmp_path))
        with app.app_context():
            (claim,) = given_claims(1, 1)
            record(CTX, ClaimConfirmed(claim.id, claim.organisation_id))
            relay_batch(CTX)
            one = db.session.scalars(sa.select(Delivery)).one()
            row = {each.name: getattr(one, each.name) for each in Delivery.__table__.columns if each.name != "id"}
            others = [{**row, "recipient": f"invitation:{n}", "address": f"{n}@example.be"} for n in range(1, OTHERS)]
            db.session.execute(insert(Delivery), others)
            db.session.commit()
        yield app, database, broker_url
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def ask_for_a_password(app):
    """As the page does: the event is committed, and the relay is woken."""
    with app.app_context():
        person = given_person("Eva Claes")
        record(CTX, PasswordResetRequested(person_id=person.id))
        db.session.commit()
        return person.email


def has_come(sink, address):
    return any(message["To"] == address for message in sink.messages)


def seconds_until_it_comes(app, running, sink):
    """Ask while the mail is busy, wake the relay once, and return how long the message took."""
    address = ask_for_a_password(app)
    asked = time.monotonic()
    running.queue.send("outbox.relay_events", queue="urgent")
    assert running.run_until(lambda: has_come(sink, address), seconds=60, ticks=False)
    return time.monotonic() - asked


def busy(running, sink):
    """Return when the workers are at the others."""
    running.queue.send("mail.send_due", queue="mail")
    running.queue.send("mail.send_due", queue="mail")
    assert running.run_until(lambda: len(sink.messages) > 4, seconds=60)


def test_a_new_password_passes_two_thousand_others_on_the_same_worker(town, sink, tmp_path):
    app, database, broker_url = town
    with workers(database, broker_url, sink, tmp_path) as running:
        busy(running, sink)
        assert seconds_until_it_comes(app, running, sink) < AT_ONCE
    assert len(sink.messages) < OTHERS / 2


def test_a_worker_of_the_urgent_queue_answers_while_the_limit_is_used_up(town, sink, tmp_path):
    """Another machine's worker, for what is urgent alone; the limit of a minute is used up by the others."""
    app, database, broker_url = town
    limit = {"PORTAL_MAIL_PER_MINUTE": "20"}
    with app.app_context():
        db.session.add(MailTake(taken_at=machine_now(), messages=20))
        db.session.commit()
    with workers(database, broker_url, sink, tmp_path, processes=1, queues="urgent", **limit) as running:
        assert seconds_until_it_comes(app, running, sink) < AT_ONCE + 20, "with the time a worker takes to start"
    assert len(sink.messages) == 1, "nobody else passed the limit"


def test_one_worker_for_urgent_messages_answers_while_another_is_busy_with_mail(town, sink, tmp_path):
    app, database, broker_url = town
    (tmp_path / "urgent").mkdir()
    with (
        workers(database, broker_url, sink, tmp_path, processes=1, queues="mail") as others,
        workers(database, broker_url, sink, tmp_path / "urgent", processes=1, queues="urgent") as running,
    ):
        busy(others, sink)
        assert seconds_until_it_comes(app, running, sink) < AT_ONCE + 20
    assert len(sink.messages) < OTHERS / 2
