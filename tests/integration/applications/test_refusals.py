"""What keeps an application from being handed in or admitted, as a person meets it, each beside what is let through."""

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import confirm_claim, dispute_claim, grant_right
from portal.accounts.queries import find_standing_claim, get_claim, list_leads
from portal.applications.queries import get_application
from portal.applications.states import State
from portal.calls.models import Round
from portal.core.actor import Right
from portal.core.db import db
from portal.partnerships.models import Strategy
from portal.partnerships.states import StrategyState
from tests.world.accounts import ctx_for, given_claim, given_person
from tests.world.applications_models import ACCEPTED, given_complete_draft, move_strategy
from tests.world.drafting import FAR, close_round
from tests.world.http import Visitor
from tests.world.reviewing import given_case_officer

DECLARED = {"accepted": sorted(ACCEPTED)}


def given_draft(promotor=None, **facts):
    """A complete draft in an open round, and the address of who may sign for its lead partner."""
    application = given_complete_draft(promotor, **facts)
    db.session.execute(sa.update(Round).where(Round.id == application.round_id).values(closes_at=FAR))
    return application.reference, list_leads([application.promotor_id])[0].email


def submit(browser, reference):
    return browser.post(f"/applications/{reference}/check", DECLARED, page="/account")


def state_of(world, reference):
    return world(lambda: get_application(reference).state)


def assert_refused(world, answer, reference, sentence):
    assert answer.status_code == 422
    assert sentence in answer.text.replace("\xa0", " ").replace("&#39;", "'")
    assert state_of(world, reference) == State.DRAFT


def assert_submitted(world, answer, reference):
    assert (answer.status_code, answer.location) == (302, f"/applications/{reference}/receipt")
    assert state_of(world, reference) == State.SUBMITTED


def test_after_the_deadline_the_page_says_so_and_the_draft_stays(app, world, visitor):
    in_time, other = world(given_draft)
    reference, email = world(given_draft)
    assert_submitted(world, submit(Visitor(app).sign_in(other), in_time), in_time)
    world(close_round, reference)
    visitor.sign_in(email)
    answer = submit(visitor, reference)
    assert_refused(
        world, answer, reference, "De deadline was 29 juli 2022 om 12.00 uur. Het is te laat om in te dienen."
    )
    assert "Zo doen wij het." in visitor.get(f"/applications/{reference}/sections/B4").text
    assert state_of(world, in_time) == State.SUBMITTED


def test_only_who_may_sign_for_the_lead_partner_hands_it_in(app, world, visitor):
    reference, email = world(given_draft)
    staff = world(given_person, "Bram Nijs")
    world(lambda: grant_right(ctx_for(), get_application(reference).promotor, staff, Right.STAFF))
    answer = submit(visitor.sign_in(staff.email), reference)
    assert answer.status_code == 403
    assert state_of(world, reference) == State.DRAFT
    assert_submitted(world, submit(Visitor(app).sign_in(email), reference), reference)


def test_a_disputed_claim_freezes_the_right_until_a_case_officer_settles_it(world, visitor):
    reference, email = world(given_draft)
    rival = world(given_person, "Bram Nijs")
    claim_id = world(lambda: find_standing_claim(get_application(reference).promotor_id).id)
    world(lambda: dispute_claim(ctx_for(rival), get_claim(claim_id), person=rival, reason="Zij werkt hier niet meer."))
    visitor.sign_in(email)
    assert_refused(world, submit(visitor, reference), reference, "wordt betwist")
    world(lambda: confirm_claim(ctx_for(), get_claim(claim_id, lock=True), "Aanstelling nagekeken."))
    assert_submitted(world, submit(visitor, reference), reference)


def test_a_partnership_without_a_strategy_hands_in_once_its_strategy_is(world, visitor):
    reference, email = world(given_draft, strategy=StrategyState.BEING_FORMED)
    visitor.sign_in(email)
    assert_refused(world, submit(visitor, reference), reference, "Dien eerst de strategie")

    def hand_in():
        partnership_id = get_application(reference).partnership_id
        number = db.session.scalar(sa.select(Strategy.id).where(Strategy.partnership_id == partnership_id))
        move_strategy(number, StrategyState.SUBMITTED)

    world(hand_in)
    assert_submitted(world, submit(visitor, reference), reference)


@pytest.mark.parametrize(("costs", "is_taken"), [("500000.00", True), ("500000.01", False)])
def test_the_highest_grant_is_the_cap_to_the_cent(world, visitor, costs, is_taken):
    reference, email = world(given_draft, costs=costs)
    answer = submit(visitor.sign_in(email), reference)
    if is_taken:
        assert_submitted(world, answer, reference)
    else:
        assert_refused(world, answer, reference, "de hoogste subsidie is € 500.000,00")


def test_an_unconfirmed_claim_passes_submission_and_is_admitted_once_it_is_confirmed(app, world, visitor):
    claim = world(given_claim)
    reference, email = world(given_draft, claim.organisation)
    assert_submitted(world, submit(visitor.sign_in(email), reference), reference)
    world(close_round, reference)
    desk = Visitor(app).sign_in(world(given_case_officer).email)
    path = f"/desk/dossiers/{reference}"
    rules = [f"OV-{number:02d}" for number in range(1, 16)]

    def judge(rule):
        page = f"{path}/rules/{rule}"
        return desk.post(page, {"verdict": "met", "reason": "Nagekeken."}, page="/account").status_code

    answers = {rule: judge(rule) for rule in rules}
    assert answers["OV-02"] == 422
    assert set(answers.values()) == {302, 404, 422}
    refused = desk.post(f"{path}/admit", page="/account")
    assert refused.status_code == 422
    assert "is nog niet bevestigd" in refused.text
    assert state_of(world, reference) == State.SUBMITTED
    world(lambda: confirm_claim(ctx_for(), get_claim(claim.id, lock=True), "Aanstelling nagekeken."))
    assert judge("OV-02") == 302
    assert desk.post(f"{path}/admit", page="/account").status_code == 302
    assert state_of(world, reference) == State.ADMISSIBLE
