"""The budget as a workbook: out as its reader sees it, and in again after a page that says what would change."""

import html
import io
import json
import re

import openpyxl
import pytest

from portal.core.actor import Role
from tests.world.accounts import given_person
from tests.world.drafting import close_round, given_team_draft
from tests.world.http import Visitor

WHY = "Twee digihelpers in de knooppunten, samen 1,2 voltijds."
HEADER = [
    "Lijn",
    "Partner",
    "Kostenrubriek",
    "Jaar",
    "Aantal",
    "Eenheidsprijs",
    "Bedrag (berekend door het portaal)",
    "Toelichting",
]
SENT = re.compile(r'name="plan" value="([^"]*)"')


@pytest.fixture
def lead(visitor, draft):
    """The lead partner, with two costs of its own and one of De Brem."""
    lead = visitor.sign_in(draft.lead)
    add = f"{draft.path}/budget/lines/add"
    cost = {"category": "staff", "year": 2023, "quantity": "12", "unit_price_amount": "2.550,50", "explanation": WHY}
    assert lead.post(add, {**cost, "organisation": draft.promotor_id}).status_code == 302
    formula = {**cost, "category": "external", "explanation": '=HYPERLINK("http://x.example")'}
    assert lead.post(add, {**formula, "organisation": draft.promotor_id}).status_code == 302
    assert lead.post(add, {**cost, "organisation": draft.partner_id}).status_code == 302
    return lead


@pytest.fixture
def partner(app, draft, lead):
    return Visitor(app).sign_in(draft.partner)


def exported(visitor, draft):
    answer = visitor.get(f"{draft.path}/budget/export")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def rows_of(book):
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def sent_in(visitor, draft, book):
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return visitor.post(f"{draft.path}/budget/import", {"file": (out, "begroting.xlsx")})


def apply(visitor, draft, dry_run):
    plan = html.unescape(SENT.search(dry_run.text).group(1))
    return visitor.post(f"{draft.path}/budget/import/apply", {"plan": plan}, page=f"{draft.path}/budget/import")


def plain(answer):
    return answer.text.replace("\xa0", " ")


def test_the_export_gives_what_its_reader_sees_and_formulas_are_text(lead, partner, draft):
    header, first, second, brem = rows_of(exported(lead, draft))
    assert header == HEADER
    assert [first[2:], second[7], brem[1]] == [
        ["Loonkosten", 2023, 12, 2550.5, 30606, WHY],
        '=HYPERLINK("http://x.example")',
        "De Brem",
    ]
    shown = rows_of(exported(partner, draft))
    assert len(shown) == 4
    assert [row for row in shown if row[7] == WHY] == [brem]
    assert shown[3][3:7] == [None, None, None, 30606]
    said = {row[0].value for row in exported(partner, draft)["portal"].iter_rows()}
    assert said == {"reference", f"partner-{draft.partner_id}"}


def test_a_workbook_is_read_first_and_carried_out_when_one_says_so(lead, draft):
    book = exported(lead, draft)
    sheet = book.worksheets[0]
    sheet["E2"] = 6
    sheet.delete_rows(3)
    sheet.append(
        [None, "De Brem", "Operating costs", "2024", "1.250,5", 2, None, "Drukwerk van de folder, drie keer per jaar."]
    )
    page = f"{draft.path}/budget"
    shown = sent_in(lead, draft, book)
    assert shown.status_code == 200
    for words in ("1 kost komt erbij", "1 kost verandert", "1 kost verdwijnt", "1 kost blijft zoals ze is."):
        assert words in shown.text
    assert '<del class="dp-muted">12 × € 2.550,50</del><br><ins>6 × € 2.550,50</ins>' in plain(shown)
    assert "€ 48.410,00" in plain(shown)  # 15,303 + 30,606 + 2,501
    assert "€ 91.818,00" in plain(lead.get(page))
    assert apply(lead, draft, shown).location == page
    assert "€ 48.410,00" in plain(lead.get(page))
    assert "HYPERLINK" not in lead.get(f"{page}?partner={draft.promotor_id}").text
    assert "Drukwerk van de folder" in lead.get(f"{page}?partner={draft.partner_id}").text


def test_what_nobody_changed_changes_nothing(lead, draft):
    shown = sent_in(lead, draft, exported(lead, draft))
    assert "3 kosten blijven zoals ze zijn." in shown.text
    assert "er is niets te wijzigen" in shown.text
    assert not SENT.search(shown.text)


@pytest.mark.parametrize(
    ("cell", "value", "sentence"),
    [
        ("A2", 999999, "U hebt geen lijn met dit nummer."),
        ("A3", "=A2", "U hebt geen lijn met dit nummer."),
        ("B2", "Een vreemde", "Kies een partner van deze aanvraag die kosten kan hebben"),
        ("C2", "Lonen", "Kies een kostenrubriek van deze oproep"),
        ("D2", "volgend jaar", "Vul een jaar in"),
        ("D2", 1999, "Kies een jaar van het programma."),
        ("E2", "=6*2", "Deze cel bevat een formule."),
        ("E2", 0, "Vul een aantal groter dan 0 in."),
        ("E2", 1.005, "Vul een getal met hoogstens twee decimalen in"),
        ("E2", True, "Vul een getal met hoogstens twee decimalen in"),
        ("F2", -1, "Vul een prijs van 0 euro of meer in."),
        ("F2", None, "Vul een getal met hoogstens twee decimalen in"),
        ("H2", "x" * 501, "Kort deze tekst in tot 500 tekens."),
    ],
)
def test_what_is_wrong_is_said_with_its_row_and_its_column_and_nothing_changes(lead, draft, cell, value, sentence):
    book = exported(lead, draft)
    book.worksheets[0][cell] = value
    answer = sent_in(lead, draft, book)
    assert answer.status_code == 422
    assert f">Rij {cell[1:]}</th>" in answer.text
    assert f">{cell[0]}, {HEADER['ABCDEFGH'.index(cell[0])]}</td>" in answer.text
    assert sentence in answer.text
    assert not SENT.search(answer.text)


def test_a_line_that_stands_twice_and_a_missing_column_are_said(lead, draft):
    book = exported(lead, draft)
    sheet = book.worksheets[0]
    sheet["A3"] = sheet["A2"].value
    assert "Deze lijn staat twee keer in het bestand." in sent_in(lead, draft, book).text
    sheet.delete_cols(5)
    assert "ontbreekt de kolom “Aantal”" in sent_in(lead, draft, book).text


def test_a_workbook_from_elsewhere_is_refused(lead, draft):
    book = exported(lead, draft)
    book["portal"]["B1"] = "DB-B-2022-3-0999"
    assert "Dit bestand hoort bij aanvraag DB-B-2022-3-0999" in sent_in(lead, draft, book).text
    del book["portal"]
    assert "Dit bestand komt niet uit deze begroting." in sent_in(lead, draft, book).text
    bad = lead.post(f"{draft.path}/budget/import", {"file": (io.BytesIO(b"%PDF-1.7"), "begroting.xlsx")})
    assert bad.status_code == 422
    assert "Dit is geen Excel-werkmap" in bad.text
    assert lead.post(f"{draft.path}/budget/import", {}).status_code == 422


def test_a_budget_that_changed_since_the_export_is_not_overwritten(lead, partner, draft):
    book = exported(lead, draft)
    book.worksheets[0]["E2"] = 6
    dry_run = sent_in(lead, draft, book)
    cost = {"organisation": draft.partner_id, "category": "external", "year": 2024, "quantity": "1"}
    cost |= {"unit_price_amount": "10", "explanation": "Een nieuwe kost, die er intussen bij kwam."}
    assert partner.post(f"{draft.path}/budget/lines/add", cost).status_code == 302
    late = apply(lead, draft, dry_run)
    assert late.status_code == 422
    assert "De kosten van De Brem veranderden" in late.text
    assert "De kosten van De Brem veranderden" in sent_in(lead, draft, book).text
    assert "12 × € 2.550,50" in plain(lead.get(f"{draft.path}/budget?partner={draft.promotor_id}"))


def test_a_partner_touches_its_own_lines_only(lead, partner, draft):
    book = exported(partner, draft)
    sheet = book.worksheets[0]
    own = next(row for row in sheet.iter_rows(min_row=2) if row[1].value == "De Brem")
    own[4].value = 1
    others = [row for row in sheet.iter_rows(min_row=2) if row[1].value != "De Brem"]
    others[0][7].value = "Wat een ander ervan maakt."
    shown = sent_in(partner, draft, book)
    assert "1 kost verandert" in shown.text
    assert "2 rijen blijven onaangeroerd" in shown.text
    assert "verdwijn" not in shown.text.split("Een nieuwe kost")[0]
    assert apply(partner, draft, shown).status_code == 302
    of_lead = lead.get(f"{draft.path}/budget?partner={draft.promotor_id}").text
    assert "Wat een ander ervan maakt." not in of_lead
    assert WHY in of_lead
    forged = {
        "plan": json.dumps({"said": {}, "changes": [[None, 0, [draft.promotor_id, "staff", 2023, "1", "1", "x"]]]})
    }
    answer = partner.post(f"{draft.path}/budget/import/apply", forged, page=f"{draft.path}/budget/import")
    assert answer.status_code == 422


@pytest.mark.parametrize("plan", ["", "{}", "[]", '{"said": {}, "changes": [[1, 2]]}', '{"said": 1, "changes": []}'])
def test_a_plan_that_is_none_is_refused(lead, draft, plan):
    answer = lead.post(f"{draft.path}/budget/import/apply", {"plan": plan}, page=f"{draft.path}/budget/import")
    assert answer.status_code == 422
    assert "Kies de werkmap opnieuw" in answer.text


def test_after_the_deadline_an_import_changes_nothing_and_keeps_what_it_brought(lead, world, draft):
    book = exported(lead, draft)
    book.worksheets[0]["H2"] = "Te laat uit de werkmap, maar niet verloren."
    dry_run = sent_in(lead, draft, book)
    world(close_round, draft.reference)
    plan = html.unescape(SENT.search(dry_run.text).group(1))
    late = lead.post(f"{draft.path}/budget/import/apply", {"plan": plan}, page="/account")
    assert late.status_code == 422
    assert "Te laat uit de werkmap" in lead.get(f"{draft.path}/kept").text
    assert "Te laat uit de werkmap" not in lead.get(f"{draft.path}/budget").text


def test_who_may_export_and_who_may_import(app, world, lead, draft):
    officer = Visitor(app).sign_in(world(given_person, roles=[Role.CASE_OFFICER]).email)
    assert len(rows_of(exported(officer, draft))) == 4
    assert officer.get(f"{draft.path}/budget/import").status_code == 403
    stranger = Visitor(app).sign_in(world(given_person).email)
    assert stranger.get(f"{draft.path}/budget/export").status_code == 404
    assert stranger.get(f"{draft.path}/budget/import").status_code == 404
    assert lead.get(f"{draft.path}/budget/import").status_code == 200


def test_a_call_that_asks_amounts_only_has_one_column_of_figures(world, visitor):
    draft = world(given_team_draft, "formation")
    visitor.sign_in(draft.lead)
    book = exported(visitor, draft)
    assert rows_of(book)[0] == ["Lijn", "Partner", "Kostenrubriek", "Bedrag", "Toelichting"]
    book.worksheets[0].append([None, "De Brem", "Loonkosten", 1200.5, "Gesprekken met de doelgroep."])
    shown = sent_in(visitor, draft, book)
    assert "1 kost komt erbij" in shown.text
    assert apply(visitor, draft, shown).status_code == 302
    assert "€ 1.200,50" in plain(visitor.get(f"{draft.path}/budget"))
