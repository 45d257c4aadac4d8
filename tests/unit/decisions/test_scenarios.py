"""What if: the same ranking from other choices, with examples of each choice and properties that hold for all."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.calls.states import RankingPolicy
from portal.decisions.reasons import what_changes
from portal.decisions.rules import draw_line, rank
from portal.decisions.scenarios import (
    compare,
    problems_with_scenario,
    scenario_of,
    sums_of,
)
from portal.decisions.states import Place
from tests.world.scenarios import (
    AMPLE,
    ANNE,
    BERT,
    CHRIS,
    CODES,
    TERMS,
    example,
    funded,
    judged,
    placed,
    rounds,
    scored,
)


def changes(given_, scenario):
    rows = compare(placed(given_, given_.present), placed(given_, scenario))
    return {
        each.present.candidate.application_id: [str(one) % one.params for one in what_changes(each)] for each in rows
    }


def test_the_present_scenario_is_the_ranking_itself():
    applications = [judged(1, scored(7), scored(8)), judged(2, scored(9)), judged(3, scored(5))]
    given_ = example(*applications)
    ranked = rank(each.candidate for each in applications)
    assert placed(given_, given_.present) == draw_line(ranked, Decimal("800000.00"), AMPLE, RankingPolicy.STRICT)
    assert changes(given_, given_.present) == {1: [], 2: [], 3: []}


def test_another_budget_gives_and_takes_the_grant():
    given_ = example(judged(1, scored(9)), judged(2, scored(8)), judged(3, scored(7)))
    poorer = replace(given_.present, budget=Decimal("799999.99"))
    assert changes(given_, poorer) == {1: [], 2: ["Loses the grant."], 3: []}
    richer = replace(given_.present, budget=Decimal("1200000.00"))
    assert changes(given_, richer) == {1: [], 2: [], 3: ["Gains the grant."]}
    assert sums_of(placed(given_, richer), richer.budget).unspent == Decimal("0.00")


def test_another_policy_passes_over_or_offers_in_part():
    given_ = example(
        judged(1, scored(9)),
        judged(2, scored(8), requested="500000.00", minimum=Decimal("300000.00")),
        judged(3, scored(7), requested="100000.00"),
    )
    skipping = placed(given_, replace(given_.present, policy=RankingPolicy.SKIP))
    assert (funded(skipping), sums_of(skipping, given_.present.budget).outranked) == ([1, 3], 1)
    partial = placed(given_, replace(given_.present, policy=RankingPolicy.PARTIAL))
    assert [(each.place, each.proposed_amount) for each in partial[1:]] == [
        (Place.PARTIAL, Decimal("400000.00")),
        (Place.RESERVE, Decimal("0.00")),
    ]


def test_a_larger_budget_turns_a_reduced_offer_into_the_whole_one():
    given_ = example(
        judged(1, scored(9)),
        judged(2, scored(8), requested="500000.00", minimum=Decimal("300000.00")),
        policy=RankingPolicy.PARTIAL,
    )
    assert changes(given_, replace(given_.present, budget=Decimal("900000.00")))[2] == [
        "Is offered 500000.00 instead of 400000.00."
    ]


def test_another_threshold_makes_an_application_fundable_or_not():
    given_ = example(judged(1, scored(7)), judged(2, scored(6)), judged(3, scored(5)))
    assert [each.place for each in placed(given_, given_.present)] == [Place.FUNDED, Place.FUNDED, Place.NOT_FUNDABLE]
    stricter = replace(given_.present, total_threshold=Decimal("60.01"))
    assert changes(given_, stricter)[2] == ["Loses the grant.", "Misses a threshold."]
    milder = replace(given_.present, total_threshold=Decimal("50.00"), budget=Decimal("1200000.00"))
    assert changes(given_, milder)[3] == ["Gains the grant.", "Misses no threshold any more."]


def test_another_threshold_on_a_criterion_does_so_too():
    given_ = example(judged(1, scored(9, objective_1=6)), judged(2, scored(9, objective_1=4)))
    assert [each.place for each in placed(given_, given_.present)] == [Place.FUNDED, Place.NOT_FUNDABLE]

    def asking(least):
        return replace(given_.present, thresholds={**given_.present.thresholds, "objective_1": least})

    assert changes(given_, asking(Decimal("6.01")))[1] == ["Loses the grant.", "Misses a threshold."]
    assert changes(given_, asking(None))[2] == ["Gains the grant.", "Misses no threshold any more."]


def test_without_one_reviewer_only_their_applications_are_scored_anew():
    given_ = example(judged(1, scored(8), scored(6)), judged(2, scored(7)), budget="400000.00")
    assert funded(placed(given_, given_.present)) == [1], "equal totals, and the first was submitted earlier"
    without = replace(given_.present, left_out=ANNE)
    rows = compare(placed(given_, given_.present), placed(given_, without))
    assert [each.other.candidate.total for each in rows] == [Decimal("60.00"), Decimal("0.00")]
    assert rows[1].other.place is Place.NOT_FUNDABLE, "no review is left of it"
    assert changes(given_, replace(given_.present, left_out=BERT)) == {1: [], 2: []}


def test_a_consensus_stands_whoever_is_left_out_and_is_weighed_anew():
    agreed = {code: 8 if code == "objective_1" else 6 for code in CODES}
    given_ = example(judged(1, scored(9), scored(3), agreed=agreed))
    (present,) = placed(given_, given_.present)
    assert placed(given_, replace(given_.present, left_out=ANNE)) == (present,)
    others = dict.fromkeys(CODES, 0) | {"objective_1": 50, "objective_2": 50}
    (weighed,) = placed(given_, replace(given_.present, weights=others))
    assert (present.candidate.total, weighed.candidate.total) == (Decimal("63.00"), Decimal("70.00"))


def test_other_weights_change_who_comes_first():
    broad, deep = judged(1, scored(7, objective_1=6)), judged(2, scored(6, objective_1=9))
    given_ = example(broad, deep, budget="400000.00")
    spread = dict.fromkeys(CODES, 0) | {"objective_1": 60, "objective_2": 40}
    assert changes(given_, replace(given_.present, weights=spread)) == {
        1: ["Loses the grant.", "Falls from rank 1 to 2."],
        2: ["Gains the grant.", "Rises from rank 2 to 1."],
    }


@pytest.mark.parametrize(
    ("more", "problems"), [(0, []), (1, ["weights-do-not-add-up"]), (-1, ["weights-do-not-add-up"])]
)
def test_weights_must_add_up_to_a_hundred(more, problems):
    present = scenario_of(TERMS, RankingPolicy.STRICT, AMPLE)
    changed = replace(present, weights={**present.weights, "objective_1": present.weights["objective_1"] + more})
    assert [each.code for each in problems_with_scenario(changed)] == problems


@st.composite
def scenarios(draw):
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=len(CODES) - 1, max_size=len(CODES) - 1)))
    weights = [after - before for before, after in zip([0, *cuts], [*cuts, 100], strict=True)]
    return replace(
        scenario_of(TERMS, draw(st.sampled_from(list(RankingPolicy))), Decimal(draw(st.integers(0, 1_500_000)))),
        total_threshold=Decimal(draw(st.integers(0, 100))),
        weights=dict(zip(CODES, weights, strict=True)),
        thresholds={code: draw(st.none() | st.decimals(0, 10, places=2)) for code in CODES},
        left_out=draw(st.none() | st.sampled_from([ANNE, BERT, CHRIS])),
    )


@settings(deadline=None)
@given(rounds(), scenarios())
def test_no_scenario_spends_more_than_its_budget_and_strict_outranks_nobody(given_, scenario):
    sums = sums_of(placed(given_, scenario), scenario.budget)
    assert sums.unspent >= 0
    assert sums.spent + sums.unspent == scenario.budget
    if scenario.policy is not RankingPolicy.SKIP:
        assert sums.outranked == 0
    assert not list(problems_with_scenario(scenario))


@settings(deadline=None)
@given(rounds(), scenarios(), st.randoms(use_true_random=False))
def test_the_order_of_applications_does_not_matter(given_, scenario, random):
    shuffled = example(*random.sample(given_.judged, len(given_.judged)))
    shuffled = replace(shuffled, basis=replace(shuffled.basis, present=given_.present))
    assert placed(shuffled, scenario) == placed(given_, scenario)
