"""How firm a ranking stands: every review left out in turn, one at a time. Pure; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from portal.core.money import rounded
from portal.decisions.agreement import Units, icc1, krippendorff_alpha, of_the_mean, ordinal, paired
from portal.decisions.rules import Candidate, Placed, draw_line, rank
from portal.decisions.scenarios import Basis, place, score_anew, tie_break
from portal.reviewing.rules import Score, assess, review_total

if TYPE_CHECKING:
    from portal.calls.definitions import CallDefinition


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate as published, and the scores it rests on: by the reviewer's id, and agreed where a consensus is."""

    candidate: Candidate
    reviews: Mapping[int, Mapping[str, Score]]
    agreed: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A row of the ranking, and in how many of the ``trials`` it was funded, whole or in part.

    ``lowest`` and ``highest`` are its totals over the trials, its present one included.
    """

    placed: Placed
    funded: int
    trials: int
    lowest: Decimal
    highest: Decimal

    @property
    def is_stable(self) -> bool:
        """Whether no review left out changes that it is funded, or that it is not."""
        return self.funded == (self.trials if self.placed.proposed_amount else 0)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far reviewers agree on one criterion (or on the total, where ``code`` is None), before any consensus.

    ``applications`` have two reviews or more. ``correlation`` is ICC(1), of one reviewer; ``of_mean`` that of the mean of
    as many reviewers as the call asks, where one's is above zero. None where nothing can be said. Rounded once.
    """

    code: str | None
    applications: int
    alpha: Decimal | None
    correlation: Decimal | None
    of_mean: Decimal | None


def leave_one_out(basis: Basis, judged: Sequence[Judged]) -> tuple[Standing, ...]:
    """Return the present ranking's rows with what becomes of them when any one review of the round is left out.

    ``judged`` are the basis's candidates with their reviews, in the same order. As many rankings as there are reviews are
    computed: the caller keeps large rounds away.
    """
    present = place(basis, basis.present)
    funded = dict.fromkeys((each.candidate.application_id for each in present), 0)
    seen = {each.candidate.application_id: [each.candidate.total] for each in present}
    trials = 0
    for placed in _trials(basis, judged):
        trials += 1
        for each in placed:
            funded[each.candidate.application_id] += bool(each.proposed_amount)
            seen[each.candidate.application_id].append(each.candidate.total)
    return tuple(
        Standing(each, funded[number], trials, min(seen[number]), max(seen[number]))
        for each in present
        for number in [each.candidate.application_id]
    )


def _trials(basis: Basis, judged: Sequence[Judged]) -> Iterator[tuple[Placed, ...]]:
    candidates, present = basis.candidates, basis.present
    for at, each in enumerate(judged):
        for reviewer in each.reviews:
            ranked = rank([*candidates[:at], leave_out(reviewer, each, basis.terms), *candidates[at + 1 :]])
            yield draw_line(ranked, present.budget, basis.envelope_left, present.policy, present.province_budgets)


def leave_out(reviewer: int | None, judged: Judged, terms: CallDefinition) -> Candidate:
    """Return the candidate as its scores have it without one reviewer."""
    scores = [each for number, each in judged.reviews.items() if number != reviewer]
    return score_anew(judged.candidate, assess(terms, scores, judged.agreed), tie_break(terms))


def agreement(terms: CallDefinition, judged: Sequence[Judged]) -> list[Agreement]:
    """Return how far the round's reviewers agree on the total, and then on each criterion in the call's order."""
    raters = terms.reviewers_per_application
    on_total = _agreement(None, [_totals(each, terms) for each in judged], raters)
    by_criterion = (
        _agreement(each.code, [_scores(each.code, one) for one in judged], raters) for each in terms.criteria
    )
    return [on_total, *by_criterion]


def _agreement(code: str | None, units: Units, raters: int) -> Agreement:
    correlation = icc1(units)
    return Agreement(
        code=code,
        applications=len(paired(units)),
        alpha=_figure(krippendorff_alpha(units, ordinal(units))),
        correlation=_figure(correlation),
        of_mean=_figure(of_the_mean(correlation, raters)) if correlation is not None and correlation > 0 else None,
    )


def _figure(exact: Fraction | None) -> Decimal | None:
    return None if exact is None else rounded(exact)


def _totals(judged: Judged, terms: CallDefinition) -> list[Fraction]:
    totals = (review_total(each, terms.criteria) for each in judged.reviews.values())
    return [each for each in totals if each is not None]


def _scores(code: str, judged: Judged) -> list[Fraction]:
    given = (scores[code] for scores in judged.reviews.values() if code in scores)
    return [Fraction(each.score or 0) for each in given if each.is_given]
