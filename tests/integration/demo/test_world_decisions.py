"""The published rounds of the demo's world: as many awards, reserves and refusals as its table says, by two people."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.applications.models import Application
from portal.calls.models import Round
from portal.calls.queries import get_round
from portal.core.db import db
from portal.decisions.contesting import is_contestable, term_of
from portal.decisions.models import Decision, ReviewRequest
from portal.decisions.queries import list_decisions
from portal.decisions.request_queries import find_request, list_unsettled_requests
from portal.decisions.states import DecisionState, Ground
from portal.demo.clock import START
from portal.partnerships.models import Partnership, Strategy
from portal.partnerships.states import StrategyOrigin

PUBLISHED = {
    "A-2021-1": {"approved": 12, "refused": 2},
    "B-2021-1": {"approved": 5, "conditional": 1, "reserve": 1, "refused": 2},
    "A-2022-1": {"approved": 6, "reserve": 1, "refused": 1},
    "B-2022-1": {"approved": 5, "conditional": 1, "reserve": 2, "refused": 2},
}


@pytest.mark.parametrize("code", PUBLISHED)
def test_a_published_round_has_its_awards_within_its_budget_and_two_people_behind_them(demo, code):
    with demo.app_context():
        round_ = get_round(code)
        decisions = list_decisions(round_.id)
        outcomes = [str(each.outcome) for each in decisions]
        assert {each: outcomes.count(each) for each in outcomes} == PUBLISHED[code]
        assert sum(each.amount for each in decisions) <= round_.budget_amount
        for each in decisions:
            assert each.prepared_by_id != each.confirmed_by_id
            assert round_.closes_at < each.confirmed_at < each.published_at < START
            assert each.application.outcome == each.outcome


def test_the_line_cuts_the_spring_round_one_gets_what_is_left_and_some_awards_wait_for_an_answer(demo):
    with demo.app_context():
        decisions = list_decisions(get_round("B-2022-1").id)
        partial = [each for each in decisions if 0 < each.amount < each.application.requested_amount]
        assert [(each.amount, each.application.partnership.name) for each in partial] == [
            (Decimal("349949.15"), "Digibank Scheldebocht")
        ]
        answered = [each.state for each in decisions if each.amount]
        assert answered.count(DecisionState.ACCEPTED) == 3
        assert answered.count(DecisionState.PUBLISHED) == 3
        reserve = [each for each in decisions if each.reserve_position]
        assert [each.application.partnership.name for each in reserve] == ["Digibank Zwalmrand", "Digibank Duinlicht"]


def test_awards_of_formations_began_strategies_of_which_most_of_the_first_round_are_recognised(demo):
    with demo.app_context():
        stmt = (
            sa.select(Round.code, Strategy.state, sa.func.count())
            .join(Application, Application.reference == Strategy.award_reference)
            .join(Round, Round.id == Application.round_id)
            .where(Strategy.origin == StrategyOrigin.AWARD)
            .group_by(Round.code, Strategy.state)
        )
        found = {(code, str(state)): count for code, state, count in db.session.execute(stmt)}
        assert found == {
            ("A-2021-1", "recognised"): 8,
            ("A-2021-1", "submitted"): 2,
            ("A-2021-1", "returned"): 1,
            ("A-2021-1", "being_formed"): 1,
            ("A-2022-1", "being_formed"): 6,
        }


def test_one_review_was_dismissed_one_upheld_one_waits_and_one_refusal_can_still_be_contested(demo):
    with demo.app_context():
        stmt = sa.select(ReviewRequest.state, Partnership.name).select_from(ReviewRequest).join(Decision)
        stmt = stmt.join(Application, Application.id == Decision.application_id).join(Partnership)
        found = {str(state): name for state, name in db.session.execute(stmt)}
        assert found == {
            "dismissed": "Digibank Leiekant",
            "upheld": "Digibank Handzamekom",
            "asked": "Digibank Dendermeers",
        }
        [(waiting, proposal)] = list_unsettled_requests([])
        assert (waiting.request.ground, proposal) == (Ground.TECHNICAL, None), "either administrator may prepare it"
        decisions = list_decisions(get_round("B-2022-1").id)
        open_ones = [each for each in decisions if is_contestable(each) and not find_request(each.id)]
        assert "Digibank Leiekant" in [each.application.partnership.name for each in open_ones]
        assert {term_of(each, START).last_day for each in open_ones} == {date(2022, 7, 2)}
        assert all(term_of(each, START).is_open for each in open_ones)


def test_nobody_carries_out_two_awards(demo):
    with demo.app_context():
        stmt = (
            sa.select(Partnership.id)
            .join(Application, Application.partnership_id == Partnership.id)
            .join(Decision, Decision.application_id == Application.id)
            .join(Round, Round.id == Application.round_id)
            .where(Decision.amount > 0, Round.code.startswith("B-"))
        )
        awarded = list(db.session.scalars(stmt))
        assert len(awarded) == len(set(awarded)) == 12


def test_the_portal_finds_nothing_wrong_with_the_world_it_loaded(demo):
    done = demo.test_cli_runner().invoke(args=["check"])
    assert (done.exit_code, done.output.splitlines()[0][:8]) == (0, "0 faults")
