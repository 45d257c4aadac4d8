"""A call's reminders: sent as they are set, again when a deadline moves, and never to who is done."""

import pytest
import sqlalchemy as sa

from portal.accounts.queries import list_leads
from portal.applications.commands.admissibility import ask_completion
from portal.applications.commands.deadlines import tell_completions_due, tell_near_deadlines, tell_sign_offs_due
from portal.applications.commands.submit import submit_application
from portal.applications.queries import get_application
from portal.calls.commands.rounds import move_deadline
from portal.calls.models import Call, Programme, Reminder
from portal.calls.queries import get_round
from portal.core.actor import Role
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.notifications.models import Delivery
from portal.notifications.sending.relay import expand_event
from portal.reviewing.commands.answering import accept_review
from portal.reviewing.commands.reminding import remind_invitations
from portal.reviewing.queries import get_review
from tests.world.accounts import ctx_for, given_person
from tests.world.applications_models import ACCEPTED, given_complete_draft
from tests.world.http import Visitor
from tests.world.partners import given_partners_draft, sign_off_as
from tests.world.reviewing import given_assigned_review
from tests.world.time import FakeClock, moment

REASON = "Het portaal lag een dag stil."


@pytest.fixture
def clock_at(app):
    """Put the domain's clock where the test says."""
    kept = app.wsgi_app.clock
    yield lambda at: setattr(app.wsgi_app, "clock", FakeClock(at))  # the arrival of a request is its moment
    app.wsgi_app.clock = kept


def given_administrator():
    return given_person("Sofie De Backer", roles=[Role.ADMINISTRATOR])


def told(topic):
    """Expand the events of one topic; return the addresses that get a message."""
    addresses = []
    for event in db.session.scalars(sa.select(EventRow).where(EventRow.topic == topic)).all():
        expand_event(ctx_for(), event)
        addresses += db.session.scalars(sa.select(Delivery.address).where(Delivery.event_id == event.id))
    return addresses


def move(application, at, closes_at):
    ctx = ctx_for(given_administrator(), at)
    move_deadline(ctx, get_round(application.round.code, lock=True), closes_at=moment(closes_at), reason=REASON)
    db.session.commit()


def draft_told(*moments):
    return [tell_near_deadlines(ctx_for(at=at)) for at in moments]


def test_a_deadline_that_moves_later_is_reminded_of_again_at_its_new_time(inside):
    application = given_complete_draft()  # until 29 July at noon
    assert draft_told("2022-07-22T11:59", "2022-07-22T12:00") == [0, 1]
    move(application, "2022-07-25T10:00", "2022-08-12T12:00")
    assert draft_told("2022-07-28T12:00", "2022-08-05T11:59", "2022-08-05T12:00", "2022-08-11T12:00") == [0, 0, 1, 1]


def test_a_deadline_that_moves_earlier_past_a_reminder_is_told_once_by_who_moved_it(inside):
    application = given_complete_draft()
    lead = list_leads([application.promotor_id])[0]
    move(application, "2022-07-10T10:00", "2022-07-15T12:00")  # a week before that is 8 July
    assert draft_told("2022-07-10T10:01", "2022-07-13T10:00", "2022-07-14T12:00") == [0, 0, 1]
    assert told("round.deadline-moved") == [lead.email]
    assert told("application.deadline-near") == [lead.email]


def test_who_submits_in_the_second_of_the_reminder_is_not_reminded_and_who_did_not_is(inside):
    late, done = given_complete_draft(), given_complete_draft()
    second = "2022-07-28T12:00"
    assert tell_near_deadlines(ctx_for(at=second)) == 2
    lead = list_leads([done.promotor_id])[0]
    submit_application(ctx_for(lead, second), get_application(done.reference, lock=True), accepted=ACCEPTED)
    assert told("application.deadline-near") == [list_leads([late.promotor_id])[0].email]


def test_a_partner_whose_sign_off_is_missing_is_reminded_and_one_who_signed_is_not(inside):
    draft = given_partners_draft(closes_at=moment("2022-07-29T12:00"))
    application = get_application(draft.reference, lock=True)
    for part in application.parts:
        part.task, part.receives_funds = "Wij lenen toestellen uit.", True
    db.session.commit()
    sign_off_as(draft.brem.person, application, draft.brem.organisation_id)
    db.session.commit()
    assert tell_sign_offs_due(ctx_for(at="2022-07-26T11:59")) == 0
    assert tell_sign_offs_due(ctx_for(at="2022-07-26T12:00")) == 1
    assert tell_sign_offs_due(ctx_for(at="2022-07-26T12:01")) == 0
    assert told("application.sign-off-due") == [draft.lus.person.email]


def test_a_completion_and_an_invitation_are_reminded_of_until_they_are_answered(inside):
    application = given_complete_draft()
    lead = list_leads([application.promotor_id])[0]
    submit_application(ctx_for(lead, "2022-07-01T10:00"), application, accepted=ACCEPTED)
    officer = given_person("Nele Peeters", roles=[Role.CASE_OFFICER])
    asked = {"B8": "Zeg hoe u toestellen herstelt."}
    due_at = moment("2022-08-12T12:00")
    ask_completion(ctx_for(officer, "2022-08-02T10:00"), application, ["OV-07"], "", due_at, asked=asked)
    db.session.commit()
    assert [tell_completions_due(ctx_for(at=f"2022-08-10T12:0{minute}")) for minute in (0, 1)] == [1, 0]
    assert told("application.completion-due") == [lead.email]
    waiting, answered = given_assigned_review(is_accepted=False), given_assigned_review(is_accepted=False)
    day = f"{waiting.answer_due_on.isoformat()}T09:00"
    assert remind_invitations(ctx_for(at=day)) == 2
    accept_review(ctx_for(answered.reviewer, day), get_review(answered.id, lock=True))
    assert told("review.answer-due") == [waiting.reviewer.email]


def address_of(call_id):
    stmt = sa.select(Programme.code, Call.code).join(Programme).where(Call.id == call_id)
    programme, code = db.session.execute(stmt).one()
    return f"/admin/calls/{programme}/{code}/reminders"


def week_before(call_id):
    stmt = sa.select(Reminder.id).where(Reminder.call_id == call_id, Reminder.kind == "draft", Reminder.amount == 7)
    return db.session.scalars(stmt).one()


def words(answer):
    return " ".join(answer.text.replace("\xa0", " ").split())


def test_an_administrator_sets_them_and_sees_whom_the_next_one_reaches(app, world, clock_at):
    application = world(given_complete_draft)
    page = world(address_of, application.round.call_id)
    clock_at("2022-07-20T10:00")
    sofie = Visitor(app).sign_in(world(given_administrator).email)
    officer = Visitor(app).sign_in(world(given_person, "Nele Peeters", roles=[Role.CASE_OFFICER]).email)
    assert "22 juli 2022 om 12.00 uur, aan 1 persoon vandaag" in words(officer.get(page))
    refused = sofie.post(f"{page}/add", {"kind": "draft", "amount": "7", "unit": "days"})
    assert refused.status_code == 422
    assert "heeft die herinnering al" in refused.text
    assert sofie.post(f"{page}/add", {"kind": "draft", "amount": "36", "unit": "hours"}).status_code == 302
    assert "28 juli 2022 om 0.00 uur, aan 1 persoon" in words(sofie.get(page))
    week = world(week_before, application.round.call_id)
    assert officer.post(f"/admin/reminders/{week}/switch", {"position": "off"}).status_code == 403
    for _ in range(2):  # pressed twice it stays off
        assert sofie.post(f"/admin/reminders/{week}/switch", {"position": "off"}).status_code == 302
    assert "22 juli 2022" not in words(sofie.get(page))
    assert sofie.post(f"/admin/reminders/{week}/change", {"amount": "99", "unit": "days"}).status_code == 422
    assert sofie.post(f"/admin/reminders/{week}/switch", {"position": "on"}).status_code == 302
    assert sofie.post(f"/admin/reminders/{week}/change", {"amount": "5", "unit": "days"}).status_code == 302
    assert "24 juli 2022 om 12.00 uur" in words(sofie.get(page))
    count = sa.select(sa.func.count()).where(EventRow.topic == "reminder.set")
    assert world(lambda: db.session.scalar(count)) == 4
