"""Workers killed, the broker emptied, the mail server refusing: everybody is told, and nobody two different things."""

import sys
import threading
from collections import Counter

import pytest
import redis
import sqlalchemy as sa

from portal.accounts.events import ClaimConfirmed
from portal.core.actor import system_actor
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import OutboxRow, record
from portal.notifications.models import Delivery, DeliveryState
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.faults.size import IS_FULL
from tests.faults.workers_under_fire import workers
from tests.mail_sink import MailSink
from tests.services import cloned_database, redis_url_of, worker_number
from tests.world.mail import AT, given_claim

RECIPIENTS = 2000 if IS_FULL else 120
SECONDS = 240.0 if IS_FULL else 35.0

pytestmark = pytest.mark.timeout(500)


@pytest.fixture
def sink():
    made = MailSink()
    made.pause = 0.02
    made.open()
    yield made
    made.close()


@pytest.fixture
def broker_url(services):
    """A database number of its own: emptying it touches no other test."""
    return redis_url_of(services, worker_number() + 8)


@pytest.fixture
def town(services, broker_url, tmp_path):
    """A database in which everybody's claim was just confirmed; yields it with its application."""
    with cloned_database(services, f"portal_faults_{worker_number()}", migrate) as database:
        app = app_for_tests(settings_for_tests(database, redis_url=broker_url, storage=tmp_path))
        with app.app_context():
            for number in range(RECIPIENTS):
                claim = given_claim(number)
                event = ClaimConfirmed(claim_id=claim.id, organisation_id=claim.organisation_id)
                record(Ctx(AT, system_actor("test")), event)
                db.session.commit()
        yield database, app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def nobody_waits(app):
    """Ask the database: is every event expanded and every delivery sent?"""
    with app.app_context():
        open_rows = db.session.scalar(sa.select(sa.func.count()).where(OutboxRow.is_open))
        sent = sa.select(sa.func.count()).where(Delivery.state == DeliveryState.SENT)
        is_over = not open_rows and db.session.scalar(sent) == RECIPIENTS
        db.session.rollback()
        return is_over


def fire(town, broker_url, sink, tmp_path, *faults):
    """Run the fan-out; each fault strikes when its share of the messages has left. Return kills and repeats."""
    database, app = town
    with workers(database, broker_url, sink, tmp_path) as running:
        for number, fault in enumerate(faults, 1):
            share = RECIPIENTS * number // (len(faults) + 1)
            assert running.run_until(lambda share=share: len(sink.messages) >= share, seconds=SECONDS), (
                running.log.read_text(encoding="utf-8")[-3000:]
            )
            fault(running)
        assert running.run_until(lambda: nobody_waits(app), seconds=SECONDS), running.log.read_text(encoding="utf-8")[
            -3000:
        ]
        return running.kills


def judge(capsys, sink, fault, kills):
    """Everybody has the message; repeats carry the same Message-ID, and are no more than the processes killed."""
    told = Counter(str(message["To"]) for message in sink.messages)
    ids = {(str(message["To"]), str(message["Message-ID"])) for message in sink.messages}
    repeats = len(sink.messages) - len(set(sink.ids()))
    with capsys.disabled():
        lost = RECIPIENTS - len(told)
        row = f"| {fault} | {RECIPIENTS} recipients | {kills} killed | {lost} lost | {repeats} repeated |"
        sys.stdout.write(f"\n{row}\n")
    assert len(told) == RECIPIENTS, "somebody was not told"
    assert len(ids) == RECIPIENTS, "somebody was told two different things"
    assert repeats <= kills


def test_killed_workers_lose_nothing_and_repeat_only_what_they_held(town, broker_url, sink, tmp_path, capsys):
    strikes = [lambda running: running.kill_one(), lambda running: running.kill_all()] * (4 if IS_FULL else 1)
    kills = fire(town, broker_url, sink, tmp_path, *strikes)
    judge(capsys, sink, "SIGKILL of workers", kills)


def test_an_emptied_broker_loses_nothing(town, broker_url, sink, tmp_path, capsys):
    def empty(_running):
        with redis.Redis.from_url(broker_url) as broker:
            broker.flushdb()

    kills = fire(town, broker_url, sink, tmp_path, *[empty] * (6 if IS_FULL else 2))
    judge(capsys, sink, "broker emptied", kills)


def test_a_mail_server_that_refuses_for_a_while_gets_everything_afterwards(town, broker_url, sink, tmp_path, capsys):
    def go_away(running):
        sink.close()
        running.run_until(lambda: False, seconds=3)
        sink.open()

    def refuse(running):
        sink.answer = "451 Try again later"
        again = threading.Timer(2, setattr, (sink, "answer", ""))
        again.start()
        running.run_until(lambda: not sink.answer, seconds=5)
        again.join(5)

    kills = fire(town, broker_url, sink, tmp_path, go_away, refuse)
    judge(capsys, sink, "mail server away, then refusing", kills)
