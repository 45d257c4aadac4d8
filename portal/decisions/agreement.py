"""How far reviewers agree: Krippendorff's alpha and the intraclass correlation ICC(1), exactly. Pure.

A unit holds what the reviewers of one application gave; units may differ in size, and one value alone agrees with
nobody, so it is left out. None where nothing can be said: fewer than two units, or no variation at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import accumulate, chain, combinations

Units = Sequence[Sequence[Fraction]]
Distance = Callable[[Fraction, Fraction], Fraction]  # squared, and 0 between equal values


def paired(units: Iterable[Sequence[Fraction]]) -> list[Sequence[Fraction]]:
    """Return the units with at least two values."""
    return [each for each in units if len(each) > 1]


def krippendorff_alpha(units: Units, distance: Distance) -> Fraction | None:
    """Return Krippendorff's alpha of ``units`` under a squared distance: 1 is agreement, 0 what chance would give."""
    kept = paired(units)
    counts = Counter(chain.from_iterable(kept))
    expected = _sum(counts[one] * counts[other] * distance(one, other) for one, other in combinations(counts, 2))
    if not expected:
        return None
    within = (_sum(distance(one, other) for one, other in combinations(each, 2)) / (len(each) - 1) for each in kept)
    return 1 - (counts.total() - 1) * _sum(within) / expected


def ordinal(units: Units) -> Distance:
    """Return the ordinal distance: how many of all values lie between two, each end counted by half."""
    counts = Counter(chain.from_iterable(paired(units)))
    values = sorted(counts)
    up_to = accumulate(counts[each] for each in values)
    middle = {value: seen - Fraction(counts[value], 2) for value, seen in zip(values, up_to, strict=True)}
    return lambda one, other: (middle[one] - middle[other]) ** 2


def icc1(units: Units) -> Fraction | None:
    """Return ICC(1): which share of the variation lies between units, where each has raters of its own."""
    kept = paired(units)
    values = list(chain.from_iterable(kept))
    if len(kept) < 2:
        return None
    mean = _mean(values)
    between = _sum(len(each) * (_mean(each) - mean) ** 2 for each in kept) / (len(kept) - 1)
    inside = _sum((value - _mean(each)) ** 2 for each in kept for value in each) / (len(values) - len(kept))
    size = (len(values) - Fraction(sum(len(each) ** 2 for each in kept), len(values))) / (len(kept) - 1)
    spread = between + (size - 1) * inside
    return (between - inside) / spread if spread else None


def of_the_mean(reliability: Fraction, raters: int) -> Fraction:
    """Return how reliable the mean of ``raters`` is, where one has ``reliability`` (Spearman and Brown)."""
    return raters * reliability / (1 + (raters - 1) * reliability)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return _sum(values) / len(values)


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))
