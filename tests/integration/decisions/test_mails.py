"""Who is told that an award waits for an answer, got none, or has lapsed, and in which words."""

import pytest
import sqlalchemy as sa

from portal.accounts.queries import list_leads
from portal.core.actor import Role
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.decisions.commands.answering import lapse_award
from portal.decisions.commands.following import tell_answer_due
from portal.notifications.models import Delivery
from portal.notifications.sending.relay import expand_event
from portal.notifications.sending.rendering import render_message
from tests.world.accounts import ctx_for, given_person
from tests.world.decisions import given_published, given_ranked_application, given_reviewed_round, reload


@pytest.fixture
def award(inside):
    round_ = given_reviewed_round(policy="strict")
    given_ranked_application(round_, "90.00", name="Digibank Noordheide")
    return given_published(round_)[0]


@pytest.fixture
def officer(inside):
    return given_person("Nele Peeters", roles=[Role.CASE_OFFICER], language="en")


def told(app, topic):
    """Expand the events of one topic; return each recipient's address with the message rendered for them."""
    messages = {}
    for event in db.session.scalars(sa.select(EventRow).where(EventRow.topic == topic)).all():
        expand_event(ctx_for(), event)
        for each in db.session.scalars(sa.select(Delivery).where(Delivery.event_id == event.id)):
            messages[each.address] = render_message(app, each, event)
    return messages


def words_of(message):
    return " ".join(message.get_body(("plain",)).get_content().replace("\xa0", " ").split())


def lead_of(award):
    return list_leads([award.application.promotor_id])[0].email


def test_the_lead_partner_is_reminded_before_the_last_day(app, award, officer):
    tell_answer_due(ctx_for(at="2022-11-06T10:00"))
    messages = told(app, "decision.answer-due")
    assert set(messages) == {lead_of(award)}
    subject = "Aanvaard de subsidie voor Digibank Noordheide of zie ervan af, uiterlijk op 13 november 2022"
    assert messages[lead_of(award)]["Subject"] == subject
    assert "€ 400.000,00" in words_of(messages[lead_of(award)])
    assert f"/applications/{award.application.reference}/decision" in words_of(messages[lead_of(award)])


def test_silence_is_told_to_the_case_officers_who_decide(app, award, officer):
    tell_answer_due(ctx_for(at="2022-11-14T10:00"))
    messages = told(app, "decision.answer-due")
    assert set(messages) == {officer.email}
    assert messages[officer.email]["Subject"] == "No answer on the grant for Digibank Noordheide"
    assert f"/desk/decisions/{award.id}/award" in words_of(messages[officer.email])


def test_a_lapsed_award_is_told_with_its_reason_to_those_who_may_sign(app, award, officer):
    lapse_award(
        ctx_for(officer, "2022-11-14T10:00"), reload(award), "Er kwam geen antwoord, ook niet na de herinnering."
    )
    messages = told(app, "decision.lapsed")
    assert set(messages) == {lead_of(award)}
    assert "Er kwam geen antwoord, ook niet na de herinnering." in words_of(messages[lead_of(award)])
