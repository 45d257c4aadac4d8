"""From an event to a mailbox, through a real broker, worker and mail server; and every task once more without harm."""

import smtplib
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.accounts.events import ClaimConfirmed
from portal.core.actor import system_actor
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import OutboxRow, record
from portal.core.mailer import Mailer
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.sending.run import send_due
from tests.world.mail import AT, given_claim
from workers.retry import judge_failure


def confirm(claim):
    """What accounts records when a case officer confirms."""
    event = ClaimConfirmed(claim_id=claim.id, organisation_id=claim.organisation_id)
    event_id = record(Ctx(AT, system_actor("test")), event)
    db.session.commit()
    return event_id


@pytest.fixture
def session(worker_app):
    with worker_app.app_context():
        yield db.session
        db.session.rollback()


def test_an_event_becomes_one_message_however_often_the_tasks_run(run, session, sink):
    confirm(given_claim(1))
    for _ in range(2):
        run("outbox.relay_events")
    for _ in range(2):
        run("mail.send_due")
    (message,) = sink.messages
    assert message["To"] == "person-1@example.be"
    assert message["Subject"] == "Bevestigd: u bent organisatieverantwoordelijke van Municipality 1"
    (delivery,) = session.scalars(sa.select(Delivery))
    assert delivery.state == DeliveryState.SENT
    assert not session.scalar(sa.select(OutboxRow.is_open))


def test_a_message_speaks_the_language_of_its_reader_in_text_and_html(run, session, sink):
    confirm(given_claim(1, language="en"))
    run("outbox.relay_events")
    run("mail.send_due")
    (message,) = sink.messages
    assert message["Subject"] == "Confirmed: you are responsible for Municipality 1"
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert "You receive this because you registered this organisation." in text
    assert "http://localhost/" in text
    assert 'lang="en"' in html
    assert "<img" not in html
    assert "style=" in html


def test_the_message_id_is_the_deliverys_own(run, session, sink):
    event_id = confirm(given_claim(1))
    run("outbox.relay_events")
    run("mail.send_due")
    session.execute(sa.update(Delivery).values(state=DeliveryState.WAITING, sent_at=None))
    session.commit()
    run("mail.send_due")
    first, second = sink.ids()
    assert first == second
    assert first.startswith(f"<{event_id}.claim-confirmed.")
    assert first.endswith("@localhost>")


def test_a_refusal_for_now_is_tried_again_and_one_for_good_waits_for_a_person(run, session, sink):
    confirm(given_claim(1))
    sink.answer = "451 Try again later"
    run("outbox.relay_events")
    run("mail.send_due")
    (delivery,) = session.scalars(sa.select(Delivery))
    assert (delivery.state, delivery.attempts) == (DeliveryState.WAITING, 1)
    assert delivery.next_attempt_at > machine_now()
    assert delivery.last_error.startswith("temporary")
    sink.answer = "550 No such mailbox"
    session.execute(sa.update(Delivery).values(next_attempt_at=AT))
    session.commit()
    run("mail.send_due")
    session.expire_all()
    assert session.scalar(sa.select(Delivery.state)) == DeliveryState.PARKED
    assert sink.messages == []
    sink.answer = ""
    run("mail.send_due")
    assert sink.messages == [], "a parked message is sent only when a person says so"


def test_what_a_killed_worker_held_is_sent_when_its_lease_is_over(run, session, sink):
    confirm(given_claim(1))
    run("outbox.relay_events")
    session.execute(sa.update(Delivery).values(claimed_until=machine_now() + timedelta(minutes=1)))
    session.commit()
    run("mail.send_due")
    assert sink.messages == []
    session.execute(sa.update(Delivery).values(claimed_until=AT))
    session.commit()
    run("mail.send_due")
    assert len(sink.messages) == 1


def test_an_event_whose_subject_is_gone_is_put_off_and_holds_nobody_up(run, session, sink):
    gone = given_claim(1)
    event_id = confirm(gone)
    session.delete(gone)
    session.commit()
    confirm(given_claim(2))
    run("outbox.relay_events")
    run("mail.send_due")
    assert [message["To"] for message in sink.messages] == ["person-2@example.be"]
    row = session.get(OutboxRow, event_id)
    assert (row.is_open, row.attempts) == (True, 1)


OTHERS_AT_WORK = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND state = 'idle in transaction' AND pid <> pg_backend_pid()"
)


def lose_the_lock_and(statement):
    """The database loses whoever sends, and with it the lock on the row; then somebody else writes."""
    with db.engine.begin() as connection:
        connection.execute(OTHERS_AT_WORK)
        connection.execute(statement)


class Restored(Mailer):
    """The demo is put back to its start while the mail server thinks; then the server says OK."""

    sent = 0

    def send(self, message):
        self.sent += 1
        lose_the_lock_and(sa.delete(Delivery))


class RestoredAfterwards(Mailer):
    """The server fails, and before that is written down, the demo is put back to its start."""

    def __init__(self, fault):
        self.fault, self.sent = fault, 0

    def send(self, message):
        def restore(_connection):
            with db.engine.begin() as other:
                other.execute(sa.delete(Delivery))

        self.sent += 1
        sa.event.listen(db.engine, "begin", restore, once=True)
        raise self.fault


@pytest.mark.parametrize(
    "mailer",
    [
        Restored(),
        RestoredAfterwards(smtplib.SMTPServerDisconnected("gone")),
        RestoredAfterwards(ValueError("bad header")),
    ],
)
def test_a_delivery_that_is_gone_when_its_answer_comes_stops_nobody(worker_app, run, session, monkeypatch, mailer):
    confirm(given_claim(1))
    confirm(given_claim(2))
    run("outbox.relay_events")
    monkeypatch.setitem(worker_app.extensions, "portal.mailer", mailer)
    assert send_due(worker_app, judge_failure, only_urgent=False) is False
    assert mailer.sent == 1
    assert session.scalars(sa.select(Delivery)).all() == []


def test_a_delivery_that_goes_between_its_lease_and_its_sending_is_nobodys_message(worker_app, run, session, sink):
    confirm(given_claim(1))
    run("outbox.relay_events")

    def restore(_session):
        with db.engine.begin() as connection:
            connection.execute(sa.delete(Delivery))

    sa.event.listen(session, "after_commit", restore, once=True)
    assert send_due(worker_app, judge_failure, only_urgent=False) is False
    assert sink.messages == []


def test_the_answer_for_a_delivery_says_nothing_of_another_that_has_its_number_now(
    worker_app, run, session, sink, monkeypatch
):
    confirm(given_claim(1))
    run("outbox.relay_events")

    class Renumbered(Mailer):
        def send(self, message):
            lose_the_lock_and(sa.update(Delivery).values(claimed_until=None))  # as the starting world holds it

    with monkeypatch.context() as patch:
        patch.setitem(worker_app.extensions, "portal.mailer", Renumbered())
        send_due(worker_app, judge_failure, only_urgent=False, seconds=0.05)
    assert session.scalar(sa.select(Delivery.state)) == DeliveryState.WAITING
    run("mail.send_due")
    assert len(sink.messages) == 1


def test_a_message_that_is_cancelled_after_it_was_leased_does_not_leave(worker_app, run, session, sink):
    for number in (1, 2):
        confirm(given_claim(number))
    run("outbox.relay_events")

    def cancel(_session):
        with db.engine.begin() as connection:
            cancelled = sa.update(Delivery).where(Delivery.address == "person-1@example.be")
            connection.execute(cancelled.values(state=DeliveryState.CANCELLED))

    sa.event.listen(session, "after_commit", cancel, once=True)
    assert send_due(worker_app, judge_failure, only_urgent=False) is False
    assert [message["To"] for message in sink.messages] == ["person-2@example.be"]
    assert session.scalar(sa.select(sa.func.count()).where(Delivery.state == DeliveryState.CANCELLED)) == 1


def test_what_a_run_did_not_come_to_is_nobodys_at_once(worker_app, run, session, sink):
    for number in range(5):
        confirm(given_claim(number))
    run("outbox.relay_events")
    assert send_due(worker_app, judge_failure, only_urgent=False, seconds=0.0001) is True
    assert session.scalars(sa.select(Delivery.claimed_until).where(Delivery.claimed_until.is_not(None))).all() == []
    run("mail.send_due")
    assert len(set(sink.ids())) == len(sink.messages) == 5
