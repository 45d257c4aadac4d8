"""Signing off in the browser: what is confirmed, by whom, who asks for it, and what nobody else reads."""

import re
from decimal import Decimal

import pytest

from portal.applications.commands.budget import Cost, add_line
from portal.applications.commands.parts import PartAnswers, save_part
from portal.applications.queries import get_application
from portal.applications.states import VatStatus
from tests.world.accounts import ctx_for
from tests.world.drafting import close_round
from tests.world.http import Visitor
from tests.world.partners import given_partners_draft


def given_priced_draft():
    """Each partner receives funds and has one wage of its own."""
    draft = given_partners_draft()
    application = get_application(draft.reference)
    for side, price in ((draft.promotor, "91000"), (draft.brem, "47113"), (draft.lus, "38117")):
        answers = PartAnswers("Richt knooppunten in.", receives_funds=True, vat_status=VatStatus.LIABLE)
        save_part(ctx_for(), application, side.organisation_id, answers, 1)
        wage = Cost(side.organisation_id, "staff", 2023, Decimal(1), Decimal(price), "Een halftijdse digihelper.")
        add_line(ctx_for(), application, wage)
    return draft


@pytest.fixture
def draft(world):
    return world(given_priced_draft)


@pytest.fixture
def people(app, visitor, draft):
    visitor.sign_in(draft.promotor.email)
    return visitor, Visitor(app).sign_in(draft.brem.email), Visitor(app).sign_in(draft.lus.email)


def page_of(draft, side, what="sign"):
    return f"{draft.path}/parts/{side.organisation_id}/{what}"


def sign(who, draft, side):
    page = page_of(draft, side)
    return who.post(page, {"sha256": re.search(r'name="sha256" value="(\w{64})"', who.get(page).text)[1]})


def test_a_partner_reads_what_it_confirms_and_signs_and_everybody_reads_that_it_did(draft, people):
    lead, brem, lus = people
    shown = brem.get(page_of(draft, draft.brem)).text
    for words in ("kernpartner", "Richt knooppunten in.", "Btw-plichtig", "2023", "€ 47.113,00"):
        assert words.lower() in shown.lower().replace("\xa0", " "), words
    assert sign(brem, draft, draft.brem).status_code == 302
    for who in (lead, brem, lus):
        overview = who.get(draft.path).text
        assert "An Maes, " in overview
        assert overview.count("Bevestiging ontbreekt") == 1
    assert "Bevestigd door An Maes" in brem.get(page_of(draft, draft.brem)).text


def test_only_who_may_sign_for_the_partner_does_and_its_page_is_hidden_from_other_partners(draft, people):
    lead, brem, lus = people
    own = page_of(draft, draft.brem)
    assert lead.get(own).status_code == 403
    assert lead.post(own, {"sha256": "0" * 64}, page="/account").status_code == 403
    assert lus.get(own).status_code == 404
    assert lus.post(own, {"sha256": "0" * 64}, page="/account").status_code == 404
    assert brem.get(own).status_code == 200
    assert brem.get(page_of(draft, draft.promotor)).status_code == 404


def test_what_was_changed_meanwhile_is_read_again_before_it_is_signed(draft, people):
    lead, brem, _lus = people
    page = page_of(draft, draft.brem)
    seen = re.search(r'name="sha256" value="(\w{64})"', brem.get(page).text)[1]
    part = {"version": 2, "task": "Iets anders.", "receives_funds": "y", "vat_status": "liable"}
    assert lead.post(page_of(draft, draft.brem, "").rstrip("/"), part).status_code == 302
    answer = brem.post(page, {"sha256": seen})
    assert answer.status_code == 422
    assert "Dit deel is gewijzigd sinds u de pagina opende." in answer.text
    assert "Iets anders." in answer.text
    assert sign(brem, draft, draft.brem).status_code == 302


def test_the_lead_partner_reminds_once_a_day_and_a_partner_does_not(draft, people):
    lead, brem, _lus = people
    remind = page_of(draft, draft.lus, "remind")
    assert "Nu herinneren" in lead.get(draft.path).text
    assert "Nu herinneren" not in brem.get(draft.path).text
    assert lead.post(remind, page=draft.path).status_code == 302
    assert "Wij mailen wie mag tekenen voor De Lus." in lead.get(draft.path).text
    lead.post(remind, page=draft.path)
    assert "De Lus kreeg vandaag al een herinnering." in lead.get(draft.path).text
    assert brem.post(remind, page="/account").status_code == 403


def test_going_on_without_funds_says_what_falls_away_first_and_can_be_undone(draft, people):
    lead, brem, _lus = people
    page = page_of(draft, draft.lus, "without-funds")
    shown = lead.get(page).text.replace("\xa0", " ")
    assert all(amount in shown for amount in ("€ 38.117,00", "€ 176.230,00", "€ 138.113,00"))
    assert brem.get(page).status_code == 403
    assert lead.post(page).status_code == 302
    budget = lead.get(f"{draft.path}/budget?partner={draft.lus.organisation_id}").text.replace("\xa0", " ")
    assert "€ 138.113,00" in budget
    assert "€ 38.117,00" in budget
    assert "Zijn kosten blijven hier staan en tellen niet mee." in budget
    assert "Bevestiging ontbreekt" not in lead.get(draft.path).text.split("De Lus</b>", 1)[1].split("</li>", 1)[0]
    assert lead.get(page).status_code == 404
    assert brem.post(page_of(draft, draft.lus, "with-funds"), page="/account").status_code == 403
    assert lead.post(page_of(draft, draft.lus, "with-funds"), page=draft.path).status_code == 302
    assert "€ 176.230,00" in lead.get(f"{draft.path}/budget").text.replace("\xa0", " ")


def test_the_check_page_names_who_is_missing_and_offers_both_ways_out(draft, people):
    lead, brem, _lus = people
    sign(brem, draft, draft.brem)
    shown = lead.get(f"{draft.path}/check").text
    assert "De Lus bevestigde zijn deel nog niet." in shown
    assert "De Brem bevestigde" not in shown
    assert page_of(draft, draft.lus, "remind") in shown
    assert page_of(draft, draft.lus, "without-funds") in shown
    assert page_of(draft, draft.brem, "remind") not in shown


def test_a_closed_round_offers_nothing_of_it(draft, people, world):
    lead, brem, _lus = people
    world(close_round, draft.reference)
    overview = lead.get(draft.path).text
    assert "Bevestiging ontbreekt" in overview
    assert "Nu herinneren" not in overview
    assert 'name="sha256"' not in brem.get(page_of(draft, draft.brem)).text
    assert "tellen niet mee" not in lead.get(page_of(draft, draft.lus, "without-funds")).text
    assert lead.post(page_of(draft, draft.lus, "without-funds"), page="/account").status_code == 422
    assert lead.post(page_of(draft, draft.lus, "remind"), page="/account").status_code == 422
