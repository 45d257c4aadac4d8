"""The line where a round sets budgets apart for provinces: where one is spent, the line stops for that province alone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.calls.states import RankingPolicy
from portal.decisions.reasons import at_the_line
from portal.decisions.rules import Candidate, Limit, ReasonCode, draw_line, outranked, overspent, rank
from portal.decisions.states import Place
from tests.world.time import moment

NOON = moment("2022-03-30T12:00")
AMPLE = Decimal("50000000.00")
WEST, ANTWERP, LIMBURG = "30000", "10000", "70000"


def candidate(number, province, requested="400000.00", minimum=None):
    """In the order of their numbers: each has less points than the one before."""
    at, lowest = NOON + timedelta(seconds=number), minimum and Decimal(minimum)
    return Candidate(number, Decimal(90 - number), Decimal(7), 1, at, Decimal(requested), lowest, (), province)


def line(candidates, policy, budget="2000000.00", **budgets):
    by_code = {{"west": WEST, "antwerp": ANTWERP}[name]: Decimal(amount) for name, amount in budgets.items()}
    return draw_line(rank(candidates), Decimal(budget), AMPLE, policy, by_code)


def stands(placed):
    return [(each.candidate.application_id, each.code, each.proposed_amount, each.limit) for each in placed]


def said(each):
    """The sentence of a row, as the board has it, with its figures filled in."""
    reason = {"code": each.code, "limit": each.limit, "province": each.candidate.province}
    message = at_the_line({**reason, **{name: str(amount) for name, amount in each.figures.items()}})
    figures = {name: getattr(value, "en", value) for name, value in message.params.items()}
    return str(message) % figures


@pytest.mark.parametrize("policy", [RankingPolicy.STRICT, RankingPolicy.PARTIAL])
def test_the_line_stops_for_the_province_whose_budget_is_spent_and_goes_on_for_the_others(policy):
    west = [candidate(1, WEST), candidate(2, WEST), candidate(4, WEST, "1.00")]
    placed = line([*west, candidate(3, ANTWERP), candidate(5, LIMBURG)], policy, west="500000.00")
    does_not_fit = ReasonCode.DOES_NOT_FIT if policy is RankingPolicy.STRICT else ReasonCode.NO_REDUCTION
    assert stands(placed) == [
        (1, ReasonCode.FITS, Decimal("400000.00"), None),
        (2, does_not_fit, Decimal("0.00"), Limit.PROVINCE),
        (3, ReasonCode.FITS, Decimal("400000.00"), None),
        (4, ReasonCode.AFTER_THE_LINE, Decimal("0.00"), Limit.PROVINCE),
        (5, ReasonCode.FITS, Decimal("400000.00"), None),
    ]
    assert [each.candidate.application_id for each in outranked(placed)] == [2, 4]
    assert said(placed[0]) == "Fits: 1600000.00 is left after it, and 100000.00 for West Flanders."
    assert "100000.00" in said(placed[1])
    assert "West Flanders" in said(placed[1])
    assert said(placed[2]) == "Fits: 1200000.00 is left after it."
    assert said(placed[3]) == "Comes after the line of West Flanders."


def test_without_budgets_for_provinces_the_same_rows_are_all_funded():
    west = [candidate(1, WEST), candidate(2, WEST), candidate(4, WEST, "1.00")]
    placed = line([*west, candidate(3, ANTWERP)], RankingPolicy.STRICT)
    assert {each.code for each in placed} == {ReasonCode.FITS}
    assert outranked(placed) == []


def test_skip_takes_what_still_fits_the_province():
    west = [candidate(1, WEST), candidate(2, WEST), candidate(3, WEST, "100000.00")]
    placed = line(west, RankingPolicy.SKIP, west="500000.00")
    assert [each.code for each in placed] == [ReasonCode.FITS, ReasonCode.DOES_NOT_FIT, ReasonCode.FITS]
    assert said(placed[1]) == "Does not fit: 100000.00 is left for West Flanders."


def test_partial_offers_what_is_left_for_the_province():
    west = [candidate(1, WEST), candidate(2, WEST, minimum="100000.00"), candidate(3, WEST, "1.00")]
    placed = line([*west, candidate(4, ANTWERP)], RankingPolicy.PARTIAL, west="500000.00")
    assert [(each.place, each.proposed_amount) for each in placed] == [
        (Place.FUNDED, Decimal("400000.00")),
        (Place.PARTIAL, Decimal("100000.00")),
        (Place.RESERVE, Decimal("0.00")),
        (Place.FUNDED, Decimal("400000.00")),
    ]
    below = line([west[0], west[1]._replace(minimum_amount=Decimal("100000.01"))], RankingPolicy.PARTIAL, west="500000")
    assert below[1].code is ReasonCode.BELOW_MINIMUM
    assert "less than its stated minimum of 100000.01" in said(below[1])


def test_where_the_round_ends_first_the_line_stops_for_all():
    rows = [candidate(1, WEST), candidate(2, ANTWERP), candidate(3, LIMBURG, "1.00")]
    placed = line(rows, RankingPolicy.STRICT, budget="500000.00", west="400000.00", antwerp="400000.00")
    assert [(each.code, each.limit) for each in placed] == [
        (ReasonCode.FITS, None),
        (ReasonCode.DOES_NOT_FIT, Limit.ROUND),
        (ReasonCode.AFTER_THE_LINE, Limit.ROUND),
    ]


def test_a_province_may_take_its_last_cent_and_is_overspent_by_one_more():
    placed = line([candidate(1, WEST)], RankingPolicy.STRICT, west="400000.00")
    assert placed[0].figures["province_left"] == Decimal("0.00")
    awards = [(WEST, Decimal("400000.00")), (None, Decimal("5.00")), (LIMBURG, Decimal("5.00"))]
    assert overspent(awards, {WEST: Decimal("400000.00")}) == []
    [found] = overspent(awards, {WEST: Decimal("399999.99")})
    assert (found.province, found.awarded, found.budget) == (WEST, Decimal("400000.00"), Decimal("399999.99"))


cents = st.decimals(min_value="0.01", max_value="500000.00", places=2)
sums = st.decimals(min_value="0.00", max_value="1500000.00", places=2)
provinces = st.sampled_from([WEST, ANTWERP, LIMBURG, None])
policies = st.sampled_from(list(RankingPolicy))
budgets = st.dictionaries(st.sampled_from([WEST, ANTWERP]), sums)


@st.composite
def rounds(draw):
    made = []
    for number in range(draw(st.integers(0, 10))):
        requested = draw(cents)
        minimum = draw(st.none() | st.decimals(min_value="0.01", max_value=requested, places=2))
        made.append(candidate(number, draw(provinces), requested, minimum))
    return made


@settings(deadline=None)
@given(rounds(), sums, sums, policies, budgets)
def test_no_province_the_round_or_the_envelope_is_ever_overspent(
    candidates, budget, envelope, policy, province_budgets
):
    placed = draw_line(rank(candidates), budget, envelope, policy, province_budgets)
    assert sum(each.proposed_amount for each in placed) <= min(budget, envelope)
    awards = [(each.candidate.province, each.proposed_amount) for each in placed]
    assert overspent(awards, province_budgets) == []
    assert all(each.limit or each.proposed_amount for each in placed if each.candidate.is_fundable), "each says why"


@settings(deadline=None)
@given(rounds(), sums, policies)
def test_budgets_that_never_end_first_change_nothing(candidates, budget, policy):
    placed = draw_line(rank(candidates), budget, AMPLE, policy)
    bounded = draw_line(rank(candidates), budget, AMPLE, policy, {WEST: budget, ANTWERP: budget})
    assert [(each.place, each.proposed_amount, each.code) for each in placed] == [
        (each.place, each.proposed_amount, each.code) for each in bounded
    ]


@settings(deadline=None)
@given(rounds(), sums, st.sampled_from([RankingPolicy.STRICT, RankingPolicy.PARTIAL]), budgets)
def test_without_skipping_nobody_is_outranked_within_a_province(candidates, budget, policy, province_budgets):
    placed = draw_line(rank(candidates), budget, AMPLE, policy, province_budgets)
    for province in (WEST, ANTWERP):
        mine = [each for each in placed if each.candidate.province == province]
        assert outranked(mine) == []
