"""A limit of messages a minute, shared by all workers: the others wait, urgent ones pass first and are counted."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.accounts.events import PasswordResetRequested
from portal.core.actor import system_actor
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import record
from portal.notifications.models import Delivery, DeliveryState, MailTake
from portal.notifications.sending.pace import allowance, take
from portal.notifications.sending.run import send_due
from tests.workers.test_mail import confirm
from tests.world.accounts import given_person
from tests.world.mail import AT, given_claim
from workers.retry import judge_failure

LIMIT = 5


@pytest.fixture
def limited(worker_app, monkeypatch):
    settings = replace(worker_app.extensions["portal.settings"], mail_per_minute=LIMIT)
    monkeypatch.setitem(worker_app.extensions, "portal.settings", settings)
    with worker_app.app_context():
        yield worker_app
        db.session.rollback()


def ask_for_a_password():
    record(Ctx(AT, system_actor("test")), PasswordResetRequested(person_id=given_person("Eva Claes").id))
    db.session.commit()


def a_minute_passes():
    db.session.execute(sa.update(MailTake).values(taken_at=MailTake.taken_at - timedelta(minutes=1)))
    db.session.commit()


def test_no_more_than_the_limit_leaves_in_a_minute_and_all_of_it_in_the_end(limited, run, sink):
    for number in range(2 * LIMIT + 2):
        confirm(given_claim(number))
    run("outbox.relay_events")
    run("mail.send_due")
    send_due(limited, judge_failure, only_urgent=False)  # as another worker would
    assert len(sink.messages) == LIMIT
    for expected in (2 * LIMIT, 2 * LIMIT + 2):
        a_minute_passes()
        run("mail.send_due")
        assert len(sink.messages) == expected
    assert len(set(sink.ids())) == 2 * LIMIT + 2


def test_a_new_password_is_sent_while_the_limit_is_used_up_and_is_counted(limited, run, sink):
    for number in range(2 * LIMIT):
        confirm(given_claim(number))
    run("outbox.relay_events")
    run("mail.send_due")
    ask_for_a_password()
    run("outbox.relay_events")
    run("mail.send_due")
    assert len(sink.messages) == LIMIT + 1
    assert sink.messages[-1]["To"].startswith("eva.")
    assert db.session.scalar(sa.select(sa.func.sum(MailTake.messages))) == LIMIT + 1
    a_minute_passes()
    ask_for_a_password()
    run("outbox.relay_events")
    run("mail.send_due")
    assert len(sink.messages) == 2 * LIMIT + 1, "the urgent one went first, and took the place of one other"
    assert sink.messages[LIMIT + 1]["To"].startswith("eva.")


def test_what_a_run_gave_back_does_not_count(limited, run, sink):
    for number in range(LIMIT):
        confirm(given_claim(number))
    run("outbox.relay_events")
    assert send_due(limited, judge_failure, only_urgent=False, seconds=0.0001) is True
    assert len(sink.messages) == 1
    run("mail.send_due")
    assert len(sink.messages) == LIMIT


def test_a_clock_that_was_set_back_holds_nothing_up_for_longer_than_a_minute(limited):
    at = machine_now()
    take(at + timedelta(hours=1), LIMIT)
    assert allowance(at, LIMIT) == LIMIT
    db.session.rollback()


def test_the_urgent_ones_of_a_long_queue_are_sent_first(worker_app, run, sink):
    with worker_app.app_context():
        for number in range(3):
            confirm(given_claim(number))
        run("outbox.relay_events")
        ask_for_a_password()
        run("outbox.relay_events")
        run("mail.send_due")
        assert sink.messages[0]["To"].startswith("eva.")
        assert db.session.scalar(sa.select(sa.func.count()).where(Delivery.state == DeliveryState.SENT)) == 4
