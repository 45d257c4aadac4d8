"""The ranking and the funding line, with examples of every policy and properties that hold for all of them."""

from datetime import UTC, date, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.calls.states import RankingPolicy
from portal.decisions.digest import row_placed
from portal.decisions.rules import (
    Candidate,
    Limit,
    ReasonCode,
    TieKey,
    draw_line,
    is_reserve_valid,
    rank,
    reserve_ends_on,
)
from portal.decisions.states import Place
from tests.world.time import moment

NOON = moment("2022-03-30T12:00")
AMPLE = Decimal("50000000.00")


def candidate(number, total, requested="400000.00", **changes):
    values = {
        "application_id": number,
        "total": Decimal(total),
        "tie_score": Decimal("7.00"),
        "new_municipalities": 3,
        "submitted_at": NOON + timedelta(seconds=number),
        "requested_amount": Decimal(requested),
    }
    return Candidate(**{**values, **changes})


def order(rows):
    return [each.candidate.application_id for each in rows]


def line(candidates, budget, policy, envelope=AMPLE):
    return draw_line(rank(candidates), Decimal(budget), envelope, policy)


def places(placed):
    return [(each.candidate.application_id, each.place, each.proposed_amount, each.code) for each in placed]


def test_the_digest_does_not_depend_on_the_zone_in_which_a_moment_was_loaded():
    brussels = candidate(1, "70.00", submitted_at=NOON.astimezone(ZoneInfo("Europe/Brussels")))
    utc = brussels._replace(submitted_at=brussels.submitted_at.astimezone(UTC))
    rows = [row_placed(each) for one in (brussels, utc) for each in line([one], "400000.00", RankingPolicy.STRICT)]
    assert rows[0] == rows[1]
    later = utc._replace(submitted_at=utc.submitted_at + timedelta(microseconds=1))
    assert [row_placed(each) for each in line([later], "400000.00", RankingPolicy.STRICT)] != rows[:1]


def test_the_highest_total_comes_first_and_a_missed_threshold_last():
    rows = rank([candidate(1, "66.17", missed=("objective_2",)), candidate(2, "61.00"), candidate(3, "84.17")])
    assert order(rows) == [3, 2, 1]
    assert [each.rank for each in rows] == [1, 2, None], "66.17 is higher than 61.00, and still not fundable"
    assert [each.decided_by for each in rows] == [TieKey.TOTAL, TieKey.TOTAL, TieKey.THRESHOLD]


@pytest.mark.parametrize(
    ("first", "second", "key"),
    [
        ({"tie_score": Decimal("7.70")}, {"tie_score": Decimal("7.00")}, TieKey.CRITERION),
        ({"new_municipalities": 4}, {"new_municipalities": 3}, TieKey.COVERAGE),
        ({"submitted_at": NOON}, {"submitted_at": NOON + timedelta(microseconds=1)}, TieKey.TIME),
    ],
)
def test_an_equal_total_is_parted_by_criterion_then_coverage_then_time(first, second, key):
    rows = rank([candidate(1, "71.00", **second), candidate(2, "71.00", **first)])
    assert order(rows) == [2, 1]
    assert rows[1].decided_by is key


def test_the_tie_break_criterion_goes_before_coverage_and_coverage_before_time():
    early = candidate(1, "71.00", tie_score=Decimal("6.00"), new_municipalities=9, submitted_at=NOON)
    late = candidate(2, "71.00", tie_score=Decimal("6.01"), new_municipalities=0)
    assert order(rank([early, late])) == [2, 1]
    assert order(rank([early._replace(tie_score=late.tie_score), late])) == [1, 2]


def test_strict_stops_at_the_first_that_does_not_fit():
    placed = line(
        [candidate(1, "80.00"), candidate(2, "70.00", "500000.00"), candidate(3, "65.00", "100000.00")],
        "800000.00",
        RankingPolicy.STRICT,
    )
    assert places(placed) == [
        (1, Place.FUNDED, Decimal("400000.00"), ReasonCode.FITS),
        (2, Place.RESERVE, Decimal("0.00"), ReasonCode.DOES_NOT_FIT),
        (3, Place.RESERVE, Decimal("0.00"), ReasonCode.AFTER_THE_LINE),
    ]
    assert placed[1].figures == {"left": Decimal("400000.00")}
    assert placed[1].limit is Limit.ROUND


def test_skip_goes_on_and_says_whom_it_passed_over():
    placed = line(
        [
            candidate(1, "80.00"),
            candidate(2, "70.00", "500000.00"),
            candidate(3, "65.00", "100000.00"),
            candidate(4, "61.00", "400000.00"),
        ],
        "800000.00",
        RankingPolicy.SKIP,
    )
    assert [(each.place, each.code) for each in placed] == [
        (Place.FUNDED, ReasonCode.FITS),
        (Place.RESERVE, ReasonCode.PASSED_OVER),
        (Place.FUNDED, ReasonCode.FITS),
        (Place.RESERVE, ReasonCode.DOES_NOT_FIT),
    ]


def test_partial_offers_what_is_left_to_the_first_that_does_not_fit_and_stops():
    placed = line(
        [
            candidate(1, "80.00"),
            candidate(2, "70.00", "500000.00", minimum_amount=Decimal("380000.00")),
            candidate(3, "65.00", "10000.00"),
        ],
        "800000.00",
        RankingPolicy.PARTIAL,
    )
    assert places(placed)[1:] == [
        (2, Place.PARTIAL, Decimal("400000.00"), ReasonCode.REDUCED),
        (3, Place.RESERVE, Decimal("0.00"), ReasonCode.AFTER_THE_LINE),
    ]


@pytest.mark.parametrize(
    ("minimum", "code"),
    [(None, ReasonCode.NO_REDUCTION), (Decimal("400000.01"), ReasonCode.BELOW_MINIMUM)],
)
def test_partial_never_offers_less_than_the_stated_minimum(minimum, code):
    """No stated minimum means no reduction: the application goes to the reserve list whole."""
    candidates = [candidate(1, "80.00"), candidate(2, "70.00", "500000.00", minimum_amount=minimum)]
    assert places(line(candidates, "800000.00", RankingPolicy.PARTIAL))[1] == (2, Place.RESERVE, Decimal("0.00"), code)


def test_the_programmes_envelope_can_end_before_the_rounds_budget():
    placed = line([candidate(1, "80.00")], "800000.00", RankingPolicy.STRICT, envelope=Decimal("399999.99"))
    assert placed[0].place is Place.RESERVE
    assert placed[0].limit is Limit.PROGRAMME


def test_an_award_may_take_the_last_cent():
    placed = line([candidate(1, "80.00")], "400000.00", RankingPolicy.STRICT)
    assert (placed[0].place, placed[0].figures) == (Place.FUNDED, {"left": Decimal("0.00")})


def test_a_missed_threshold_takes_no_money_and_no_place_on_the_reserve_list():
    placed = line([candidate(1, "59.99", missed=("total",))], "800000.00", RankingPolicy.SKIP)
    assert places(placed) == [(1, Place.NOT_FUNDABLE, Decimal("0.00"), ReasonCode.THRESHOLD_MISSED)]


def test_a_reserve_list_holds_six_months_or_until_the_next_results():
    out = date(2022, 6, 17)
    assert reserve_ends_on(out) == date(2022, 12, 17)
    assert is_reserve_valid(out, None, date(2022, 12, 17))
    assert not is_reserve_valid(out, None, date(2022, 12, 18))
    assert is_reserve_valid(out, date(2022, 8, 23), date(2022, 8, 22))
    assert not is_reserve_valid(out, date(2022, 8, 23), date(2022, 8, 23))


cents = st.decimals(min_value="0.01", max_value="500000.00", places=2)
scores = st.decimals(min_value="0.00", max_value="10.00", places=2)


@st.composite
def rounds(draw):
    """Between none and twelve candidates, with many equal totals on purpose."""
    made = []
    for number in range(draw(st.integers(0, 12))):
        requested = draw(cents)
        minimum = draw(st.none() | st.decimals(min_value="0.01", max_value=requested, places=2))
        made.append(
            Candidate(
                application_id=number,
                total=draw(st.sampled_from([Decimal(each) for each in ("59.99", "60.00", "71.00", "71.01")])),
                tie_score=draw(st.sampled_from([Decimal("6.50"), Decimal("7.00")])),
                new_municipalities=draw(st.integers(0, 2)),
                submitted_at=NOON + timedelta(microseconds=number),
                requested_amount=requested,
                minimum_amount=minimum,
                missed=draw(st.sampled_from([(), (), ("total",)])),
            )
        )
    return made


policies = st.sampled_from(list(RankingPolicy))
sums = st.decimals(min_value="0.00", max_value="2000000.00", places=2)


@settings(deadline=None)
@given(rounds(), sums, sums, policies)
def test_awards_never_exceed_the_budget_or_the_envelope(candidates, budget, envelope, policy):
    placed = draw_line(rank(candidates), budget, envelope, policy)
    assert sum(each.proposed_amount for each in placed) <= min(budget, envelope)
    for each in placed:
        assert each.proposed_amount <= each.candidate.requested_amount
        assert (each.proposed_amount > 0) == (each.place in (Place.FUNDED, Place.PARTIAL))
        if each.place is Place.PARTIAL:
            assert each.proposed_amount >= each.candidate.minimum_amount


@settings(deadline=None)
@given(rounds(), st.randoms(use_true_random=False), sums, policies)
def test_the_order_of_input_does_not_matter(candidates, random, budget, policy):
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert draw_line(rank(shuffled), budget, AMPLE, policy) == draw_line(rank(candidates), budget, AMPLE, policy)


@settings(deadline=None)
@given(rounds(), sums, st.sampled_from([RankingPolicy.STRICT, RankingPolicy.PARTIAL]))
def test_without_skipping_nobody_is_outranked(candidates, budget, policy):
    """No one on the reserve list stands above anyone with an award."""
    standing = [each.place for each in draw_line(rank(candidates), budget, AMPLE, policy)]
    last_award = max((at for at, place in enumerate(standing) if place in (Place.FUNDED, Place.PARTIAL)), default=-1)
    assert Place.RESERVE not in standing[: last_award + 1]


@settings(deadline=None)
@given(rounds(), sums)
def test_skipping_funds_whatever_strict_funds(candidates, budget):
    def funded(policy):
        placed = draw_line(rank(candidates), budget, AMPLE, policy)
        return {each.candidate.application_id for each in placed if each.place is Place.FUNDED}

    assert funded(RankingPolicy.STRICT) <= funded(RankingPolicy.SKIP)


@settings(deadline=None)
@given(rounds())
def test_each_tie_key_tells_the_truth(candidates):
    """The key that decided is the first on which two neighbours differ, and it favours the upper one."""
    rows = rank(candidates)
    for above, below in pairwise(rows):
        upper, lower = above.candidate, below.candidate
        pairs = {
            TieKey.THRESHOLD: (upper.is_fundable, lower.is_fundable),
            TieKey.TOTAL: (upper.total, lower.total),
            TieKey.CRITERION: (upper.tie_score, lower.tie_score),
            TieKey.COVERAGE: (upper.new_municipalities, lower.new_municipalities),
            TieKey.TIME: (-upper.submitted_at.timestamp(), -lower.submitted_at.timestamp()),
        }
        differing = [key for key, (one, other) in pairs.items() if one != other]
        assert below.decided_by is differing[0]
        assert pairs[differing[0]][0] > pairs[differing[0]][1]
