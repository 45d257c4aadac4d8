"""What scores come to: weights, "cannot judge", means, thresholds, spread and consensus (domain page §5)."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calls.catalogue import load_programmes
from portal.reviewing.rules import TOTAL, Score, assess, review_total, rounded
from portal.reviewing.states import ConsensusCause

DIGIBANKEN = next(each for each in load_programmes() if each.definition.code == "digibanken")
FORMATION, EXECUTION = (
    next(each.definition for each in DIGIBANKEN.calls if each.definition.code == code)
    for code in ("formation", "execution")
)


def review(score=7, terms=EXECUTION, **others):
    """One score for every criterion but ``others``; None says "cannot judge"."""
    given_ = {each.code: others.get(each.code, score) for each in terms.criteria}
    return {code: Score(each, cannot_judge=each is None, reason="Daarom.") for code, each in given_.items()}


def total(*reviews, **facts):
    return assess(EXECUTION, reviews, **facts).total


one_review = st.lists(
    st.one_of(st.none(), st.integers(0, 10)), min_size=len(EXECUTION.criteria), max_size=len(EXECUTION.criteria)
).map(
    lambda scores: {
        each.code: Score(score, cannot_judge=score is None)
        for each, score in zip(EXECUTION.criteria, scores, strict=True)
    }
)
reviews = st.lists(one_review, min_size=1, max_size=5)


# A reviewer's total


def test_a_total_is_the_weighted_mean_of_a_hundred():
    assert review_total(review(7, objective_1=10), EXECUTION.criteria) == Fraction(745, 10)  # 15 of 100 weighs 3 more


def test_what_one_cannot_judge_leaves_both_sums_and_is_no_zero():
    assert review_total(review(8, reach=None, strategy=None), EXECUTION.criteria) == 80


def test_who_judges_nothing_has_no_total():
    assert review_total(review(None), EXECUTION.criteria) is None


@given(one_review)
def test_a_total_lies_between_the_lowest_and_the_highest_score(scores):
    found = review_total(scores, EXECUTION.criteria)
    points = [each.score for each in scores.values() if each.is_given]
    if points:
        assert min(points) * 10 <= found <= max(points) * 10
    else:
        assert found is None


# Rounding


@pytest.mark.parametrize(
    ("figure", "published"),
    [
        (Fraction(59995, 1000), "60.00"),
        (Fraction(599949, 10000), "59.99"),
        (Fraction(200, 3), "66.67"),
        (Fraction(1, 200), "0.01"),
        (Fraction(0), "0.00"),
        (Fraction(100), "100.00"),
    ],
)
def test_a_figure_is_rounded_half_up(figure, published):
    assert str(rounded(figure)) == published


@given(st.decimals(0, 100, places=6))
def test_rounding_agrees_with_decimal(figure):
    assert rounded(Fraction(figure)) == figure.quantize(Decimal("0.01"), ROUND_HALF_UP)


# An application's figures


def test_an_applications_total_is_the_mean_of_exact_totals_rounded_once():
    # Exact totals 740/11, 740/11 and 70: published as 67.27, 67.27 and 70.00, whose mean would be 68.18.
    odd = review(7, strategy=None, objective_1=None, reach=4, feasibility=None)
    exact = review_total(odd, EXECUTION.criteria)
    found = assess(EXECUTION, [odd, odd, review(7)])
    assert found.total == rounded((exact + exact + 70) / 3)
    assert found.totals == (rounded(exact), rounded(exact), Decimal("70.00"))


def test_a_criterion_counts_those_who_judged_it():
    found = assess(EXECUTION, [review(7, reach=None), review(7, reach=8), review(7, reach=9)])
    assert found.criteria["reach"] == Decimal("8.50")


@pytest.mark.parametrize(("scores", "missed"), [((6, 6, 6), ()), ((6, 6, 5), (TOTAL,))])
def test_sixty_is_enough_and_less_is_not(scores, missed):
    assert assess(EXECUTION, [review(each) for each in scores]).missed == missed


@pytest.mark.parametrize(("lowest", "missed"), [(3, ()), (2, ("objective_2",))])
def test_each_objective_needs_half_on_its_published_mean(lowest, missed):
    found = assess(EXECUTION, [review(8, objective_2=each) for each in (6, 6, lowest)])
    assert found.missed == missed  # (6 + 6 + 3) ÷ 3 = 5.00; with a 2 it is 4.67


def test_formation_has_a_threshold_on_its_total_alone():
    assert assess(FORMATION, [review(6, FORMATION, approach=0, costs=10)] * 3).missed == (TOTAL,)


@given(reviews)
def test_the_order_of_reviews_changes_no_figure(scores):
    forward, backward = assess(EXECUTION, scores), assess(EXECUTION, scores[::-1])
    assert (forward.total, forward.spread, forward.criteria) == (backward.total, backward.spread, backward.criteria)
    assert (forward.missed, forward.causes) == (backward.missed, backward.causes)


@given(reviews)
def test_a_total_lies_between_the_lowest_and_the_highest_reviewers(scores):
    found = assess(EXECUTION, scores)
    if found.total is not None:
        assert found.lowest <= found.total <= found.highest
        assert 0 <= found.spread <= 100


# When consensus is asked


@pytest.mark.parametrize(
    ("others", "causes"),
    [
        ({"objective_1": 0, "feasibility": 5}, ()),  # 12.00 + 3.00
        ({"objective_1": 0, "feasibility": 5, "circularity": 7}, (ConsensusCause.SPREAD,)),  # 0.50 more
    ],
)
def test_a_spread_of_exactly_fifteen_is_not_above_it(others, causes):
    found = assess(EXECUTION, [review(8), review(8), review(8, **others)])
    assert found.causes == causes, found.spread


def test_one_total_on_the_other_side_of_the_threshold_asks_consensus():
    assert assess(EXECUTION, [review(6), review(6), review(6, reach=5)]).causes == (ConsensusCause.THRESHOLD,)
    assert assess(EXECUTION, [review(6), review(6), review(6, reach=7)]).causes == ()


def test_a_criterion_that_fewer_than_two_judged_asks_consensus():
    assert assess(EXECUTION, [review(7, reach=None)] * 2 + [review(7)]).causes == (ConsensusCause.UNJUDGED,)
    assert assess(EXECUTION, [review(7, reach=None), review(7), review(7)]).causes == ()


def test_nothing_is_asked_before_all_reviews_are_in_and_there_are_enough():
    apart = [review(9), review(3)]
    assert assess(EXECUTION, apart).causes == ()
    assert assess(EXECUTION, [*apart, review(9)], awaited=1).causes == ()
    assert assess(EXECUTION, [*apart, review(9)]).causes == (ConsensusCause.SPREAD, ConsensusCause.THRESHOLD)


def test_a_recorded_consensus_gives_total_and_criteria_and_leaves_the_reviewers_beside_it():
    agreed = {each.code: 6 for each in EXECUTION.criteria} | {"objective_3": 4}
    found = assess(EXECUTION, [review(9), review(3), review(9)], agreed)
    assert (found.total, found.criteria["objective_3"]) == (Decimal("56.00"), Decimal("4.00"))
    assert found.missed == (TOTAL, "objective_3")
    assert found.totals == (Decimal("90.00"), Decimal("30.00"), Decimal("90.00"))
    assert found.is_complete


def test_an_assessment_is_complete_when_all_is_in_and_no_consensus_is_open():
    assert not assess(EXECUTION, [review(7)] * 2).is_complete
    assert not assess(EXECUTION, [review(7)] * 3, awaited=1).is_complete
    assert not assess(EXECUTION, [review(9), review(7), review(7)]).is_complete
    assert assess(EXECUTION, [review(7)] * 3).is_complete
