"""Administrators see what became of every message, send one again, and hold one back; auditors read along."""

import pytest
import sqlalchemy as sa

from portal.accounts.events import PasswordResetRequested
from portal.calls.events import RoundOpened
from portal.calls.models import Round
from portal.core.actor import Role
from portal.core.db import db
from portal.core.event_log import EventRow, record
from portal.notifications.kind_words import KINDS
from portal.notifications.models import Delivery, DeliveryState, Stop
from portal.notifications.sending.relay import relay_batch
from portal.notifications.table import NOTIFICATIONS
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications_models import given_complete_draft, given_open_round
from tests.world.time import moment

STATEMENTS = 3  # who is signed in with what rights, the bell, the log
REFUSED = "permanent: SMTPRecipientsRefused({'%s': (550, b'5.1.1 Deze mailbox bestaat niet')})"


def given_reset(person):
    """The message with which a person chooses a new password, sent."""
    record(ctx_for(person), PasswordResetRequested(person_id=person.id))
    return _relayed()[-1]


def given_news(leads=1):
    """A round that opened, told to the leads of partnerships of its programme, and sent."""
    round_ = given_open_round()
    for number in range(leads):
        person = given_person(f"Lead {number} Janssens")
        given_complete_draft(given_organisation(person, name=f"Stad {number}"), round_=round_)
    record(ctx_for(), RoundOpened(round_id=round_.id, opens_at=round_.opens_at))
    return [each for each in _relayed() if each.notification == "round-opened"]


def _relayed():
    relay_batch(ctx_for())
    db.session.execute(sa.update(Delivery).values(state=DeliveryState.SENT, sent_at=moment("2022-06-20T14:06")))
    db.session.commit()
    return list(db.session.scalars(sa.select(Delivery).order_by(Delivery.id)))


def park(deliveries):
    for each in [fresh(each.id) for each in deliveries]:
        each.state, each.sent_at, each.last_error = DeliveryState.PARKED, None, REFUSED % each.address
    db.session.commit()


def fresh(number):
    return db.session.get(Delivery, number)


@pytest.fixture
def sofie(world, visitor):
    return visitor.sign_in(world(given_person, "Sofie De Backer", roles=[Role.ADMINISTRATOR]).email)


def test_every_kind_of_message_has_words():
    assert KINDS.keys() == {each.name for each in NOTIFICATIONS}


def test_the_log_says_what_became_of_each_message_and_finds_one_by_what_is_known_of_it(world, sofie):
    first, second = world(given_news, 2)
    world(park, [second])
    page = sofie.get("/admin/messages").text
    assert first.address in page
    assert second.address in page
    found = sofie.get("/admin/messages", query_string={"state": "parked", "notification": "round-opened"}).text
    assert second.address in found
    assert first.address not in found
    assert first.address in sofie.get("/admin/messages", query_string={"recipient": "lead 0"}).text
    assert second.address not in sofie.get("/admin/messages", query_string={"recipient": first.address}).text
    code = world(lambda: db.session.scalar(sa.select(Round.code).order_by(Round.id.desc()).limit(1)))
    assert first.address in sofie.get("/admin/messages", query_string={"about": code, "since": "2022-06-20"}).text
    assert first.address not in sofie.get("/admin/messages", query_string={"about": code, "since": "2022-06-21"}).text
    assert sofie.get("/admin/messages", query_string={"about": "Z-1999-1"}).status_code == 200


@pytest.mark.parametrize("leads", [1, 3])
def test_the_log_takes_as_many_statements_for_many_messages_as_for_one(world, sofie, count_statements, leads):
    world(given_news, leads)
    sofie.get("/admin/messages")
    with count_statements() as sent:
        sofie.get("/admin/messages")
    assert len([each for each in sent if "FROM delivery LEFT OUTER JOIN person" in each]) == 1
    assert len(sent) == STATEMENTS, "the same for one message and for three"


def test_nobody_but_its_reader_sees_the_link_that_stands_for_them(world, sofie):
    reset = world(given_reset, world(given_person, "Eva Claes"))
    page = sofie.get(f"/admin/messages/{reset.id}").text
    assert "/hidden" in page
    assert f"{reset.event_id}.password-reset." in page, "the Message-ID, by which a mail server’s log knows it"
    assert "/send-again" not in page
    refused = sofie.post(f"/admin/messages/{reset.id}/send-again")
    assert refused.status_code == 422


def test_a_sent_message_goes_out_again_as_a_new_one_to_the_address_of_today(app, world, sofie):
    (sent,) = world(given_news)

    def move():
        person = sent.person_id
        db.session.execute(
            sa.text("UPDATE person SET email = 'nieuw@noordheide.example' WHERE id = :id"), {"id": person}
        )

    world(move)
    assert "nieuw@noordheide.example" in sofie.get(f"/admin/messages/{sent.id}/send-again").text
    assert sofie.post(f"/admin/messages/{sent.id}/send-again").status_code == 302
    with app.app_context():
        first, copy = db.session.scalars(
            sa.select(Delivery).where(Delivery.event_id == sent.event_id).order_by(Delivery.id)
        ).all()
        assert (first.state, first.address, first.copy) == (DeliveryState.SENT, sent.address, 0)
        assert (copy.state, copy.address, copy.copy) == (DeliveryState.WAITING, "nieuw@noordheide.example", 1)
        assert copy.recipient == first.recipient
        told = db.session.scalars(sa.select(EventRow).where(EventRow.topic == "delivery.copied")).one()
        assert told.payload["original_id"] == first.id


def test_a_message_that_waits_is_held_back_with_a_reason_and_one_that_left_is_not(app, world, sofie):
    first, second = world(given_news, 2)
    world(park, [second])
    assert sofie.post(f"/admin/messages/{second.id}/hold-back", {"reason": ""}).status_code == 422
    assert sofie.post(f"/admin/messages/{second.id}/hold-back", {"reason": "Mailbox opgeheven."}).status_code == 302
    assert sofie.post(f"/admin/messages/{first.id}/hold-back", {"reason": "Te laat."}).status_code == 422
    assert "Mailbox opgeheven." in sofie.get(f"/admin/messages/{second.id}").text
    with app.app_context():
        assert fresh(second.id).state == DeliveryState.CANCELLED
        assert fresh(first.id).state == DeliveryState.SENT
        assert db.session.scalars(sa.select(Stop.reason)).all() == ["Mailbox opgeheven."]


def test_what_is_parked_for_one_cause_is_tried_again_together(app, world, sofie):
    first, second, third = world(given_news, 3)
    world(park, [first, second])
    page = sofie.get("/admin/outbox").text
    assert "permanent: SMTPRecipientsRefused 550" in page, "one cause, whatever the addresses"
    url = "/admin/outbox/messages/retry?cause=permanent: SMTPRecipientsRefused 550"
    assert "2 " in sofie.get(url).text
    assert sofie.post(url).status_code == 302
    with app.app_context():
        states = [fresh(each.id).state for each in (first, second, third)]
        assert states == [DeliveryState.WAITING, DeliveryState.WAITING, DeliveryState.SENT]
        assert len(db.session.scalars(sa.select(EventRow).where(EventRow.topic == "delivery.retried")).all()) == 2


def test_an_auditor_reads_all_and_changes_nothing(world, visitor):
    (sent,) = world(given_news)
    amir = visitor.sign_in(world(given_person, "Amir Haddad", roles=[Role.AUDITOR]).email)
    assert amir.get("/admin/messages").status_code == 200
    page = amir.get(f"/admin/messages/{sent.id}")
    assert page.status_code == 200
    assert "/send-again" not in page.text
    assert amir.get(f"/admin/messages/{sent.id}/send-again").status_code == 403
    assert amir.post(f"/admin/messages/{sent.id}/hold-back", {"reason": "x"}).status_code == 403
    assert amir.post("/admin/outbox/messages/retry?cause=x").status_code == 403
