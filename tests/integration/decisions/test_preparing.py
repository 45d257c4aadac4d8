"""Decisions before publication: proposed, changed with a reason, confirmed by a second person, taken back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portal.accounts.commands.organisations import grant_right
from portal.applications.commands.withdraw import withdraw_application
from portal.applications.states import Outcome
from portal.core.actor import Right
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.decisions.commands.preparing import (
    change_decision,
    confirm_decisions,
    prepare_decisions,
    recall_decision,
)
from portal.decisions.commands.ranking import compute_ranking
from portal.decisions.queries import list_decisions
from portal.decisions.states import DecisionState
from tests.world.accounts import ctx_for
from tests.world.decisions import (
    CONDITION,
    RANKING_DAY,
    given_administrator,
    given_prepared,
    given_ranked_application,
    given_ranking,
    given_reviewed_round,
    reload,
)

AWARD = Decimal("400000.00")


def refused(command, *args, **facts):
    with pytest.raises(RuleViolation) as refusal:
        command(*args, **facts)
    return refusal.value.codes


@pytest.fixture
def sofie(inside):
    return given_administrator()


@pytest.fixture
def karel(inside):
    return given_administrator("Karel Maes")


@pytest.fixture
def round_(inside):
    """One that fits and could do with 250,000, one that does not fit and takes no reduction, one below a threshold."""
    made = given_reviewed_round(budget="700000.00")
    given_ranked_application(made, "84.17", minimum="250000.00")
    given_ranked_application(made, "71.00")
    given_ranked_application(made, "52.33", missed=["total"])
    return made


def at_work(person):
    return ctx_for(person, RANKING_DAY)


def test_the_ranking_proposes_a_decision_on_every_application(round_, sofie):
    decisions = given_prepared(round_, sofie)
    assert [(each.outcome, each.amount, each.state) for each in decisions] == [
        (Outcome.APPROVED, AWARD, DecisionState.PENDING),
        (Outcome.RESERVE, 0, DecisionState.PENDING),
        (Outcome.REFUSED, 0, DecisionState.PENDING),
    ]
    assert all(each.application.outcome is None for each in decisions), "nothing is told down before publication"


def test_preparing_twice_changes_nothing_and_a_new_ranking_proposes_anew(round_, sofie):
    [first, *_] = given_prepared(round_, sofie)
    change_decision(
        at_work(sofie), first, outcome=Outcome.APPROVED, amount=Decimal("300000.00"), reason="Twee lijnen geschrapt."
    )
    ranking = given_ranking(round_, sofie)
    assert len(prepare_decisions(at_work(sofie), round_, ranking)) == 3
    assert prepare_decisions(at_work(sofie), round_, ranking) == []
    assert reload(first).amount == AWARD


def test_an_earlier_ranking_is_not_decided_on(round_, sofie):
    old = given_ranking(round_, sofie)
    given_ranking(round_, sofie)
    assert refused(prepare_decisions, at_work(sofie), round_, old) == ["ranking-old"]


def test_confirmed_decisions_are_taken_back_before_a_new_ranking_replaces_them(round_, sofie, karel):
    given_prepared(round_, sofie)
    confirmed = confirm_decisions(at_work(karel), round_)
    ranking = compute_ranking(at_work(sofie), round_)
    assert refused(prepare_decisions, at_work(sofie), round_, ranking) == ["decisions-confirmed"]
    for each in confirmed:
        recall_decision(at_work(sofie), reload(each))
    assert len(prepare_decisions(at_work(sofie), round_, ranking)) == 3


def test_a_withdrawn_application_loses_its_proposal(round_, sofie):
    [first, *_] = given_prepared(round_, sofie)
    withdraw_application(at_work(sofie), first.application, "Wij stoppen.")
    ranking = compute_ranking(at_work(sofie), round_)
    prepare_decisions(at_work(sofie), round_, ranking)
    assert first.id not in [each.id for each in list_decisions(round_.id)]


def test_departing_from_the_ranking_needs_a_reason(round_, sofie):
    [first, reserve, _] = given_prepared(round_, sofie)
    change = {"outcome": Outcome.APPROVED, "amount": Decimal("300000.00"), "reason": ""}
    assert refused(change_decision, at_work(sofie), first, **change) == ["reason-missing"]
    assert refused(change_decision, at_work(sofie), reserve, **{**change, "amount": AWARD}) == ["reason-missing"]
    change_decision(at_work(sofie), first, **{**change, "reason": "Twee kostenlijnen zijn onvoldoende toegelicht."})
    assert (first.amount, first.reason) == (change["amount"], "Twee kostenlijnen zijn onvoldoende toegelicht.")


def test_conditions_do_not_depart_from_the_ranking(round_, sofie):
    [first, *_] = given_prepared(round_, sofie)
    change_decision(at_work(sofie), first, outcome=Outcome.CONDITIONAL, amount=AWARD, reason="", conditions=[CONDITION])
    assert [(each.text, each.due_on) for each in reload(first).conditions] == [(CONDITION.text, CONDITION.due_on)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"outcome": Outcome.CONDITIONAL}, "conditions-missing"),
        ({"conditions": [CONDITION]}, "conditions-not-announced"),
        ({"outcome": Outcome.REFUSED, "conditions": [CONDITION]}, "conditions-without-award"),
        (
            {"outcome": Outcome.CONDITIONAL, "conditions": [replace(CONDITION, due_on=date(2022, 10, 10))]},
            "condition-due-past",
        ),
        ({"outcome": Outcome.CONDITIONAL, "conditions": [replace(CONDITION, text=" ")]}, "condition-empty"),
        ({"amount": Decimal("400000.01")}, "above-requested"),
        ({"amount": Decimal("0.00")}, "award-without-amount"),
        ({"amount": Decimal("249999.99")}, "below-minimum"),
    ],
)
def test_a_decision_that_does_not_hold_together_is_refused(round_, sofie, change, code):
    [first, *_] = given_prepared(round_, sofie)
    given = {"outcome": Outcome.APPROVED, "amount": AWARD, "reason": "Daarom.", **change}
    assert refused(change_decision, at_work(sofie), first, **given) == [code]


def test_an_award_goes_no_lower_than_what_the_application_stated(round_, sofie):
    [first, whole_or_nothing, _] = given_prepared(round_, sofie)
    change = {"outcome": Outcome.APPROVED, "reason": "De kosten zijn te ruim geraamd."}
    lower = {**change, "amount": AWARD - Decimal("0.01")}
    assert refused(change_decision, at_work(sofie), whole_or_nothing, **lower) == ["no-reduction-accepted"]
    assert reload(whole_or_nothing).outcome == Outcome.RESERVE
    change_decision(at_work(sofie), whole_or_nothing, **{**change, "amount": AWARD})
    change_decision(at_work(sofie), first, **{**change, "amount": Decimal("250000.00")})
    assert (reload(whole_or_nothing).amount, reload(first).amount) == (AWARD, Decimal("250000.00"))


def test_what_misses_a_threshold_is_never_awarded(round_, sofie):
    [*_, out] = given_prepared(round_, sofie)
    change = {"outcome": Outcome.APPROVED, "amount": AWARD, "reason": "Wij zien er iets in."}
    assert refused(change_decision, at_work(sofie), out, **change) == ["not-fundable"]


def test_nobody_confirms_what_they_prepared(round_, sofie, karel):
    given_prepared(round_, sofie)
    assert refused(confirm_decisions, at_work(sofie), round_) == ["same-person"]
    confirmed = confirm_decisions(at_work(karel), round_)
    assert len(confirmed) == 3
    assert {(each.state, each.confirmed_by_id) for each in confirmed} == {(DecisionState.CONFIRMED, karel.id)}


def test_whoever_changes_a_decision_prepared_it(round_, sofie, karel):
    [first, *_] = given_prepared(round_, sofie)
    change = {"outcome": Outcome.APPROVED, "amount": Decimal("350000.00"), "reason": "Een lijn geschrapt."}
    change_decision(at_work(karel), first, **change)
    assert len(confirm_decisions(at_work(karel), round_)) == 2
    assert reload(first).state == DecisionState.PENDING
    assert refused(confirm_decisions, at_work(karel), round_) == ["same-person"]
    assert [each.id for each in confirm_decisions(at_work(sofie), round_)] == [first.id]


def test_even_a_slip_in_the_code_cannot_let_one_person_do_both(round_, sofie):
    [first, *_] = given_prepared(round_, sofie)
    first.confirmed_by_id = sofie.id
    with pytest.raises(Exception, match="ck_decision_two_persons"):
        db.session.flush()


def test_who_takes_part_in_a_partnership_decides_nothing_about_it(round_, sofie, karel):
    [first, *_] = given_prepared(round_, sofie)
    grant_right(ctx_for(at=RANKING_DAY), first.application.promotor, karel, Right.READER)
    change = {"outcome": Outcome.APPROVED, "amount": Decimal("350000.00"), "reason": "Een lijn geschrapt."}
    assert refused(change_decision, at_work(karel), reload(first), **change) == ["conflicted"]
    confirmed = confirm_decisions(at_work(karel), round_)
    assert first.id not in [each.id for each in confirmed]
    assert refused(confirm_decisions, at_work(karel), round_) == ["conflicted"]
    change_decision(at_work(sofie), reload(first), **change)


def test_a_confirmed_decision_is_taken_back_before_it_is_changed(round_, sofie, karel):
    [first, *_] = given_prepared(round_, sofie)
    confirm_decisions(at_work(karel), round_)
    change = {"outcome": Outcome.APPROVED, "amount": Decimal("350000.00"), "reason": "Een lijn geschrapt."}
    with pytest.raises(IllegalTransition):
        change_decision(at_work(sofie), reload(first), **change)
    recall_decision(at_work(karel), reload(first))
    assert (first.state, first.confirmed_by_id, first.confirmed_at) == (DecisionState.PENDING, None, None)
    change_decision(at_work(sofie), reload(first), **change)


def test_nothing_is_confirmed_twice(round_, sofie, karel):
    given_prepared(round_, sofie)
    confirm_decisions(at_work(karel), round_)
    assert refused(confirm_decisions, at_work(karel), round_) == ["nothing-to-confirm"]
