"""What if: a round's ranking under another policy, budget, thresholds or weights, or without one reviewer.

Pure, and nothing here decides. The ranking is the real one (``rules.rank`` and ``rules.draw_line``); only what goes in
differs. A recorded consensus stands whichever reviewer is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from portal.calls.definitions import CallDefinition
from portal.calls.states import RankingPolicy
from portal.core.errors import Problem
from portal.core.money import ZERO, total
from portal.core.text import _l
from portal.decisions.rules import NO_PROVINCES, Candidate, Placed, draw_line, outranked, rank
from portal.reviewing.rules import TOTAL

ALL_WEIGHTS = 100


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a ranking rests on besides the scores: ``weights`` and ``thresholds`` (of 10; None: none) by a criterion's
    code, ``budget`` in euro, ``province_budgets`` in euro by the province's code (of those that have one in the round),
    and the id of the reviewer whose reviews are left out.
    """

    policy: RankingPolicy
    budget: Decimal
    total_threshold: Decimal
    weights: Mapping[str, int]
    thresholds: Mapping[str, Decimal | None]
    left_out: int | None = None
    province_budgets: Mapping[str, Decimal] = field(default_factory=dict)


class Scored(Protocol):
    """An application's figures, as they were published or as its scores have them anew."""

    @property
    def total(self) -> Decimal | None: ...
    @property
    def criteria(self) -> Mapping[str, Decimal]: ...
    @property
    def missed(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Basis:
    """A round as it was ranked: every scenario of it starts here. ``envelope_left`` as the ranking found it."""

    terms: CallDefinition
    candidates: Sequence[Candidate]
    present: Scenario
    envelope_left: Decimal


@dataclass(frozen=True, slots=True)
class Compared:
    """One application's row at present and in the scenario."""

    present: Placed
    other: Placed

    @property
    def gains(self) -> bool:
        return not self.present.proposed_amount and self.other.proposed_amount > ZERO

    @property
    def loses(self) -> bool:
        return self.present.proposed_amount > ZERO and not self.other.proposed_amount

    @property
    def moves(self) -> bool:
        """Whether anything of its row differs: its rank, its score, its place, or what it is offered."""
        before, after = self.present, self.other
        return (before.ranked.rank, before.candidate.total, before.place, before.proposed_amount) != (
            after.ranked.rank,
            after.candidate.total,
            after.place,
            after.proposed_amount,
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """What a ranking comes to: its awards, what they cost and leave of the budget, and who was passed over."""

    awards: int
    spent: Decimal
    unspent: Decimal
    outranked: int


def scenario_of(
    terms: CallDefinition,
    policy: RankingPolicy,
    budget: Decimal,
    province_budgets: Mapping[str, Decimal] = NO_PROVINCES,
) -> Scenario:
    """Return the scenario in which nothing differs."""
    weights = {each.code: each.weight for each in terms.criteria}
    thresholds = {each.code: each.threshold for each in terms.criteria}
    return Scenario(policy, budget, terms.total_threshold, weights, thresholds, province_budgets=province_budgets)


def problems_with_scenario(scenario: Scenario) -> Iterator[Problem]:
    """Yield why a scenario cannot be computed: its weights do not add up to 100."""
    added = sum(scenario.weights.values())
    if added != ALL_WEIGHTS:
        message = _l("The weights add up to %(added)s. They must add up to 100.", added=added)
        yield Problem("weights-do-not-add-up", message, f"weight-{next(iter(scenario.weights))}")


def is_weighed_anew(scenario: Scenario, present: Scenario) -> bool:
    """Return whether no published figure can be relied on: the weights or a threshold differ."""
    return any(
        (
            scenario.weights != present.weights,
            scenario.thresholds != present.thresholds,
            scenario.total_threshold != present.total_threshold,
        )
    )


def terms_under(terms: CallDefinition, scenario: Scenario) -> CallDefinition:
    """Return the call's terms with the scenario's weights and thresholds."""
    criteria = (
        replace(each, weight=scenario.weights[each.code], threshold=scenario.thresholds[each.code])
        for each in terms.criteria
    )
    return replace(terms, criteria=tuple(criteria), total_threshold=scenario.total_threshold)


def place(basis: Basis, scenario: Scenario, scored: Mapping[int, Scored] = MappingProxyType({})) -> tuple[Placed, ...]:
    """Return the round's ranking and funding line as ``scenario`` has them; ``basis.present`` gives the real ones.

    ``scored`` are the figures that differ under the scenario, by application: for all others the published ones stand.
    """
    criterion = tie_break(basis.terms)
    candidates = (
        score_anew(each, scored[each.application_id], criterion) if each.application_id in scored else each
        for each in basis.candidates
    )
    ranked = rank(candidates)
    return draw_line(ranked, scenario.budget, basis.envelope_left, scenario.policy, scenario.province_budgets)


def tie_break(terms: CallDefinition) -> str:
    """Return the code of the criterion that parts equal totals."""
    return next(each.code for each in terms.criteria if each.is_tie_break)


def score_anew(candidate: Candidate, scored: Scored, criterion: str) -> Candidate:
    """Return the candidate with other figures; with no review left it has no total, and is not fundable."""
    return Candidate(  # not ``_replace``: that takes half as long again, for every application
        application_id=candidate.application_id,
        total=scored.total if scored.total is not None else ZERO,
        tie_score=scored.criteria.get(criterion, Decimal(0)),
        new_municipalities=candidate.new_municipalities,
        submitted_at=candidate.submitted_at,
        requested_amount=candidate.requested_amount,
        minimum_amount=candidate.minimum_amount,
        missed=scored.missed if scored.total is not None else (TOTAL,),
        province=candidate.province,
    )


def compare(present: Iterable[Placed], other: Iterable[Placed]) -> tuple[Compared, ...]:
    """Return the rows of two rankings of the same applications beside each other, in the order of the present one."""
    found = {each.candidate.application_id: each for each in other}
    return tuple(Compared(each, found[each.candidate.application_id]) for each in present)


def sums_of(placed: Sequence[Placed], budget: Decimal) -> Sums:
    """Return what ``placed`` comes to within ``budget``."""
    spent = total(each.proposed_amount for each in placed)
    return Sums(
        awards=sum(each.proposed_amount > ZERO for each in placed),
        spent=spent,
        unspent=budget - spent,
        outranked=len(outranked(placed)),
    )
