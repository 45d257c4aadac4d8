"""What the clock does to rounds is told once, however often the task runs."""

import pytest
import sqlalchemy as sa

from portal.core.db import db
from portal.core.event_log import EventRow
from portal.notifications.models import Delivery
from portal.partnerships.models import Partner, Partnership
from portal.partnerships.states import PartnerRole
from tests.world.accounts import given_organisation, given_person
from tests.world.calls import given_open_round
from tests.world.reviewing import given_assigned_review
from tests.world.time import FakeClock, moment


@pytest.fixture
def clock(worker_app):
    """The domain's time stands in the middle of the round."""
    kept = worker_app.extensions["portal.clock"]
    worker_app.extensions["portal.clock"] = FakeClock("2022-07-01T12:00")
    yield worker_app.extensions["portal.clock"]
    worker_app.extensions["portal.clock"] = kept


def count(topic):
    return db.session.scalar(sa.select(sa.func.count()).where(EventRow.topic == topic))


def test_a_round_that_opened_is_told_once_to_partnerships_of_its_programme(run, worker_app, sink, clock):
    with worker_app.app_context():
        programme_id = given_open_round().call.programme_id
        eva = given_person("Eva Claes").email
        organisation = given_organisation(given_person("Tom Maes", email="tom@spoorwijk.example"))
        partnership = Partnership(programme_id=programme_id, name="Digipunt Noord", begun_at=moment("2022-06-01T12:00"))
        db.session.add(partnership)
        db.session.flush()
        started = moment("2022-06-01T12:00").date()
        db.session.add(
            Partner(
                partnership_id=partnership.id,
                organisation_id=organisation.id,
                role=PartnerRole.PROMOTOR,
                started_on=started,
            )
        )
        db.session.commit()
    for _ in range(2):
        run("reminders.tell_round_moments")
        run("outbox.relay_events")
        run("mail.send_due")
    with worker_app.app_context():
        assert count("round.opened") == 1
        assert count("round.closed") == 0
        assert db.session.scalar(sa.select(sa.func.count()).where(Delivery.notification == "round-opened")) == 1
    clock.move_to("2022-07-29T12:01")
    run("reminders.tell_round_moments")
    with worker_app.app_context():
        assert count("round.closed") == 1
    (message,) = [each for each in sink.messages if ".round-opened." in each["Message-ID"]]
    assert message["To"] == "tom@spoorwijk.example"
    assert message["To"] != eva
    assert "/calls/digibanken/execution" in message.get_body(("plain",)).get_content()


def test_a_reviewer_is_reminded_once_of_a_review_that_is_due(run, worker_app, clock):
    with worker_app.app_context():
        db.session().expire_on_commit = False
        given_assigned_review()  # due on 31 August
    for at, told in (("2022-08-20T12:00", 0), ("2022-08-26T12:00", 1), ("2022-08-30T12:00", 2)):
        clock.move_to(at)
        for _ in range(2):
            run("reminders.remind_due_reviews")
        with worker_app.app_context():
            assert count("review.due") == told


def states():
    stmt = sa.select(Delivery.state).where(Delivery.notification == "review-due").order_by(Delivery.id)
    return [str(each) for each in db.session.scalars(stmt)]


@pytest.mark.parametrize(("sent_at", "state"), [("2022-08-30T12:05", "sent"), ("2022-09-01T08:00", "cancelled")])
def test_a_reminder_that_could_not_leave_in_time_is_held_back(run, worker_app, clock, sent_at, state):
    with worker_app.app_context():
        db.session().expire_on_commit = False
        given_assigned_review()  # due on 31 August
    clock.move_to("2022-08-30T12:00")
    run("reminders.remind_due_reviews")
    run("outbox.relay_events")
    clock.move_to(sent_at)  # the mail server was away
    run("mail.send_due")
    with worker_app.app_context():
        assert states() == [state]
