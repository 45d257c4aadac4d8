"""Amounts are exact and rounded once, half up."""

from decimal import Decimal
from fractions import Fraction

import pytest

from portal.core.money import rounded


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Fraction(5999, 100), "59.99"),
        (Fraction(59995, 1000), "60.00"),  # exactly half a hundredth goes up: on the threshold, not under it
        (Fraction(59994, 1000), "59.99"),
        (Fraction(2, 3) * 100, "66.67"),
        (Fraction(-5, 1000), "-0.01"),
        (Fraction(0), "0.00"),
    ],
)
def test_a_fraction_is_rounded_once_and_half_up(exact, shown):
    assert rounded(exact) == Decimal(shown)
