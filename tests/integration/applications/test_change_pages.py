"""The pages of a change of partners: asking and answering it, deciding on it, and who may not."""

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import grant_right
from portal.accounts.models import Organisation
from portal.applications.change_models import ChangeRequest
from portal.applications.change_requests import get_change
from portal.applications.commands import change as commands
from portal.applications.queries import get_application
from portal.applications.states import ShareGoes
from portal.core.actor import Right, Role
from portal.core.db import db
from portal.partnerships.queries import get_partnership
from tests.world.accounts import ctx_for, given_person
from tests.world.changes import AFTER, REASON, given_handed_in
from tests.world.http import Visitor


@pytest.fixture
def given(world):
    return world(given_handed_in)


@pytest.fixture
def asked(world, given):
    """The promotor asked that De Brem leads."""
    return world(ask, given)


def ask(given, *, leaves=False):
    number, ctx = given.brem.organisation_id, ctx_for(given.promotor.person, AFTER)
    if leaves:
        return commands.ask_leaving(ctx, given.application, number, ShareGoes.GIVEN_UP, REASON).id
    return commands.ask_promotor_change(ctx, given.application, number, REASON).id


def state_of(given, change):
    return str(get_change(given.reference, change).state)


def changes():
    return list(db.session.scalars(sa.select(ChangeRequest).order_by(ChangeRequest.id)))


def signed_in(app, side):
    return Visitor(app).sign_in(side.email)


def test_one_organisation_asks_the_other_agrees_and_a_case_officer_grants(app, world, given):
    lead, brem, officer = (signed_in(app, each) for each in (given.promotor, given.brem, given.officer))
    page = lead.get(given.path).text
    assert "Een andere promotor vragen" in page
    assert "Er is geen wijziging gevraagd" in page
    sent = {"organisation": str(given.brem.organisation_id), "reason": REASON}
    answer = lead.post(f"{given.path}/lead-partner", sent, page=f"{given.path}/lead-partner")
    assert (answer.status_code, answer.headers["Location"]) == (302, given.path)
    (change,) = world(changes)
    waiting = lead.get(given.path).text
    assert "Wacht tot De Brem instemt" in waiting
    assert "Een andere promotor vragen" not in waiting
    assert "Vragen dat een partner vertrekt" in waiting
    assert "Al dan niet instemmen met een wijziging van promotor" in brem.get("/my-work").text
    assert "Instemmen met deze wijziging" in brem.get(given.path).text
    brem.post(f"{given.path}/{change.id}/agree", page=given.path)
    assert world(state_of, given, change.id) == "agreed"
    assert "Beslissen over wijzigingen van partners" in officer.get("/my-work").text
    assert given.reference in officer.get("/desk/requests").text
    own = given.page_of(change.id)
    decided = officer.post(f"{own}/decide", {"verdict": "grant", "reason": "Goed onderbouwd."}, page=own)
    assert decided.status_code == 302
    assert "Goed onderbouwd." in lead.get(given.path).text
    timeline = lead.get(f"/applications/{given.reference}/timeline").text
    assert "Wijziging toegestaan" in timeline
    assert "De Brem in plaats van Streekvereniging Noordheide" in timeline
    assert world(get_application, given.reference).promotor_id == given.brem.organisation_id


def test_a_leaving_partner_is_shown_with_its_share_and_what_the_rules_would_find(app, world, given):
    lead, officer = signed_in(app, given.promotor), signed_in(app, given.officer)
    form = f"{given.path}/leaving"
    sent = {"organisation": str(given.brem.organisation_id), "share_goes": "given_up", "reason": REASON}
    assert lead.post(form, sent, page=form).status_code == 302
    (change,) = world(changes)
    page = officer.get(given.page_of(change.id)).text
    assert "100.000,00" in page
    assert "300.000,00" in page
    assert "OV-13" in page
    own = given.page_of(change.id)
    officer.post(f"{own}/decide", {"verdict": "refuse", "reason": "Dan valt de helft weg."}, page=own)
    assert "Dan valt de helft weg." in lead.get(given.path).text
    assert world(state_of, given, change.id) == "refused"


def test_an_empty_form_comes_back_with_what_is_missing(app, world, given):
    lead = signed_in(app, given.promotor)
    for form in ("lead-partner", "leaving"):
        answer = lead.post(f"{given.path}/{form}", {}, page=f"{given.path}/{form}")
        assert answer.status_code == 422
        assert "Geef een reden." in answer.text
    assert world(changes) == []


def test_only_who_may_sign_for_the_other_side_answers(app, world, given, asked):
    for side, status in ((given.promotor, 403), (given.lus, 403), (given.brem, 302)):
        person = signed_in(app, side)
        assert person.post(f"{given.path}/{asked}/agree", page=given.path).status_code == status
    assert world(state_of, given, asked) == "agreed"


def test_only_who_asked_withdraws(app, world, given, asked):
    for side, status in ((given.brem, 403), (given.promotor, 302)):
        person = signed_in(app, side)
        assert person.post(f"{given.path}/{asked}/withdraw", page=given.path).status_code == status
    assert world(state_of, given, asked) == "withdrawn"


def test_a_second_answer_meets_the_first(app, world, given, asked):
    brem = signed_in(app, given.brem)
    assert brem.post(f"{given.path}/{asked}/decline", page=given.path).status_code == 302
    assert brem.post(f"{given.path}/{asked}/agree", page=given.path).status_code == 409
    assert world(state_of, given, asked) == "declined"


def officer_of(given):
    """A case officer who reads for De Lus too."""
    person = given_person("Sien Maes", roles=[Role.CASE_OFFICER])
    grant_right(ctx_for(), db.session.get(Organisation, given.lus.organisation_id), person, Right.READER)
    return person


def test_nobody_decides_on_a_request_of_a_partnership_they_belong_to(app, world, given):
    change = world(ask, given, leaves=True)
    inside = Visitor(app).sign_in(world(officer_of, given).email)
    sent, own = {"verdict": "grant", "reason": "Akkoord."}, given.page_of(change)
    page = inside.get(own)
    assert page.status_code == 200
    assert "De beslissing bewaren" not in page.text
    assert inside.post(f"{own}/decide", sent, page=own).status_code == 403
    assert world(state_of, given, change) == "asked"
    officer = signed_in(app, given.officer)
    assert "De beslissing bewaren" in officer.get(own).text
    assert officer.post(f"{own}/decide", sent, page=own).status_code == 302
    assert world(state_of, given, change) == "granted"


def test_the_desk_is_closed_to_applicants_and_the_pages_to_strangers(app, world, given, asked):
    stranger, lead = Visitor(app).sign_in(world(given_person, "Karim Aznag").email), signed_in(app, given.promotor)
    for path in (given.path, f"{given.path}/leaving", "/desk/requests", given.page_of(asked)):
        assert stranger.get(path).status_code == 404
    assert lead.get(given.path).status_code == 200
    for path in ("/desk/requests", given.page_of(asked)):
        assert lead.get(path).status_code == 404
        assert signed_in(app, given.officer).get(path).status_code == 200


def test_a_partner_that_would_end_is_asked_for_on_the_application(app, world, given):
    partnership = world(partnership_of, given)
    lus = next(each for each in partnership.partners if each.organisation_id == given.lus.organisation_id)
    form = f"/partnerships/{partnership.id}/partners/{lus.id}/end"
    answer = signed_in(app, given.promotor).post(form, {"ended_on": "2022-08-02"}, page=form)
    assert answer.status_code == 422
    assert f"Aanvraag {given.reference} is ingediend en er is nog niet over beslist." in answer.text


def partnership_of(given):
    return get_partnership(get_application(given.reference).partnership_id)
