"""Many costs of one partner on one page: saved together or not at all, and nothing another typed is overwritten."""

import re

import pytest

from portal.core.actor import Role
from tests.world.accounts import given_person
from tests.world.drafting import close_round, given_team_draft
from tests.world.http import Visitor

WHY = "Twee digihelpers in de knooppunten, samen 1,2 voltijds."
ROW = re.compile(r'name="(lines-\d+-(?:number|version|was))" value="([^"]*)"')


def a_row(place, **changes):
    row = {
        "category": "staff",
        "year": 2023,
        "quantity": "12",
        "unit_price_amount": "2.550,50",
        "explanation": WHY,
        **changes,
    }
    return {f"lines-{place}-{name}": value for name, value in row.items()}


@pytest.fixture
def page(draft):
    return f"{draft.path}/budget/partners/{draft.partner_id}"


def shown_rows(visitor, page):
    return dict(ROW.findall(visitor.get(page).text))


def plain(answer):
    return answer.text.replace("\xa0", " ")


def test_costs_are_added_changed_and_removed_in_one_go(lead, page):
    operating = a_row(1, category="operating", quantity="2", unit_price_amount="100", explanation="Drukwerk, elk jaar.")
    answer = lead.post(page, {**a_row(0), **operating, "next": "stay"})
    assert (answer.status_code, answer.location) == (302, page)
    assert "€ 30.806,00" in plain(lead.get(page))
    kept = shown_rows(lead, page)
    changed = {**kept, **a_row(0, quantity="1"), **operating, "lines-1-remove": "y", **a_row(2, category="external")}
    answer = lead.post(page, {**changed, "next": "budget"})
    assert answer.location.endswith("/budget?partner=" + page.rsplit("/", 1)[1])
    shown = plain(lead.get(page))
    assert "€ 33.156,50" in shown  # 2,550.50 + 30,606.00
    assert "Drukwerk" not in shown


def test_a_blank_row_says_nothing_and_a_button_adds_another(lead, page):
    blank = a_row(0, quantity="", unit_price_amount="", explanation="")
    assert lead.post(page, blank).status_code == 302
    assert "lines-0-number" not in lead.get(page).text
    more = lead.post(page, {**a_row(0), "add": "row"})
    assert more.status_code == 200
    assert WHY in more.text
    assert 'id="lines-1"' in more.text
    assert "lines-0-number" not in lead.get(page).text


def test_one_cost_that_cannot_be_stored_keeps_all_from_being_stored(lead, page):
    answer = lead.post(page, {**a_row(0), **a_row(1, quantity="0"), **a_row(2, unit_price_amount="veel", year=1999)})
    assert answer.status_code == 422
    assert "Vul een bedrag in euro in" in error_at(answer, "lines-2-unit_price_amount")
    answer = lead.post(page, {**a_row(0), **a_row(1, quantity="0")})
    assert answer.status_code == 422
    assert "Vul een aantal groter dan 0 in." in error_at(answer, "lines-1-quantity")
    assert "lines-0-number" not in lead.get(page).text


def error_at(answer, field):
    return answer.text.split(f'id="{field}-error"', 1)[1].split("</p>", 1)[0]


def test_a_row_that_nobody_touched_leaves_what_another_saved_in_it(lead, partner, page):
    lead.post(page, {**a_row(0), **a_row(1, category="external")})
    before = shown_rows(lead, page)
    theirs = {
        **before,
        **a_row(0, explanation="Wat De Brem er zelf van maakte, met reden."),
        **a_row(1, category="external"),
    }
    assert partner.post(page, theirs).status_code == 302
    mine = {**before, **a_row(0), **a_row(1, category="external", quantity="3")}
    assert lead.post(page, mine).status_code == 302
    shown = lead.get(page).text
    assert "Wat De Brem er zelf van maakte, met reden." in shown
    assert 'name="lines-1-quantity"' in shown
    assert 'value="3"' in shown


def test_who_changed_a_row_that_another_changed_reads_both_and_decides(lead, partner, page):
    lead.post(page, a_row(0))
    before = shown_rows(lead, page)
    partner.post(page, {**before, **a_row(0, explanation="Wat De Brem er zelf van maakte, met reden.")})
    answer = lead.post(page, {**before, **a_row(0, explanation="Mijn eigen uitleg, van tien voor vier.")})
    assert answer.status_code == 409
    assert "Wat De Brem er zelf van maakte, met reden." in answer.text
    assert "Mijn eigen uitleg, van tien voor vier." in answer.text
    again = {**dict(ROW.findall(answer.text)), **a_row(0, explanation="Mijn eigen uitleg, van tien voor vier.")}
    assert again["lines-0-version"] == "2"
    assert lead.post(page, again).status_code == 302
    assert "Mijn eigen uitleg, van tien voor vier." in lead.get(page).text


def test_who_changed_a_row_that_another_removed_can_add_it_anew(lead, partner, page):
    lead.post(page, a_row(0))
    before = shown_rows(lead, page)
    partner.post(page, {**before, **a_row(0), "lines-0-remove": "y"})
    answer = lead.post(page, {**before, **a_row(0, explanation="Geschreven terwijl ze verdween.")})
    assert answer.status_code == 409
    assert "Iemand verwijderde deze kost" in answer.text
    assert "lines-0-number" not in answer.text
    assert lead.post(page, a_row(0, explanation="Geschreven terwijl ze verdween.")).status_code == 302
    assert "Geschreven terwijl ze verdween." in lead.get(page).text


def test_the_address_chooses_the_costs_of_a_category_and_a_year(lead, page):
    rows = {**a_row(0, explanation="Lonen in 2023."), **a_row(1, year=2024, explanation="Lonen in 2024.")}
    lead.post(page, {**rows, **a_row(2, category="external", explanation="Extern.")})
    shown = lead.get(f"{page}?category=staff&year=2024").text
    assert "Lonen in 2024." in shown
    assert "Lonen in 2023." not in shown
    assert "Extern." not in shown
    kept = shown_rows(lead, f"{page}?category=staff&year=2024")
    change = {**kept, **a_row(0, year=2024, explanation="Lonen in 2024, herzien.")}
    assert lead.post(f"{page}?category=staff&year=2024", change).status_code == 302
    all_of_them = lead.get(page).text
    assert "Lonen in 2023." in all_of_them
    assert "Lonen in 2024, herzien." in all_of_them


def test_a_partner_writes_its_own_costs_and_cannot_reach_those_of_another(lead, partner, draft, page):
    of_promotor = f"{draft.path}/budget/partners/{draft.promotor_id}"
    assert lead.post(of_promotor, a_row(0)).status_code == 302
    assert partner.post(page, a_row(0)).status_code == 302
    assert partner.get(of_promotor).status_code == 403
    stolen = {**shown_rows(lead, of_promotor), **a_row(0, explanation="Van een ander.")}
    assert partner.post(page, stolen).status_code == 404
    assert "Van een ander." not in lead.get(of_promotor).text


def test_after_the_deadline_every_cost_is_kept_for_its_author(lead, world, draft, page):
    world(close_round, draft.reference)
    late = {**a_row(0, explanation="Te laat, de eerste."), **a_row(1, explanation="Te laat, de tweede.")}
    answer = lead.post(page, late, page="/account")
    assert answer.status_code == 422
    kept = lead.get(f"{draft.path}/kept").text
    assert "Te laat, de eerste." in kept
    assert "Te laat, de tweede." in kept


def test_a_case_officer_changes_nothing_and_a_stranger_finds_nothing(app, world, page):
    officer = Visitor(app).sign_in(world(given_person, roles=[Role.CASE_OFFICER]).email)
    assert officer.post(page, a_row(0), page="/account").status_code == 403
    assert Visitor(app).sign_in(world(given_person).email).get(page).status_code == 404


def test_a_call_that_asks_amounts_only_has_no_year_and_no_quantity_in_its_rows(world, visitor):
    draft = world(given_team_draft, "formation")
    page = f"{draft.path}/budget/partners/{draft.partner_id}"
    form = visitor.sign_in(draft.lead).get(page).text
    assert "-year" not in form
    assert "-quantity" not in form
    row = {name: value for name, value in a_row(0).items() if not name.endswith(("year", "quantity"))}
    assert visitor.post(page, row).status_code == 302
    again = {**shown_rows(visitor, page), **row}
    assert visitor.post(page, again).status_code == 302
    assert "€ 2.550,50" in plain(visitor.get(page))


def test_rows_with_odd_numbers_break_nothing(lead, page):
    assert lead.post(page, {"lines-²-category": "staff", "lines-99999999999-category": "staff"}).status_code == 302


def test_the_page_costs_the_same_for_one_row_and_for_three(lead, page, count_statements):
    lead.post(page, a_row(0))
    lead.get(page)
    with count_statements() as one:
        lead.get(page)
    lead.post(page, {**a_row(0), **a_row(1)})
    with count_statements() as three:
        lead.get(page)
    assert len(three) == len(one)
