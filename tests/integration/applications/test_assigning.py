"""Sections divided over the partners: who writes each, who reads it, and whom the task list waits for."""

from datetime import date

import pytest

from portal.applications.commands.assign import assign_sections
from portal.applications.commands.parts import bring_up_to_date
from portal.applications.commands.withdraw import withdraw_application
from portal.applications.queries import get_application
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import list_timeline
from portal.partnerships import commands as partnerships
from tests.world.accounts import ctx_for, given_organisation
from tests.world.drafting import close_round
from tests.world.http import Visitor
from tests.world.partners import given_partners_draft
from tests.world.sections import section_of

OURS = "Wij herstellen toestellen."


@pytest.fixture
def draft(world):
    return world(given_partners_draft)


@pytest.fixture
def people(app, visitor, draft):
    """Somebody of each organisation, signed in: the lead partner, De Brem, De Lus."""
    visitor.sign_in(draft.promotor.email)
    return visitor, Visitor(app).sign_in(draft.brem.email), Visitor(app).sign_in(draft.lus.email)


def assign(draft, lead, **sections):
    return lead.post(f"{draft.path}/assign", {**dict.fromkeys(_codes(), "0"), **sections})


def _codes():
    return [f"B{number}" for number in range(1, 15)]


def save(draft, who, code, version=0, **answers):
    return who.post(f"{draft.path}/sections/{code}", {"version": version, **answers}, page="/account")


def test_an_assigned_section_is_written_by_its_partner_and_the_lead_partner_and_read_by_the_others(draft, people):
    lead, brem, lus = people
    assert assign(draft, lead, B8=draft.brem.organisation_id).status_code == 302
    page = f"{draft.path}/sections/B8"
    assert save(draft, brem, "B8", circularity=OURS).status_code == 302
    assert save(draft, lead, "B8", 1, circularity=f"{OURS} Samen.").status_code == 302
    assert save(draft, lus, "B8", 2, circularity="Van ons.").status_code == 403
    shown = lus.get(page)
    assert shown.status_code == 200
    assert f"{OURS} Samen." in shown.text
    assert "Alleen wie voor de promotor schrijft, of voor de partner aan wie deze rubriek is toegewezen" in shown.text
    assert "data-questions" not in shown.text
    assert "data-questions" in brem.get(page).text


def test_a_section_that_is_not_assigned_is_written_by_all_core_partners(draft, people, world):
    _lead, brem, lus = people
    assert save(draft, brem, "B8", circularity=OURS).status_code == 302
    assert save(draft, lus, "B8", 1, circularity=f"{OURS} Samen.").status_code == 302
    assert world(section_of, draft.reference, "B8")[0]["circularity"] == f"{OURS} Samen."


def test_the_task_list_waits_for_a_partner_who_reads_its_own_work_there(draft, people):
    lead, brem, lus = people
    assign(draft, lead, B8=draft.brem.organisation_id)
    assert "Wacht op De Brem" in lead.get(draft.path).text
    assert "Wacht op De Brem" in lus.get(draft.path).text
    own = brem.get(draft.path).text
    assert "Wacht op De Brem" not in own
    assert "Geschreven door De Brem" in own
    save(draft, brem, "B8", circularity=OURS)
    assert "Wacht op De Brem" not in lead.get(draft.path).text


def test_only_those_who_write_for_the_lead_partner_divide(draft, people):
    lead, brem, _lus = people
    page = lead.get(f"{draft.path}/assign").text
    assert "Rubrieken verdelen" in page
    assert all(f'<option value="{each.organisation_id}">' in page for each in (draft.brem, draft.lus))
    assert "/assign" in lead.get(draft.path).text
    assert brem.get(f"{draft.path}/assign").status_code == 403
    assert "/assign" not in brem.get(draft.path).text
    refused = brem.post(f"{draft.path}/assign", {"B8": draft.brem.organisation_id}, page="/account")
    assert refused.status_code == 403


def test_a_closed_round_divides_no_more(draft, people, world):
    lead, *_ = people
    world(close_round, draft.reference)
    assert 'name="B8"' not in lead.get(f"{draft.path}/assign").text
    answer = lead.post(f"{draft.path}/assign", dict.fromkeys(_codes(), "0"), page="/account")
    assert answer.status_code == 422


def test_each_change_is_recorded_once(inside):
    draft = given_partners_draft()
    application, brem = get_application(draft.reference), draft.brem.organisation_id
    assert assign_sections(ctx_for(), application, {"B8": brem, "B9": None}) == 1
    assert assign_sections(ctx_for(), application, {"B8": brem}) == 0
    events = [each for each in list_timeline("application", application.id) if each.topic.endswith("section-assigned")]
    assert [(each.payload["section"], each.payload["organisation_id"]) for each in events] == [("B8", brem)]


def test_no_stranger_and_no_submitted_application_is_divided(inside):
    draft = given_partners_draft()
    application = get_application(draft.reference)
    with pytest.raises(RuleViolation) as refused:
        assign_sections(ctx_for(), application, {"B8": given_organisation(name="Buiten").id})
    assert refused.value.codes == ["not-a-partner"]
    withdraw_application(ctx_for(), application, "Wij wachten een ronde.")
    with pytest.raises(IllegalTransition):
        assign_sections(ctx_for(), application, {"B8": draft.brem.organisation_id})


def test_who_leaves_the_partnership_writes_its_section_no_more_and_it_is_everybodys_again(draft, people, world):
    lead, brem, lus = people
    assign(draft, lead, B8=draft.brem.organisation_id)
    world(_end_brem, draft)
    assert save(draft, lus, "B8", circularity=OURS).status_code == 302
    assert brem.get(draft.path).status_code == 404
    assert "Wacht op De Brem" not in lead.get(draft.path).text
    world(lambda: bring_up_to_date(ctx_for(), get_application(draft.reference)))
    assert world(_assigned, draft, "B8") is None


def _end_brem(draft):
    partnership = get_application(draft.reference).partnership
    partner = next(each for each in partnership.partners if each.organisation_id == draft.brem.organisation_id)
    partnerships.end_partner(ctx_for(), partner, date(2022, 6, 20))


def _assigned(draft, code):
    return next(each for each in get_application(draft.reference).sections if each.code == code).assigned_to_id
