"""Messages that come back mark a person; a later one that arrives, or another address, clears the mark. Nothing is skipped."""

import pytest
import sqlalchemy as sa

from portal.accounts.commands.addresses import ask_address_change, confirm_address
from portal.accounts.events import PasswordResetRequested
from portal.accounts.models import Person
from portal.accounts.queries import get_person, list_unreachable
from portal.core.actor import Role
from portal.core.db import db
from portal.core.errors import RuleViolation
from portal.core.event_log import EventRow, record
from portal.notifications.links import Links
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.sending.bounces import Bounce
from portal.notifications.sending.reach import clear_reached, note_bounce, note_undelivered, status_in
from portal.notifications.sending.relay import expand_event
from portal.notifications.sending.rendering import message_id
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.bounces import report
from tests.world.http import Visitor
from tests.world.time import moment

SENT, BACK, DAY_LATER = "2022-06-20T14:05", "2022-06-20T14:06", "2022-06-22T14:07"


def given_sent(person, at=SENT):
    """A message that the mail server took: a link for a new password."""
    number = record(ctx_for(at=at), PasswordResetRequested(person_id=person.id))
    expand_event(ctx_for(at=at), db.session.get_one(EventRow, number))
    (delivery,) = db.session.scalars(sa.select(Delivery).where(Delivery.event_id == number)).all()
    delivery.state, delivery.sent_at = DeliveryState.SENT, moment(at)
    db.session.commit()
    return delivery


@pytest.fixture
def links(app):
    settings = app.extensions["portal.settings"]
    return Links(app.url_map, settings.base_url, settings.secret_key)


def bounced(delivery, links, *, status="5.1.1", has_failed=True):
    said = note_bounce(ctx_for(at=BACK), Bounce(message_id(delivery, links), status, has_failed), links)
    db.session.commit()
    return said


def test_a_message_that_comes_back_marks_its_person_once_and_says_so_in_the_log(inside, links):
    person = given_person("An Maes")
    delivery = given_sent(person)
    assert [bounced(delivery, links), bounced(delivery, links)] == ["bounced", "bounced"]
    marked = get_person(person.id)
    assert (marked.unreachable_since, marked.unreachable_status) == (moment(BACK), "5.1.1")
    assert delivery.undelivered_status == "5.1.1"
    topics = ["delivery.bounced", "person.unreachable"]
    assert db.session.scalar(sa.select(sa.func.count()).where(EventRow.topic.in_(topics))) == 2


def test_what_is_delayed_is_noted_and_marks_nobody(inside, links):
    person = given_person("An Maes")
    delivery = given_sent(person)
    assert bounced(delivery, links, status="4.4.1", has_failed=False) == "delayed"
    assert delivery.last_error == "delayed: 4.4.1"
    assert get_person(person.id).unreachable_since is None


def test_a_made_up_message_id_is_unknown(inside, links):
    delivery = given_sent(given_person("An Maes"))
    ours = message_id(delivery, links)
    digit = "0" if ours[-40:].split(".")[-1][0] != "0" else "1"
    name, _, rest = ours.partition(".password-reset.")
    forged = [f"{name}.password-reset.{digit}{rest[1:]}", "<a@b>", "<1.x.0123456789abcdef@portal.example>"]
    assert {note_bounce(ctx_for(), Bounce(each, "5.1.1", has_failed=True), links) for each in forged} == {"unknown"}
    assert delivery.undelivered_at is None


def test_after_a_refusal_the_next_message_that_leaves_clears_the_mark(inside):
    person = given_person("An Maes")
    refused = given_sent(person)
    refused.state, refused.sent_at = DeliveryState.PARKED, None
    status = status_in("SMTPRecipientsRefused({'an@x.example': (550, b'5.1.1 no such user')})")
    note_undelivered(ctx_for(at=BACK), refused.id, person.id, refused.address, status)
    db.session.commit()
    assert clear_reached(ctx_for(at=BACK)) == 0
    given_sent(person, at="2022-06-20T15:00")
    assert clear_reached(ctx_for(at="2022-06-20T15:01")) == 1
    assert get_person(person.id).unreachable_since is None


def test_after_a_bounce_the_next_message_must_have_stayed_away_for_a_day(inside, links):
    person = given_person("An Maes")
    bounced(given_sent(person), links)
    given_sent(person, at="2022-06-21T14:06")
    assert clear_reached(ctx_for(at="2022-06-21T14:07")) == 0
    assert clear_reached(ctx_for(at=DAY_LATER)) == 1


def test_an_organisation_is_out_of_reach_when_everybody_who_may_sign_is(inside):
    eva = given_person("Eva Claes")
    organisation = given_organisation(eva)
    assert list_unreachable([organisation.id]) == []
    note_undelivered(ctx_for(), given_sent(eva).id, eva.id, eva.email, "5.1.1")
    db.session.commit()
    assert [each.id for each in list_unreachable([organisation.id])] == [organisation.id]


def test_another_address_holds_once_it_is_confirmed_and_clears_the_mark(inside):
    person, other = given_person("An Maes"), given_person("Bo Peeters")
    note_undelivered(ctx_for(), given_sent(person).id, person.id, person.email, "5.1.1")
    for taken in (person.email, other.email):
        with pytest.raises(RuleViolation):
            ask_address_change(ctx_for(person), person, taken)
    ask_address_change(ctx_for(person), person, "An.Nieuw@noordheide.example")
    event = db.session.scalars(sa.select(EventRow).where(EventRow.topic == "person.address-change-asked")).one()
    expand_event(ctx_for(), event)
    told = db.session.execute(
        sa.select(Delivery.notification, Delivery.address).where(Delivery.event_id == event.id)
    ).all()
    new = "an.nieuw@noordheide.example"
    assert sorted(told) == [("address-change-asked", person.email), ("address-confirmation", new)]
    confirm_address(ctx_for(), person)
    assert (person.email, person.new_email, person.unreachable_since) == (new, None, None)


def test_the_console_reads_a_mail_servers_pipe_and_never_says_an_address(app, world, links):
    person = world(given_person, "An Maes")
    ours = message_id(world(given_sent, person), links)

    def pipe(raw):
        return app.test_cli_runner().invoke(args=["mail", "bounce"], input=raw)

    answers = [pipe(report("<1.x.0123456789abcdef@portal.example>")), pipe(b"Hallo"), pipe(report(ours))]
    assert [(each.exit_code, each.output.split(":")[0].strip()) for each in answers] == [
        (0, "unknown"),
        (65, "refused"),
        (0, "bounced"),
    ]
    assert not any("@" in each.output for each in answers)
    assert world(get_person, person.id).unreachable_status == "5.1.1"


def given_unreachable():
    eva, jan = given_person("Eva Claes"), given_person("Jan Claes")
    organisation = given_organisation(eva, name="Streekvereniging Noordheide")
    note_undelivered(ctx_for(), given_sent(eva).id, eva.id, eva.email, "5.1.1")
    return eva, jan, organisation.enterprise_number


def test_it_is_shown_at_the_person_to_colleagues_and_to_case_officers(app, world):
    eva, _jan, number = world(given_unreachable)
    officer = world(given_person, "Nele Peeters", roles=[Role.CASE_OFFICER])
    admin = world(given_person, "Sofie De Backer", roles=[Role.ADMINISTRATOR])
    own = Visitor(app).sign_in(eva.email)
    assert "het adres bestaat niet" in own.get("/account").text
    assert "berichten komen terug sinds" in own.get(f"/organisations/{number}").text
    desk = Visitor(app).sign_in(officer.email)
    assert "Een organisatie bereiken" in desk.get("/my-work").text
    assert "Niemand van deze organisatie is bereikbaar" in desk.get(f"/organisations/{number}").text
    assert desk.get(f"/admin/people/{eva.id}/address").status_code == 404
    office = Visitor(app).sign_in(admin.email)
    assert "Berichten komen terug" in office.get("/admin/people?q=eva").text
    page = f"/admin/people/{eva.id}/address"
    assert office.post(page, {"email": admin.email}).status_code == 422
    assert office.post(page, {"email": "eva.nieuw@noordheide.example"}).status_code == 302
    assert "eva.nieuw@noordheide.example" in office.get(f"/admin/people/{eva.id}").text
    wrong = own.post("/account/address", {"email": "eva@elders.example", "current": "niet het wachtwoord"})
    assert wrong.status_code == 422
    assert "eva@elders.example" in wrong.text
    assert world(lambda: db.session.get_one(Person, eva.id).email) == eva.email
