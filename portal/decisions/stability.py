"""How firm a ranking stands: every review left out in turn, one at a time. Pure; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.core.money import rounded
from portal.decisions.agreement import Units, icc1, krippendorff_alpha, of_the_mean, ordinal, paired
from portal.decisions.rules import Placed, draw_line, rank
from portal.decisions.scenarios import Basis, Judged, place, score_anew
from portal.reviewing.rules import review_total


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


def leave_one_out(basis: Basis) -> tuple[Standing, ...]:
    """Return the present ranking's rows with what becomes of them when any one review of the round is left out.

    As many rankings as there are reviews are computed: the caller keeps large rounds away.
    """
    present = place(basis, basis.present)
    funded = dict.fromkeys((each.candidate.application_id for each in present), 0)
    seen = {each.candidate.application_id: [each.candidate.total] for each in present}
    trials = 0
    for placed in _trials(basis):
        trials += 1
        for each in placed:
            funded[each.candidate.application_id] += bool(each.proposed_amount)
            seen[each.candidate.application_id].append(each.candidate.total)
    return tuple(
        Standing(each, funded[number], trials, min(seen[number]), max(seen[number]))
        for each in present
        for number in [each.candidate.application_id]
    )


def _trials(basis: Basis) -> Iterator[tuple[Placed, ...]]:
    candidates = [each.candidate for each in basis.judged]
    present = basis.present
    for at, each in enumerate(basis.judged):
        for reviewer in each.reviews:
            without = score_anew(each, basis.terms, reviewer)
            ranked = rank([*candidates[:at], without, *candidates[at + 1 :]])
            yield draw_line(ranked, present.budget, basis.envelope_left, present.policy)


def agreement(basis: Basis) -> list[Agreement]:
    """Return how far the round's reviewers agree on the total, and then on each criterion in the call's order."""
    raters = basis.terms.reviewers_per_application
    on_total = _agreement(None, [_totals(each, basis) for each in basis.judged], raters)
    by_criterion = (
        _agreement(each.code, [_scores(each.code, one) for one in basis.judged], raters)
        for each in basis.terms.criteria
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


def _totals(judged: Judged, basis: Basis) -> list[Fraction]:
    totals = (review_total(each, basis.terms.criteria) for each in judged.reviews.values())
    return [each for each in totals if each is not None]


def _scores(code: str, judged: Judged) -> list[Fraction]:
    given = (scores[code] for scores in judged.reviews.values() if code in scores)
    return [Fraction(each.score or 0) for each in given if each.is_given]
