"""Who is told of a change of partners: both sides what is asked and answered, every partner what is decided."""

import pytest
import sqlalchemy as sa

from portal.applications.change_requests import get_change
from portal.applications.commands import change as commands
from portal.applications.states import ShareGoes
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.notifications.models import Delivery
from portal.notifications.sending.relay import expand_event
from portal.notifications.sending.rendering import render_message
from tests.world.accounts import ctx_for
from tests.world.changes import AFTER, REASON, given_handed_in
from tests.world.mail import text_of
from tests.world.wordings import check_wording


@pytest.fixture
def told(app, inside):
    """The messages of the latest event of a topic, by address."""

    def expand(topic):
        stmt = sa.select(EventRow).where(EventRow.topic == topic).order_by(EventRow.id.desc()).limit(1)
        event = db.session.scalars(stmt).one()
        expand_event(ctx_for(), event)
        rows = db.session.scalars(sa.select(Delivery).where(Delivery.event_id == event.id)).all()
        for each in rows:
            check_wording(app, each, event)
        return {each.address: render_message(app, each, event) for each in rows}

    return expand


def test_both_sides_hear_of_another_lead_partner_and_all_partners_of_the_decision(told):
    given = given_handed_in()
    given.brem.person.language = "en"
    number = given.brem.organisation_id
    asked = commands.ask_promotor_change(ctx_for(given.promotor.person, AFTER), given.application, number, REASON)
    messages = told("change.asked")
    assert set(messages) == {given.promotor.email, given.brem.email}
    assert messages[given.promotor.email]["Subject"] == f"Gevraagd voor aanvraag {given.reference}: een andere promotor"
    english = text_of(messages[given.brem.email])
    assert REASON in english
    assert "Somebody who may sign for De Brem agrees, or does not." in english
    assert f"/applications/{given.reference}/requests" in english
    commands.agree(ctx_for(given.brem.person, AFTER), get_change(given.reference, asked.id))
    answered = told("change.agreed")
    assert set(answered) == set(messages)
    assert "Nu beslist een dossierbehandelaar." in text_of(answered[given.promotor.email])
    commands.grant(ctx_for(given.officer, AFTER), get_change(given.reference, asked.id), "Goed onderbouwd.")
    decided = told("change.granted")
    assert set(decided) == {given.promotor.email, given.brem.email, given.lus.email}
    assert "De Brem is voortaan promotor." in text_of(decided[given.lus.email])
    assert "Goed onderbouwd." in text_of(decided[given.lus.email])


@pytest.mark.parametrize(("answer", "topic"), [("decline", "change.declined"), ("withdraw", "change.withdrawn")])
def test_a_request_that_ends_is_told_to_both_sides(told, answer, topic):
    given = given_handed_in()
    number = given.brem.organisation_id
    asked = commands.ask_promotor_change(ctx_for(given.promotor.person, AFTER), given.application, number, REASON)
    change = get_change(given.reference, asked.id)
    getattr(commands, answer)(ctx_for(given.brem.person, AFTER), change)
    messages = told(topic)
    assert set(messages) == {given.promotor.email, given.brem.email}
    assert "Er verandert dus niets." in text_of(messages[given.brem.email])


def test_a_partner_that_left_is_told_too(told):
    given = given_handed_in()
    number, ctx = given.brem.organisation_id, ctx_for(given.promotor.person, AFTER)
    asked = commands.ask_leaving(ctx, given.application, number, ShareGoes.TAKEN_OVER, REASON)
    assert "een partner vertrekt" in told("change.asked")[given.brem.email]["Subject"]
    commands.grant(ctx_for(given.officer, AFTER), get_change(given.reference, asked.id), "Goed onderbouwd.")
    assert "De Brem is vertrokken." in text_of(told("change.granted")[given.brem.email])
