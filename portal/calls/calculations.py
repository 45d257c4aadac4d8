"""What a form computes from its own answers: a sum, a product or a share, and nothing more. Exact, and rounded once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Literal

from portal.core.money import rounded


@dataclass(frozen=True, slots=True)
class Calculation:
    """`of` names what is calculated with: `question`, or `question.part` for one column of a table or one group of targets.

    A table or targets per year count as the sum of their figures. A share is the first of two as a percentage of the
    second. `is_money` says that the result is an amount in euro.
    """

    operation: Literal["sum", "product", "share"]
    of: tuple[str, ...]
    is_money: bool = False

    def __post_init__(self) -> None:
        fits = {"sum": len(self.of) >= 1, "product": len(self.of) > 1, "share": len(self.of) == 2}
        if not fits[self.operation]:
            raise ValueError(f"a {self.operation} of {len(self.of)} answers cannot be calculated")

    def answer(self, answers: Mapping[str, Any]) -> str | None:
        """Return the result as answers are stored, rounded half up to two decimals.

        None where nothing is known yet: no figure to add, one to multiply missing, or no whole to have a share of.
        """
        result = self._result([sum_of(answers, each) for each in self.of])
        if result is None:
            return None
        text = f"{rounded(result):f}"
        return text if self.is_money else text.rstrip("0").rstrip(".")

    def _result(self, values: list[Fraction | None]) -> Fraction | None:
        known = [each for each in values if each is not None]
        if not known or (self.operation != "sum" and len(known) < len(values)):
            return None
        if self.operation == "sum":
            return sum(known, Fraction())
        if self.operation == "product":
            return math.prod(known, start=Fraction(1))
        part, whole = known
        return part * 100 / whole if whole else None


def sum_of(answers: Mapping[str, Any], name: str) -> Fraction | None:
    """Return the exact sum of the figures that `name` (`question` or `question.part`) stands for; None without a figure."""
    key, _, part = name.partition(".")
    answer = answers.get(key)
    found: list[Any] = [answer]
    if isinstance(answer, list | tuple):
        found = [row.get(part) for row in answer if isinstance(row, Mapping)]
    elif isinstance(answer, Mapping):
        years = [counts for counts in answer.values() if isinstance(counts, Mapping)]
        found = [count for counts in years for code, count in counts.items() if part in ("", code)]
    figures = [figure for each in found if (figure := _figure(each)) is not None]
    return sum(figures, Fraction()) if figures else None


def _figure(value: Any) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return Fraction(number) if number.is_finite() else None
