"""The budget in the browser: costs come, change and go, and a partner reads another's staff costs as one total."""

import pytest

from portal.core.actor import Role
from tests.world.accounts import given_person
from tests.world.drafting import close_round, given_team_draft
from tests.world.http import Visitor

WHY = "Twee digihelpers in de knooppunten, samen 1,2 voltijds."


def a_cost(draft, **changes):
    cost = {
        "organisation": draft.promotor_id,
        "category": "staff",
        "year": 2023,
        "quantity": "12",
        "unit_price_amount": "2.550,50",
        "explanation": WHY,
    }
    return {**cost, **changes}


def test_a_cost_is_added_changed_and_removed(lead, draft):
    page = f"{draft.path}/budget"
    assert "Nog geen kosten" in lead.get(page).text
    answer = lead.post(f"{page}/lines/add", a_cost(draft))
    assert (answer.status_code, answer.location) == (302, f"{page}?partner={draft.promotor_id}")
    shown = lead.get(page).text
    assert "€ 30.606,00" in shown.replace("\xa0", " ")
    assert WHY in shown
    line = number_of_the_line(shown)
    assert lead.post(f"{page}/lines/{line}", a_cost(draft, version=1, quantity="0,5")).status_code == 302
    assert "€ 1.275,25" in lead.get(page).text.replace("\xa0", " ")
    assert lead.post(f"{page}/lines/{line}/remove").status_code == 302
    assert "Nog geen kosten" in lead.get(page).text


def number_of_the_line(page):
    return int(page.split("/budget/lines/", 2)[2].split('"', 1)[0])


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("unit_price_amount", "-1", "Vul een prijs van 0 euro of meer in."),
        ("unit_price_amount", "1e99", "Dit bedrag is groter dan het portaal aankan."),
        ("unit_price_amount", "veel", "Vul een bedrag in euro in, bijvoorbeeld 12.500,50."),
        ("quantity", "0", "Vul een aantal groter dan 0 in."),
        ("quantity", "NaN", "Vul een getal met hoogstens twee decimalen in, bijvoorbeeld 12 of 0,5."),
        ("organisation", "999999", "keuze"),
        ("category", "wages", "keuze"),
        ("year", "1999", "keuze"),
        ("explanation", "x" * 501, "Dit zijn 501 tekens"),
    ],
)
def test_what_cannot_be_a_cost_comes_back_at_its_field_with_all_that_was_typed(lead, draft, field, typed, sentence):
    answer = lead.post(f"{draft.path}/budget/lines/add", a_cost(draft, **{field: typed}))
    assert answer.status_code == 422
    error = answer.text.split(f'id="{field}-error"', 1)[1].split("</p>", 1)[0]
    assert sentence in error
    assert "govuk-error-summary" in answer.text
    assert field == "explanation" or WHY in answer.text
    assert "Nog geen kosten" in lead.get(f"{draft.path}/budget").text


def test_a_cent_above_the_highest_grant_is_said_on_the_budget(lead, draft):
    page = f"{draft.path}/budget"
    lead.post(f"{page}/lines/add", a_cost(draft, quantity="1", unit_price_amount="500.000,00"))
    assert "boven de hoogste subsidie" not in lead.get(page).text
    lead.post(f"{page}/lines/add", a_cost(draft, category="operating", quantity="1", unit_price_amount="0,01"))
    shown = lead.get(page).text.replace("\xa0", " ")
    assert "€ 0,01 boven de hoogste subsidie van € 500.000,00" in shown
    assert "U vraagt € 500.000,01; de hoogste subsidie is € 500.000,00." in shown


def test_a_partner_reads_anothers_staff_costs_as_one_total_and_cannot_open_a_line(lead, partner, draft):
    page = f"{draft.path}/budget"
    for year, price in ((2023, "1.000,00"), (2024, "2.000,00")):
        lead.post(f"{page}/lines/add", a_cost(draft, year=year, quantity="1", unit_price_amount=price))
    lead.post(
        f"{page}/lines/add", a_cost(draft, category="operating", explanation="Drukwerk en verplaatsingen, elk jaar.")
    )
    of_promotor = f"{page}?partner={draft.promotor_id}"
    assert WHY in lead.get(of_promotor).text
    line = number_of_the_line(lead.get(of_promotor).text)
    shown = partner.get(of_promotor).text.replace("\xa0", " ")
    assert WHY not in shown
    assert "€ 3.000,00" in shown
    assert "€ 1.000,00" not in shown
    assert "€ 2.000,00" not in shown
    assert "Drukwerk en verplaatsingen" in shown
    assert partner.get(f"{page}/lines/{line}").status_code == 404
    assert lead.get(f"{page}/lines/{line}").status_code == 200


def test_a_partner_writes_its_own_costs_only_and_the_lead_partner_all(lead, partner, draft):
    add = f"{draft.path}/budget/lines/add"
    assert partner.post(add, a_cost(draft)).status_code == 422
    assert partner.post(add, a_cost(draft, organisation=draft.partner_id)).status_code == 302
    assert lead.post(add, a_cost(draft, organisation=draft.partner_id, category="operating")).status_code == 302
    lead.post(add, a_cost(draft, category="external"))
    line = number_of_the_line(lead.get(f"{draft.path}/budget?partner={draft.promotor_id}").text)
    assert partner.get(f"{draft.path}/budget/lines/{line}").status_code == 403
    assert partner.post(f"{draft.path}/budget/lines/{line}/remove", page="/account").status_code == 403


def test_who_saves_a_line_that_another_changed_reads_both_and_loses_nothing(lead, partner, draft):
    page = f"{draft.path}/budget"
    lead.post(f"{page}/lines/add", a_cost(draft, organisation=draft.partner_id))
    line = number_of_the_line(lead.get(f"{page}?partner={draft.partner_id}").text)
    change = a_cost(draft, organisation=draft.partner_id, version=1)
    assert partner.post(f"{page}/lines/{line}", {**change, "quantity": "7"}).status_code == 302
    answer = lead.post(f"{page}/lines/{line}", {**change, "explanation": "Mijn eigen uitleg, van tien voor vier."})
    assert answer.status_code == 409
    assert "Iemand wijzigde deze kost" in answer.text
    assert "Mijn eigen uitleg, van tien voor vier." in answer.text
    assert 'name="version" value="2"' in answer.text
    assert lead.post(f"{page}/lines/{line}", {**change, "version": 2}).status_code == 302


def test_who_saves_a_line_that_another_removed_can_add_it_again(lead, partner, draft):
    page = f"{draft.path}/budget"
    lead.post(f"{page}/lines/add", a_cost(draft, organisation=draft.partner_id))
    line = number_of_the_line(lead.get(f"{page}?partner={draft.partner_id}").text)
    assert lead.post(f"{page}/lines/{line}/remove").status_code == 302
    change = a_cost(draft, organisation=draft.partner_id, version=1, explanation="Geschreven terwijl ze verdween.")
    answer = partner.post(f"{page}/lines/{line}", change, page="/account")
    assert answer.status_code == 409
    assert "Iemand verwijderde deze kost" in answer.text
    assert "Geschreven terwijl ze verdween." in answer.text
    assert f'action="{page}/lines/add"' in answer.text
    assert partner.get(f"{page}/lines/{line}").status_code == 404
    assert partner.post(f"{page}/lines/{line}", a_cost(draft), page="/account").status_code == 404
    assert "Geschreven" not in lead.get(f"{page}?partner={draft.partner_id}").text


def test_after_the_deadline_the_budget_is_read_only_and_a_late_cost_stays_on_the_screen(lead, world, draft):
    lead.post(f"{draft.path}/budget/lines/add", a_cost(draft))
    world(close_round, draft.reference)
    shown = lead.get(f"{draft.path}/budget").text
    assert WHY in shown
    assert "/budget/lines/add" not in shown
    late = lead.post(f"{draft.path}/budget/lines/add", a_cost(draft, explanation="Te laat, maar niet verloren."))
    assert late.status_code == 422
    assert "De deadline is voorbij." in late.text
    assert "Te laat, maar niet verloren." in late.text
    assert f'href="{draft.path}/kept"' in late.text
    unfit = a_cost(draft, unit_price_amount="veel", explanation="Te laat en fout, en toch nog op het scherm.")
    assert "Te laat en fout" in lead.post(f"{draft.path}/budget/lines/add", unfit, page="/account").text
    assert "Te laat, maar niet verloren." in lead.get(f"{draft.path}/kept").text


def test_a_stranger_finds_nothing_and_a_case_officer_reads_all_and_changes_nothing(app, lead, world, draft):
    page = f"{draft.path}/budget"
    lead.post(f"{page}/lines/add", a_cost(draft))
    assert Visitor(app).sign_in(world(given_person).email).get(page).status_code == 404
    officer = Visitor(app).sign_in(world(given_person, roles=[Role.CASE_OFFICER]).email)
    assert WHY in officer.get(page).text
    assert officer.post(f"{page}/lines/add", a_cost(draft), page="/account").status_code == 403


def test_a_call_that_asks_amounts_only_asks_no_year_and_no_quantity(world, visitor):
    draft = world(given_team_draft, "formation")
    add = f"{draft.path}/budget/lines/add"
    form = visitor.sign_in(draft.lead).get(add).text
    assert 'name="year"' not in form
    assert 'name="quantity"' not in form
    cost = {key: value for key, value in a_cost(draft).items() if key not in ("year", "quantity")}
    assert visitor.post(add, cost).status_code == 302
    assert "€ 2.550,50" in visitor.get(f"{draft.path}/budget").text.replace("\xa0", " ")


def test_the_budget_costs_the_same_for_one_line_and_for_three(lead, draft, count_statements):
    page = f"{draft.path}/budget"
    lead.post(f"{page}/lines/add", a_cost(draft))
    lead.get(page)
    with count_statements() as one:
        lead.get(page)
    for organisation in (draft.promotor_id, draft.partner_id):
        lead.post(f"{page}/lines/add", a_cost(draft, organisation=organisation))
    with count_statements() as three:
        lead.get(page)
    assert len(three) == len(one)
