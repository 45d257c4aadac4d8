"""What a review comes to, put together for the pages that show it; the arithmetic is in ``rules``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.calls.definitions import Criterion
from portal.reviewing.rules import Score, review_total, rounded


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review is: criteria answered of all, and the total of 100 over those that were scored."""

    answered: int
    criteria: int
    total: Decimal | None


def progress(scores: Mapping[str, Score], criteria: Sequence[Criterion]) -> Progress:
    """Return how far a review with these scores is."""
    known = [scores[each.code] for each in criteria if each.code in scores]
    exact = review_total(scores, criteria)
    return Progress(
        answered=sum(each.is_given or each.cannot_judge for each in known),
        criteria=len(criteria),
        total=rounded(exact) if exact is not None else None,
    )


def points(score: Score | None, criterion: Criterion) -> Decimal | None:
    """Return what a score adds of the criterion's weight: 7 of a weight of 20 is 14.0."""
    return None if score is None or not score.is_given else Decimal((score.score or 0) * criterion.weight) / 10
