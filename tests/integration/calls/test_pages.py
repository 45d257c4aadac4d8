"""The round pages of administrators, and what everybody reads about calls."""

import pytest
import sqlalchemy as sa

from portal.calls.commands.rounds import cancel_round
from portal.calls.queries import get_round
from portal.calls.states import RoundState
from portal.core.actor import Role
from portal.core.db import db
from portal.core.event_log import EventRow
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.calls import given_announced_round, given_drafted_round, given_programmes
from tests.world.http import Visitor
from tests.world.partnerships import given_partnership
from tests.world.time import FakeClock

ROUND = {
    "opens_at": "2030-02-01T09:00",
    "closes_at": "2030-03-01T12:00",
    "decision_due_on": "2030-06-01",
    "projects_start_on": "2030-07-01",
    "budget_amount": "1.500.000,00",
    "ranking_policy": "strict",
}
DRAFT = "/admin/calls/digibanken/formation/draft-round"


def test_an_administrator_drafts_and_a_case_officer_only_reads(app, visitor, world):
    world(given_programmes)
    officer = world(given_person, "Mieke Hendrickx", roles=[Role.CASE_OFFICER])
    administrator = world(given_person, "Sofie De Backer", roles=[Role.ADMINISTRATOR])
    assert Visitor(app).sign_in(officer.email).get(DRAFT).status_code == 403
    visitor.sign_in(administrator.email)
    assert visitor.get(DRAFT).status_code == 200
    late = visitor.post(DRAFT, ROUND)
    assert late.status_code == 422
    assert "1.500.000,00" in late.text, "what was typed stays"
    assert "Het programma eindigt" in late.text


def test_a_round_past_the_end_of_the_programme_is_refused_at_its_field_and_one_before_it_is_drafted(visitor, world):
    world(given_programmes)
    visitor.sign_in(world(given_person, "Sofie De Backer", roles=[Role.ADMINISTRATOR]).email)
    last = {**ROUND, "opens_at": "2024-02-05T09:00", "closes_at": "2024-03-29T12:00"}
    last |= {"decision_due_on": "2024-06-14", "projects_start_on": "2024-07-01"}
    refused = visitor.post(DRAFT, {**last, "closes_at": "2025-01-01T00:00"})
    assert refused.status_code == 422
    said = refused.text.split('id="closes_at-error"', 1)[1].split("</p>", 1)[0]
    assert "31 december 2024" in said.replace("\xa0", " ")
    assert "A-2024-1" not in visitor.get("/admin/rounds").text
    assert visitor.post(DRAFT, last).status_code == 302
    assert "A-2024-1" in visitor.get("/admin/rounds").text


def test_before_a_round_is_announced_the_page_says_who_is_told_when_it_opens(app, visitor, world, monkeypatch):
    round_, eva = world(given_drafted_round), world(given_person, "Eva Claes")
    world(given_partnership, world(given_organisation, eva))
    visitor.sign_in(world(given_person, "Sofie De Backer", roles=[Role.ADMINISTRATOR]).email)
    monkeypatch.setattr(app.wsgi_app, "clock", FakeClock("2022-01-20T10:00"))
    page = visitor.get(f"/admin/rounds/{round_.code}/announce").text
    assert "Wie een bericht krijgt wanneer ze opent" in page
    assert "Een voorbeeld: het bericht aan Eva Claes" in page
    with app.app_context():
        told = sa.select(sa.func.count()).select_from(EventRow).where(EventRow.topic == "round.opened")
        assert db.session.scalar(told) == 0, "looking ahead tells nobody"
    assert visitor.post(f"/admin/rounds/{round_.code}/announce").status_code == 302
    with app.app_context():
        assert get_round(round_.code).state == RoundState.ANNOUNCED
    for page in ("announce", "edit"):
        again = visitor.get(f"/admin/rounds/{round_.code}/{page}")
        assert again.status_code == 409, "what is frozen is not asked about again"
        assert f"Ronde {round_.code} is al aangekondigd" in again.text
        assert f'href="/admin/rounds/{round_.code}"' in again.text


def test_a_draft_that_was_cancelled_is_not_said_to_be_frozen(visitor, world):
    round_ = world(given_cancelled_round, given_drafted_round)
    visitor.sign_in(world(given_person, "Sofie De Backer", roles=[Role.ADMINISTRATOR]).email)
    page = visitor.get(f"/admin/rounds/{round_.code}/announce")
    assert page.status_code == 409
    assert f"Ronde {round_.code} is geannuleerd" in page.text
    assert "liggen vast" not in page.text


def test_a_budget_for_a_province_is_asked_kept_and_published(app, visitor, world, monkeypatch):
    world(given_programmes)
    visitor.sign_in(world(given_person, "Sofie De Backer", roles=[Role.ADMINISTRATOR]).email)
    dates = {"opens_at": "2024-02-05T09:00", "closes_at": "2024-03-29T12:00", "decision_due_on": "2024-06-14"}
    plan = {**ROUND, **dates, "projects_start_on": "2024-07-01"}
    for typed, sentence in (("veel", "Vul een bedrag in euro in"), ("2.000.000", "hoogstens het budget van de ronde")):
        refused = visitor.post(DRAFT, {**plan, "province-30000": typed})
        assert refused.status_code == 422
        said = refused.text.split('id="province-30000-error"', 1)[1].split("</p>", 1)[0]
        assert sentence in said
        assert said.count("<br>") == 0, "one mistake, one sentence"
        assert f'value="{typed}"' in refused.text, "what was typed stays"
    assert visitor.post(DRAFT, {**plan, "province-30000": "600.000,50"}).status_code == 302
    assert 'value="600000,50"' in visitor.get("/admin/rounds/A-2024-1/edit").text
    monkeypatch.setattr(app.wsgi_app, "clock", FakeClock("2022-01-20T10:00"))
    assert visitor.post("/admin/rounds/A-2024-1/announce").status_code == 302
    for page in ("/admin/rounds/A-2024-1", "/rounds/A-2024-1"):
        text = visitor.get(page).text.replace("\xa0", " ")
        assert "West-Vlaanderen" in text
        assert "€ 600.000,50" in text
        assert "Oost-Vlaanderen" not in text, "it has no budget of its own"


@pytest.mark.parametrize("amount", ["-1", "1e99", "NaN", "twaalf", "0", "12,345"])
def test_an_amount_that_is_no_budget_is_refused_at_its_field(visitor, world, amount):
    world(given_programmes)
    visitor.sign_in(world(given_person, "Sofie De Backer", roles=[Role.ADMINISTRATOR]).email)
    refused = visitor.post(DRAFT, {**ROUND, "budget_amount": amount})
    assert refused.status_code == 422
    assert 'id="budget_amount-error"' in refused.text


def test_a_visitor_reads_calls_rounds_and_documents_in_both_languages(visitor, world):
    world(given_announced_round)
    page = visitor.get("/calls/digibanken/execution").text
    assert "B-2022-1" in page
    assert "OV-07" in page
    assert "€ 500.000,00" in page.replace("\xa0", " ")
    visitor.get("/language/en?next=/calls")
    english = visitor.get("/calls/digibanken/execution").text
    assert "How is your application judged?" in english
    assert visitor.get("/calls/digibanken/nowhere").status_code == 404


def given_cancelled_round(given=given_announced_round):
    round_ = given()
    cancel_round(ctx_for(at="2022-06-01T09:00"), round_, "Het budget is elders nodig.")
    db.session.commit()
    return round_


def test_everybody_reads_why_an_announced_round_was_cancelled(visitor, world):
    world(given_cancelled_round)
    assert "Het budget is elders nodig." in visitor.get("/calls/digibanken/execution").text
    assert visitor.get("/").status_code == 200
    assert visitor.get("/calls").status_code == 200


def test_a_round_that_was_only_a_draft_stays_unseen_when_it_is_cancelled(visitor, world):
    world(given_cancelled_round, given_drafted_round)
    assert "Het budget is elders nodig." not in visitor.get("/calls/digibanken/execution").text


@pytest.mark.parametrize("path", ["/", "/calls", "/about", "/help", "/accessibility", "/privacy"])
def test_public_pages_open_before_any_round_exists(visitor, path):
    assert visitor.get(path).status_code == 200


def test_the_list_of_calls_takes_as_many_statements_with_one_round_as_with_three(app, visitor, world, count_statements):
    world(given_announced_round)
    with count_statements() as one:
        visitor.get("/calls")
    world(given_announced_round, "formation")
    world(given_announced_round, opens_at="2022-08-16T09:00", closes_at="2022-09-16T12:00")
    with app.app_context():
        db.session.remove()
    with count_statements() as three:
        visitor.get("/calls")
    assert len(one) == len(three) == 2


def test_an_administrator_reads_the_round_and_its_ranking_policy_in_words(visitor, world):
    world(given_announced_round)
    visitor.sign_in(world(given_person, "Sofie De Backer", roles=[Role.ADMINISTRATOR]).email)
    page = visitor.get("/admin/rounds/B-2022-1").text
    assert "Implementatietraject" in page
    assert "Text(" not in page
    assert "Msg(" not in page
    assert "In volgorde" in page
    assert "krijgt een bericht" in visitor.get("/admin/rounds/B-2022-1/move").text


def test_the_list_of_rounds_takes_as_many_statements_with_one_round_as_with_three(
    app, visitor, world, count_statements
):
    world(given_announced_round)
    visitor.sign_in(world(given_person, "Sofie De Backer", roles=[Role.ADMINISTRATOR]).email)
    with count_statements() as one:
        visitor.get("/admin/rounds")
    world(given_announced_round, "formation")
    world(given_drafted_round, opens_at="2022-08-16T09:00", closes_at="2022-09-16T12:00")
    with app.app_context():
        db.session.remove()
    with count_statements() as three:
        page = visitor.get("/admin/rounds")
    assert all(code in page.text for code in ("A-2022-1", "B-2022-1", "B-2022-2"))
    assert len(one) == len(three) == 4
