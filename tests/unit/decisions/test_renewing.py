"""The number of a decision after a review, and the most that it can award."""

from decimal import Decimal

import pytest

from portal.applications.states import Outcome
from portal.decisions.renewing import Room, number_after_review


@pytest.mark.parametrize(
    ("first", "new"),
    [("B-2022-1/03", "B-2022-1/03-H1"), ("B-2022-1/03-H1", "B-2022-1/03-H2"), ("A-2022-1/12-H9", "A-2022-1/12-H10")],
)
def test_the_number_says_which_decision_it_replaces_and_how_often(first, new):
    assert number_after_review(first) == new


@pytest.mark.parametrize(
    ("budget", "envelope", "minimum", "most"),
    [
        ("100.00", "100.00", None, "90.00"),
        ("89.99", "100.00", None, "0.00"),
        ("80.00", "100.00", "70.00", "80.00"),
        ("100.00", "70.00", "70.00", "70.00"),
        ("100.00", "69.99", "70.00", "0.00"),
        ("-5.00", "100.00", None, "0.00"),
    ],
)
def test_the_most_is_what_was_asked_or_what_is_left_and_never_less_than_was_stated(budget, envelope, minimum, most):
    least = minimum and Decimal(minimum)
    room = Room(Outcome.REFUSED, Decimal(0), Decimal("90.00"), least, Decimal(budget), Decimal(envelope))
    assert room.most == Decimal(most)
