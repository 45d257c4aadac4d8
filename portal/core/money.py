"""Euro amounts: Decimal with two places, never a float."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
LARGEST = Decimal("9999999999.99")  # Numeric(12, 2)


def euro(value: Decimal | int | str) -> Decimal:
    """Return ``value`` as euro with two places, rounded half up."""
    return Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return the exact sum of euro amounts."""
    return sum(amounts, ZERO)


def rounded(value: Fraction, places: int = 2) -> Decimal:
    """Return an exact fraction rounded once, half up, to ``places`` decimals (halves away from zero)."""
    scaled = abs(value) * 10**places
    units = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return (Decimal(units) if value >= 0 else -Decimal(units)).scaleb(-places)
