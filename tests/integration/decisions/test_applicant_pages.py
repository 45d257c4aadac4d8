"""What an applicant reads and answers; and that nothing of it shows before it is published."""

import pytest

from portal.accounts.commands.organisations import grant_right
from portal.applications.states import Outcome
from portal.core.actor import Right
from portal.core.db import db
from portal.decisions.commands.preparing import change_decision, confirm_decisions
from portal.decisions.queries import get_decision
from portal.decisions.states import DecisionState
from portal.partnerships.commands import add_partner
from portal.partnerships.queries import get_partnership
from portal.partnerships.states import PartnerRole
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.decisions import (
    RANKING_DAY,
    given_administrator,
    given_prepared,
    given_published,
    given_ranked_application,
    given_reviewed_round,
    given_written_review,
    reload,
)
from tests.world.http import Visitor

BAIT = "AAS-in-de-motivering"


@pytest.fixture
def eva(world):
    """Who may sign for the lead partner."""
    return world(given_person, "Eva Claes")


@pytest.fixture
def promotor(world, eva):
    return world(given_organisation, eva, name="Streekvereniging Noordheide")


def pages_of(reference):
    application = f"/applications/{reference}"
    own = ("", "/decision", "/timeline", "/receipt", "/admissibility", "/decision/accept", "/decision/decline")
    return ["/my-work", "/applications", "/results", *(application + each for each in own)]


def given_confirmed_with_bait(promotor):
    round_ = given_reviewed_round(budget="500000.00")
    given_ranked_application(round_, "90.00", promotor=promotor, minimum="300000.00")
    first = given_administrator()
    [award] = given_prepared(round_, first)
    desk = ctx_for(first, RANKING_DAY)
    change_decision(desk, award, outcome=Outcome.APPROVED, amount=award.amount - 1, reason=BAIT)
    confirm_decisions(ctx_for(given_administrator("Karel Maes"), RANKING_DAY), round_)
    db.session.commit()
    return award


def test_nothing_of_a_decision_shows_before_it_is_published(app, world, eva, promotor):
    """Whatever page they open, in whatever state the decision is: no outcome, no amount, no reason, no score."""
    award = world(given_confirmed_with_bait, promotor)
    browser, visitor = Visitor(app).sign_in(eva.email), Visitor(app)
    reference = award.application.reference
    for path in pages_of(reference):
        answer = browser.get(path)
        assert answer.status_code == (404 if "/decision" in path else 200), path
        for secret in (BAIT, "399.999", "90,00", "Goedgekeurd", "Gerangschikt", f"/desk/decisions/{award.id}"):
            assert secret not in answer.text, f"{secret} on {path}"
    assert BAIT not in visitor.get("/results").text
    assert browser.get(f"/desk/decisions/{award.id}").status_code == 404
    assert browser.get(f"/desk/rounds/{award.round.code}/ranking").status_code == 404


def test_a_decision_reads_the_same_as_none_at_all_before_publication(app, world, eva, promotor):
    award = world(given_confirmed_with_bait, promotor)
    browser = Visitor(app).sign_in(eva.email)
    with_one = browser.get(f"/applications/{award.application.reference}/decision")
    with_none = browser.get("/applications/DB-B-2099-1-0001/decision")
    assert (with_one.status_code, with_none.status_code) == (404, 404)


def given_published_award(promotor):
    round_ = given_reviewed_round(budget="500000.00")
    first = given_ranked_application(round_, "90.00", promotor=promotor, name="Digibank Noordheide")
    given_written_review(first, "De uitleendienst steunt op hersteld materiaal.", reviewer="Bea Lauwers", note=BAIT)
    given_ranked_application(round_, "70.00")
    given_ranked_application(round_, "52.33", missed=["total"])
    return given_published(round_)


def test_the_lead_partner_reads_the_decision_and_accepts_it(app, world, eva, promotor):
    [award, *_] = world(given_published_award, promotor)
    page = f"/applications/{award.application.reference}/decision"
    browser = Visitor(app).sign_in(eva.email)
    assert "De subsidie aanvaarden of ervan afzien" in browser.get("/my-work").text
    text = browser.get(page).text.replace("\xa0", " ")
    for shown in (
        "Goedgekeurd",
        f"Beslissing {award.number} van 14 oktober 2022, ondertekend door Hilde Wouters",
        "€ 400.000,00",
        "90,00 van 100 (drempel 60)",
        "Antwoord uiterlijk op 13 november 2022.",
        "Subsidie aanvaarden",
    ):
        assert shown in text, shown
    confirmation = browser.get(f"{page}/accept").text.replace("\xa0", " ")
    assert "€ 400.000,00 voor Digibank Noordheide aanvaarden?" in confirmation
    assert browser.post(f"{page}/accept", {"decision": "0"}).status_code == 409, "another decision was read"
    assert "Aanvaard op" not in browser.get(page).text
    assert browser.post(f"{page}/accept", {"decision": str(award.id)}).status_code == 302
    assert "Aanvaard op" in browser.get(page).text
    assert browser.post(f"{page}/accept", page="/my-work").status_code == 409
    assert browser.get(f"{page}/decline").status_code == 409


def test_the_reviewers_words_are_read_without_their_names_and_without_their_private_note(app, world, eva, promotor):
    [award, *_] = world(given_published_award, promotor)
    text = Visitor(app).sign_in(eva.email).get(f"/applications/{award.application.reference}/decision").text
    assert "De uitleendienst steunt op hersteld materiaal." in text
    assert "De planning is krap." in text
    for secret in ("Bea", "Lauwers", BAIT):
        assert secret not in text, secret


def test_only_who_may_sign_for_the_lead_partner_answers(app, world, eva, promotor):
    tom = world(given_person, "Tom Maes")
    world(lambda: grant_right(ctx_for(), promotor, tom, Right.STAFF))
    [award, *_] = world(given_published_award, promotor)
    page = f"/applications/{award.application.reference}/decision"
    browser = Visitor(app).sign_in(tom.email)
    text = browser.get(page).text
    assert "Subsidie aanvaarden" not in text
    assert "Iemand die mag tekenen voor Streekvereniging Noordheide" in text
    for answer in ("accept", "decline"):
        assert browser.post(f"{page}/{answer}", {"reason": "Nee."}, page="/my-work").status_code == 403
    assert Visitor(app).sign_in(world(given_person).email).get(page).status_code == 404
    assert Visitor(app).sign_in(eva.email).post(f"{page}/accept", {"decision": str(award.id)}).status_code == 302


def test_a_partner_reads_the_decision_and_does_not_answer_it(app, world, promotor):
    partner_lead = world(given_person, "Wim Peeters")
    partner = world(given_organisation, partner_lead, name="Kringloop De Lus")
    [award, *_] = world(given_published_award, promotor)

    def join():
        partnership = get_partnership(award.application.partnership_id)
        add_partner(ctx_for(), partnership, partner, PartnerRole.CORE)

    world(join)
    page = f"/applications/{award.application.reference}/decision"
    browser = Visitor(app).sign_in(partner_lead.email)
    assert browser.get(page).status_code == 200
    assert browser.get(f"{page}/accept").status_code == 403


def test_declining_asks_a_reason_and_takes_the_award_back(app, world, eva, promotor):
    [award, *_] = world(given_published_award, promotor)
    page = f"/applications/{award.application.reference}/decision"
    browser = Visitor(app).sign_in(eva.email)
    assert browser.post(f"{page}/decline", {"reason": " "}).status_code == 422
    assert browser.post(f"{page}/decline", {"reason": "Een partner haakte af."}).status_code == 302
    text = browser.get(page).text
    assert "Van de subsidie afgezien" in text
    assert "Een partner haakte af." in text
    assert "Digibank Noordheide" not in Visitor(app).get("/results").text
    with app.app_context():
        declined = get_decision(award.id)
        assert (declined.state, declined.application.awarded_amount) == (DecisionState.DECLINED, None)


def test_a_refusal_says_which_threshold_was_missed_and_a_reserve_how_long_the_list_holds(app, world, promotor):
    [_, reserve, refusal] = world(given_published_award, promotor)

    def joined(decision):
        person = given_person("An Smet")
        grant_right(ctx_for(), reload(decision).application.promotor, person, Right.READER)
        return person

    refused = Visitor(app).sign_in(world(joined, refusal).email)
    text = refused.get(f"/applications/{refusal.application.reference}/decision").text
    assert "Het totaal, 52,33, ligt onder de drempel van 60,00." in text
    assert "Subsidie aanvaarden" not in text
    waiting = Visitor(app).sign_in(world(joined, reserve).email)
    text = waiting.get(f"/applications/{reserve.application.reference}/decision").text
    assert "De reservelijst gold tot en met 14 april 2023." in text, "six months, and they have passed since"
