"""How firm a ranking stands: what a review left out changes, and how far reviewers agree."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings

from portal.calls.states import RankingPolicy
from portal.decisions.scenarios import place
from portal.decisions.stability import agreement, leave_one_out
from portal.reviewing.rules import Score
from tests.world.scenarios import CODES, TERMS, example, funded, judged, rounds, scored


def standings(given_):
    return {
        each.placed.candidate.application_id: (each.funded, each.trials, each.is_stable)
        for each in leave_one_out(given_.basis, given_.judged)
    }


def test_a_clear_winner_and_a_clear_loser_are_stable():
    given_ = example(judged(1, scored(9), scored(9)), judged(2, scored(6), scored(6)), budget="400000.00")
    assert standings(given_) == {1: (4, 4, True), 2: (0, 4, True)}


def test_what_one_review_can_turn_is_too_close_to_call():
    """Without the 9 the first has 70.00, less than the second's 75.00."""
    given_ = example(judged(1, scored(9), scored(7)), judged(2, scored(8), scored(7)), budget="400000.00")
    assert standings(given_) == {1: (3, 4, False), 2: (1, 4, False)}
    first, second = leave_one_out(given_.basis, given_.judged)
    assert (first.lowest, first.highest) == (Decimal("70.00"), Decimal("90.00"))
    assert (second.lowest, second.highest) == (Decimal("70.00"), Decimal("80.00"))


def test_a_threshold_that_one_review_can_turn_is_too_close_to_call():
    given_ = example(judged(1, scored(7), scored(5)))
    assert standings(given_) == {1: (1, 2, False)}


def test_a_reduced_offer_counts_as_funded():
    given_ = example(
        judged(1, scored(9)),
        judged(2, scored(8), scored(8), requested="500000.00", minimum=Decimal("300000.00")),
        policy=RankingPolicy.PARTIAL,
    )
    assert standings(given_)[2] == (3, 3, True)


def test_a_consensus_holds_whichever_review_is_left_out():
    agreed = dict.fromkeys(CODES, 8)
    given_ = example(judged(1, scored(10), scored(2), agreed=agreed), budget="400000.00")
    assert standings(given_) == {1: (2, 2, True)}


@settings(deadline=None, max_examples=40)
@given(rounds())
def test_the_present_awards_are_told_rightly_whatever_the_order(given_):
    """Every row is in it once, in the order of the ranking; turning the round around changes nothing."""
    found = leave_one_out(given_.basis, given_.judged)
    assert tuple(each.placed for each in found) == place(given_.basis, given_.present)
    assert all(0 <= each.funded <= each.trials for each in found)
    assert all(each.lowest <= each.placed.candidate.total <= each.highest for each in found)
    turned = replace(given_.basis, candidates=given_.basis.candidates[::-1])
    assert leave_one_out(turned, given_.judged[::-1]) == found
    if found and all(each.is_stable for each in found):
        kept = [each.placed.candidate.application_id for each in found if each.funded == each.trials and each.trials]
        assert kept == funded(place(given_.basis, given_.present))


def test_agreement_is_told_for_the_total_and_for_each_criterion():
    given_ = example(judged(1, scored(9), scored(9)), judged(2, scored(6), scored(6)), judged(3, scored(7)))
    total, *criteria = agreement(TERMS, given_.judged)
    assert (total.code, total.applications) == (None, 2), "one review alone agrees with nobody"
    assert [each.code for each in criteria] == CODES
    assert {(each.alpha, each.correlation, each.of_mean) for each in (total, *criteria)} == {(Decimal(1),) * 3}


def test_reviewers_who_differ_more_than_applications_have_no_reliable_mean():
    given_ = example(judged(1, scored(9), scored(4)), judged(2, scored(4), scored(9)))
    total, *_ = agreement(TERMS, given_.judged)
    assert total.alpha < 0
    assert (total.correlation, total.of_mean) == (Decimal("-1.00"), None)


def test_whoever_cannot_judge_a_criterion_does_not_count_there():
    blank = scored(9) | {"reach": Score(cannot_judge=True, reason="Buiten mijn vak.")}
    given_ = example(judged(1, scored(9), blank), judged(2, scored(6), scored(6)))
    found = {each.code: each for each in agreement(TERMS, given_.judged)}
    assert found["reach"].applications == 1
    assert found["objective_1"].applications == 2
    assert found["reach"].correlation is None
