"""A review from invitation to submission: each refusal beside what makes it possible."""

from decimal import Decimal

from portal.reviewing.queries import get_assessment, get_review
from portal.reviewing.states import ReviewState
from tests.world.reviewing import given_assessed_application, given_submitted_review


def test_three_reviews_make_an_assessment(inside):
    application = given_assessed_application(scores=(7, 8, 6))
    found = get_assessment(application.id)
    assert found.totals == ["70.00", "80.00", "60.00"]
    assert (found.total, found.lowest_total, found.highest_total) == (
        Decimal("70.00"),
        Decimal("60.00"),
        Decimal("80.00"),
    )
    assert (found.has_all_reviews, found.needs_consensus, found.is_complete) == (True, True, False)


def test_a_submitted_review_keeps_its_total(inside):
    review = given_submitted_review(scores={"objective_1": 10})
    assert get_review(review.id).state is ReviewState.SUBMITTED
    assert review.total == Decimal("74.50")
