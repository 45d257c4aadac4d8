"""A partner's part in the browser, and how the parts follow a partnership that changes."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.applications.models import Application
from portal.core.db import db
from portal.partnerships import commands as partnerships
from portal.partnerships.queries import get_partner, get_partnership
from portal.partnerships.states import PartnerRole
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.drafting import close_round, given_team_draft
from tests.world.http import Visitor

PART = {
    "task": "Richt twee knooppunten in.",
    "receives_funds": "y",
    "vat_status": "mixed",
    "recoverable_percent": "21,5",
}


def part_of(draft, organisation_id):
    return f"{draft.path}/parts/{organisation_id}"


def test_a_partner_writes_its_own_part_and_the_lead_partner_everyones(lead, partner, draft):
    own = part_of(draft, draft.partner_id)
    assert partner.post(own, {**PART, "version": 1, "aid_2021": "12.500,50"}).status_code == 302
    shown = lead.get(own).text
    assert "Richt twee knooppunten in." in shown
    assert 'value="21,5"' in shown
    assert 'value="12500,50"' in shown
    assert lead.post(own, {**PART, "version": 2}).status_code == 302
    assert partner.get(part_of(draft, draft.promotor_id)).status_code == 403
    assert partner.post(part_of(draft, draft.promotor_id), PART, page="/account").status_code == 403
    assert "Ontvangt middelen" in partner.get(draft.path).text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("recoverable_percent", "100,01", "Vul een percentage van 0 tot 100 in."),
        ("aid_2021", "-1", "Vul een bedrag van 0 euro of meer in."),
        ("aid_2021", "1e99", "Dit bedrag is groter dan het portaal aankan."),
        ("vat_status", "none", "keuze"),
        ("task", "x" * 701, "Dit zijn 701 tekens"),
    ],
)
def test_what_cannot_be_stored_comes_back_at_its_field(lead, draft, field, typed, sentence):
    page = part_of(draft, draft.promotor_id)
    answer = lead.post(page, {**PART, "version": 1, field: typed})
    assert answer.status_code == 422
    assert sentence in answer.text.split(f'id="{field}-error"', 1)[1].split("</p>", 1)[0]
    assert "Richt twee knooppunten in." not in lead.get(page).text


def test_who_saves_a_part_that_another_changed_reads_both_and_loses_nothing(lead, partner, draft):
    page = part_of(draft, draft.partner_id)
    assert partner.post(page, {**PART, "version": 1, "task": "Van de partner zelf."}).status_code == 302
    answer = lead.post(page, {**PART, "version": 1, "task": "Van de promotor."})
    assert answer.status_code == 409
    assert "Van de partner zelf." in answer.text
    assert "Van de promotor." in answer.text
    assert lead.post(page, {**PART, "version": 2, "task": "Van de promotor."}).status_code == 302


def test_a_part_is_read_only_after_the_deadline(lead, world, draft):
    page = part_of(draft, draft.promotor_id)
    lead.post(page, {**PART, "version": 1})
    world(close_round, draft.reference)
    assert "<textarea" not in lead.get(page).text
    late = lead.post(page, {**PART, "version": 2, "task": "Te laat, maar niet verloren."}, page="/account")
    assert late.status_code == 422
    assert "Te laat, maar niet verloren." in late.text
    assert "Te laat, maar niet verloren." in lead.get(f"{draft.path}/kept").text


def change_partnership(draft):
    """De Brem leaves, and another organisation joins as a network partner."""
    stmt = sa.select(Application.partnership_id).where(Application.reference == draft.reference)
    partnership = get_partnership(db.session.scalar(stmt))
    partnerships.add_partner(ctx_for(), partnership, given_organisation(name="De Vennen"), PartnerRole.NETWORK)
    brem = next(each for each in partnership.partners if each.organisation_id == draft.partner_id)
    partnerships.end_partner(ctx_for(), get_partner(partnership.id, brem.id), date(2022, 6, 20))


def a_cost_of(organisation_id):
    cost = {"category": "staff", "year": 2023, "quantity": "1", "unit_price_amount": "100", "explanation": ""}
    return {**cost, "organisation": organisation_id}


def test_the_parts_follow_the_partnership_when_somebody_takes_them_over(lead, partner, world, draft):
    lead.post(f"{draft.path}/budget/lines/add", a_cost_of(draft.partner_id))
    lead.post(part_of(draft, draft.partner_id), {**PART, "version": 1})
    world(change_partnership, draft)
    shown = lead.get(draft.path).text
    assert "De Vennen kwam erbij." in shown
    assert "De Brem vertrok." in shown
    assert partner.get(draft.path).status_code == 404
    assert lead.post(f"{draft.path}/parts", page=draft.path).status_code == 302
    after = lead.get(draft.path).text
    assert "De Vennen" in after
    assert "Verliet het samenwerkingsverband" in after
    assert "vertrok" not in after
    budget = lead.get(f"{draft.path}/budget?partner={draft.partner_id}").text
    assert "Deze partner verliet het samenwerkingsverband." in budget
    line = int(budget.split("/budget/lines/", 2)[2].split('"', 1)[0])
    lead.post(f"{draft.path}/budget/lines/{line}/remove")
    assert "De Brem vertrok." in lead.get(draft.path).text
    lead.post(f"{draft.path}/parts", page=draft.path)
    assert "De Brem" not in lead.get(draft.path).text


def test_looking_changes_nothing_and_a_stranger_takes_over_nothing(app, lead, world, draft):
    world(change_partnership, draft)
    lead.get(draft.path)
    assert "De Vennen kwam erbij." in lead.get(draft.path).text
    stranger = Visitor(app).sign_in(world(given_person, "Bram Nijs").email)
    assert stranger.post(f"{draft.path}/parts", page="/account").status_code == 404


def test_where_a_call_does_not_ask_who_receives_funds_every_core_partner_does(visitor, world):
    draft = world(given_team_draft, "formation")
    visitor.sign_in(draft.lead)
    assert visitor.get(draft.path).text.count("Ontvangt middelen") == 2
    form = visitor.get(part_of(draft, draft.partner_id)).text
    assert 'name="task"' in form
    assert 'name="receives_funds"' not in form


def test_earlier_aid_is_declared_by_year_and_set_against_the_ceiling(lead, draft):
    page = part_of(draft, draft.promotor_id)
    shown = lead.get(page).text
    years = [name for name in ("aid_2019", "aid_2020", "aid_2021", "aid_2022", "aid_2023") if f'name="{name}"' in shown]
    assert years == ["aid_2020", "aid_2021", "aid_2022"]
    aid = {"aid_2020": "100.000", "aid_2021": "", "aid_2022": "0"}
    assert lead.post(page, {**PART, "version": 1, **aid}).status_code == 302
    shown = lead.get(page).text.replace("\xa0", " ")
    assert "€ 500.000,00" in shown
    assert "20,0 %" in shown
    assert 'value="100000,00"' in shown
    assert "hidden" in shown.split("data-above", 1)[1].split(">", 1)[0]
    assert lead.post(page, {**PART, "version": 2, **aid, "aid_2021": "400.000,01"}).status_code == 302
    over = lead.get(page).text
    assert "hidden" not in over.split("data-above", 1)[1].split(">", 1)[0]
    assert "boven het plafond" in over
