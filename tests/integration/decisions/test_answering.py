"""After publication: accept, decline, silence, conditions; and the reserve list, in its order and never silently."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.applications.commands.withdraw import withdraw_application
from portal.applications.states import Outcome
from portal.calls.models import Round
from portal.core.actor import Role
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import EventRow
from portal.decisions.commands.answering import accept_award, decline_award, lapse_award
from portal.decisions.commands.following import judge_condition, tell_answer_due
from portal.decisions.commands.preparing import change_decision, confirm_decisions
from portal.decisions.commands.publishing import publish_round
from portal.decisions.queries import budget_left, envelope_left, get_condition, list_decisions
from portal.decisions.states import DecisionState
from portal.partnerships.models import Strategy
from portal.partnerships.states import StrategyState
from tests.world.accounts import ctx_for, given_person
from tests.world.decisions import (
    CONDITION,
    RANKING_DAY,
    RESULTS_DAY,
    SIGNER,
    given_administrator,
    given_prepared,
    given_published,
    given_ranked_application,
    given_reviewed_round,
    make_earlier,
    reload,
)
from tests.world.time import moment

ANSWER_DAY = "2022-10-20T10:00"
LAST_DAY = "2022-11-13T18:00"
DAY_AFTER = "2022-11-14T09:00"
WHY = "Een partner haakte af."


@pytest.fixture
def lead(inside):
    return ctx_for(given_person("Eva Claes"), ANSWER_DAY)


@pytest.fixture
def officer(inside):
    return ctx_for(given_person("Nele Peeters", roles=[Role.CASE_OFFICER]), DAY_AFTER)


def given_line(*reserves, budget="500000.00", policy="partial"):
    """A published round with one award of 400,000 and these reserves: (costs, minimum)."""
    round_ = given_reviewed_round(budget=budget, policy=policy)
    given_ranked_application(round_, "90.00")
    for place, (costs, minimum) in enumerate(reserves):
        given_ranked_application(round_, f"{80 - place}.00", costs=costs, minimum=minimum)
    return given_published(round_)


def kept(decision):
    stmt = sa.select(EventRow.payload).where(
        EventRow.topic == "decision.kept-on-reserve", EventRow.subject_id == decision.id
    )
    return [(each["code"], each["left_amount"]) for each in db.session.scalars(stmt)]


def test_an_award_is_accepted_once(lead):
    [award, *_] = given_line()
    accept_award(lead, reload(award))
    assert (award.state, award.accepted_at) == (DecisionState.ACCEPTED, lead.now)
    with pytest.raises(IllegalTransition) as refusal:
        accept_award(lead, reload(award))
    assert (refusal.value.state, refusal.value.since) == ("accepted", lead.now)


def test_only_an_award_can_be_answered(lead):
    [_, reserve] = given_line(("450000.00", None))
    for command, *facts in ((accept_award,), (decline_award, WHY)):
        with pytest.raises(IllegalTransition):
            command(lead, reload(reserve), *facts)
    assert reserve.state == DecisionState.PUBLISHED


def test_a_declined_award_is_an_award_no_more(lead):
    [award] = given_line()
    programme = award.round.call.programme
    spent = programme.budget_amount - envelope_left(programme)
    with pytest.raises(RuleViolation, match="reason-missing"):
        decline_award(lead, reload(award), " ")
    decline_award(lead, reload(award), WHY)
    assert (award.state, award.decline_reason) == (DecisionState.DECLINED, WHY)
    assert (award.application.outcome, award.application.awarded_amount) == (Outcome.DECLINED, None)
    assert spent == Decimal("400000.00")
    assert envelope_left(programme) == programme.budget_amount


def test_a_declined_award_promotes_the_reserve_in_order(lead):
    [award, first, second] = given_line(("450000.00", None), ("40000.00", None))
    decline_award(lead, reload(award), WHY)
    assert (first.outcome, first.amount, first.promoted_at) == (Outcome.APPROVED, Decimal("450000.00"), lead.now)
    assert first.answer_due_on.isoformat() == "2022-11-19"
    assert first.application.awarded_amount == Decimal("450000.00")
    assert (second.outcome, second.amount) == (Outcome.APPROVED, Decimal("40000.00")), "it still fits"
    assert budget_left(award.round) == Decimal("10000.00")
    accept_award(lead, reload(first))


def test_a_promoted_reserve_may_be_offered_what_is_left_within_its_minimum(lead):
    [award, reserve] = given_line(("500000.00", "450000.00"), budget="450000.00")
    decline_award(lead, reload(award), WHY)
    assert (reserve.outcome, reserve.amount) == (Outcome.APPROVED, Decimal("450000.00"))


@pytest.mark.parametrize(
    ("policy", "code", "second_outcome"),
    [
        ("strict", "does-not-fit", Outcome.RESERVE),
        ("partial", "no-reduction-accepted", Outcome.RESERVE),
        ("skip", "passed-over", Outcome.APPROVED),
    ],
)
def test_a_reserve_that_does_not_fit_is_never_passed_over_silently(lead, policy, code, second_outcome):
    """What comes after it follows the round's own policy; the log says who was kept, and what was left."""
    [award, first, second] = given_line(("500000.00", None), ("300000.00", None), budget="450000.00", policy=policy)
    decline_award(lead, reload(award), WHY)
    assert (first.outcome, second.outcome) == (Outcome.RESERVE, second_outcome)
    assert kept(first) == [(code, "450000.00")]


def test_who_withdrew_stands_on_the_reserve_list_no_more(lead):
    [award, first, second] = given_line(("450000.00", None), ("450000.00", None))
    withdraw_application(lead, first.application, "Wij stoppen.")
    decline_award(lead, reload(award), WHY)
    assert (first.outcome, second.outcome) == (Outcome.RESERVE, Outcome.APPROVED)


def test_a_reserve_list_ends_with_the_results_of_the_next_round(lead):
    [award, reserve] = given_line(("450000.00", None))
    later = given_reviewed_round()
    make_earlier(award.round, than=later)
    table = Round.__table__
    out = table.update().where(table.c.id == later.id).values(results_published_at=moment("2022-10-19T10:00"))
    db.session.execute(out)
    decline_award(lead, reload(award), WHY)
    assert reserve.outcome == Outcome.RESERVE
    assert award.state == DecisionState.DECLINED


def test_a_reserve_list_ends_after_six_months(inside):
    [award, reserve] = given_line(("450000.00", None))
    decline_award(ctx_for(given_person("Eva Claes"), "2023-04-15T10:00"), reload(award), WHY)
    assert reserve.outcome == Outcome.RESERVE


def test_an_awarded_or_refused_application_is_not_withdrawn(lead):
    [award] = given_line()
    with pytest.raises(RuleViolation, match="already-decided"):
        withdraw_application(lead, award.application, "Wij stoppen.")


def test_silence_lets_an_award_lapse_after_its_last_day_and_not_before(officer):
    [award, reserve] = given_line(("450000.00", None))
    with pytest.raises(RuleViolation, match="answer-not-overdue"):
        lapse_award(ctx_for(given_person("Nele Peeters"), LAST_DAY), reload(award), "Geen antwoord.")
    lapse_award(officer, reload(award), "Geen antwoord.")
    assert (award.state, award.application.outcome) == (DecisionState.LAPSED, Outcome.LAPSED)
    assert reserve.outcome == Outcome.APPROVED


def test_a_late_acceptance_stands_until_the_case_officer_decides(inside):
    [award] = given_line()
    accept_award(ctx_for(given_person("Eva Claes"), DAY_AFTER), reload(award))
    assert award.state == DecisionState.ACCEPTED


def test_a_lapsed_formation_award_lets_its_strategy_lapse(lead):
    round_ = given_reviewed_round(forms_strategy=True)
    application = given_ranked_application(round_, "80.00")
    [award] = given_published(round_)
    decline_award(lead, reload(award), WHY)
    strategy = db.session.scalars(sa.select(Strategy).where(Strategy.award_reference == application.reference)).one()
    assert strategy.state == StrategyState.LAPSED


def given_conditional_award():
    sofie, round_ = given_administrator(), given_reviewed_round()
    given_ranked_application(round_, "80.00")
    [decision] = given_prepared(round_, sofie)
    facts = {"amount": decision.amount, "reason": "", "conditions": [CONDITION]}
    change_decision(ctx_for(sofie, RANKING_DAY), decision, outcome=Outcome.CONDITIONAL, **facts)
    desk = ctx_for(given_administrator("Karel Maes"), RESULTS_DAY)
    confirm_decisions(desk, round_)
    publish_round(desk, round_, SIGNER)
    db.session.commit()
    return list_decisions(round_.id)[0]


def test_a_condition_is_judged_and_an_accepted_award_lapses_only_where_one_was_not_met(lead, officer):
    award = given_conditional_award()
    condition = get_condition(award.id, award.conditions[0].id, lock=True)
    accept_award(lead, reload(award))
    judge_condition(officer, condition, is_met=True)
    assert (condition.is_met, condition.judged_by_id) == (True, officer.actor.person_id)
    with pytest.raises(RuleViolation, match="no-condition-unmet"):
        lapse_award(officer, reload(award), "Toch niet.")
    judge_condition(officer, condition, is_met=False)
    lapse_award(officer, reload(award), "De overeenkomst is niet ondertekend.")
    assert award.application.outcome == Outcome.LAPSED
    with pytest.raises(IllegalTransition):
        judge_condition(officer, condition, is_met=True)


@pytest.mark.parametrize(
    ("at", "days"),
    [("2022-11-05T10:00", None), ("2022-11-06T10:00", 7), ("2022-11-12T10:00", 1), (LAST_DAY, 1), (DAY_AFTER, 0)],
)
def test_who_has_not_answered_is_reminded_once_at_each_moment(inside, at, days):
    [award] = given_line()
    beat = ctx_for(at=at)
    assert tell_answer_due(beat) == (0 if days is None else 1)
    assert tell_answer_due(beat) == 0
    told = db.session.scalars(sa.select(EventRow.payload).where(EventRow.topic == "decision.answer-due")).all()
    assert [(each["decision_id"], each["days"]) for each in told] == ([] if days is None else [(award.id, days)])


def test_who_answered_is_not_reminded(lead):
    [award] = given_line()
    accept_award(lead, reload(award))
    assert tell_answer_due(ctx_for(at=DAY_AFTER)) == 0
