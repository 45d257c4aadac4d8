"""Ranking, the funding line and the reserve list (domain page §5); what must hold before deciding is in ``deciding``.

Pure: a ranking can be computed again years later from the same candidates and gives the same rows. Money is Decimal
euro, scores are the published figures (two decimals); nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from portal.calls.rules import add_months
from portal.calls.states import RankingPolicy
from portal.decisions.states import Place

ZERO = Decimal("0.00")
DAYS_TO_ANSWER = 30
RESERVE_MONTHS = 6
NO_PROVINCES: Mapping[str, Decimal] = MappingProxyType({})
NO_FIGURES: Mapping[str, Decimal] = MappingProxyType({})


class TieKey(StrEnum):
    """What set a row under the one above it."""

    TOTAL = "total"
    CRITERION = "criterion"  # the score on the call's tie-break criterion
    COVERAGE = "coverage"  # municipalities that no award of an earlier round covers
    TIME = "time"  # the earlier submission, to the microsecond
    THRESHOLD = "threshold"  # the first row that misses a threshold, under the last that may be funded


class ReasonCode(StrEnum):
    """Why a row stands where it stands at the funding line; the figures stand beside it in ``Placed.figures``."""

    FITS = "fits"
    REDUCED = "reduced"
    DOES_NOT_FIT = "does-not-fit"
    NO_REDUCTION = "no-reduction-accepted"  # it does not fit, and states no lower amount with which it can go on
    BELOW_MINIMUM = "below-minimum"  # it does not fit, and what is left is less than its stated minimum
    PASSED_OVER = "passed-over"  # it does not fit, and a lower one that does was funded
    AFTER_THE_LINE = "after-the-line"
    THRESHOLD_MISSED = "threshold-missed"


class Limit(StrEnum):
    """Which sum ends first."""

    ROUND = "round"
    PROGRAMME = "programme"
    PROVINCE = "province"  # what the round sets apart for the province of the application


# NamedTuples, which take less than half the time of frozen dataclasses to make: a what-if makes ten thousand of each.


class Candidate(NamedTuple):
    """What ranking reads of one application: published figures, its keys for ties, and amounts in euro.

    ``minimum_amount`` is the lowest grant with which the project can go on; None means that it takes no reduction.
    ``missed`` names the thresholds it misses ("total" or a criterion's code): with any, it is not fundable.
    ``province`` is the code of the province that it counts for, in a round that sets budgets apart by province.
    """

    application_id: int
    total: Decimal
    tie_score: Decimal
    new_municipalities: int
    submitted_at: datetime
    requested_amount: Decimal
    minimum_amount: Decimal | None = None
    missed: tuple[str, ...] = ()
    province: str | None = None

    @property
    def is_fundable(self) -> bool:
        return not self.missed


class Ranked(NamedTuple):
    """A candidate at its position (from 1, over all rows); ``rank`` is None where a threshold is missed."""

    position: int
    rank: int | None
    candidate: Candidate
    decided_by: TieKey


class Placed(NamedTuple):
    """A ranked candidate at the funding line: its place, what it is offered, and why."""

    ranked: Ranked
    place: Place
    proposed_amount: Decimal
    code: ReasonCode
    figures: Mapping[str, Decimal] = NO_FIGURES
    limit: Limit | None = None  # which sum ended, where the row does not fit

    @property
    def candidate(self) -> Candidate:
        return self.ranked.candidate


def rank(candidates: Iterable[Candidate]) -> tuple[Ranked, ...]:
    """Return the candidates in order: fundable first, then total, the tie-break score, new municipalities, time.

    The order of ``candidates`` does not matter; the application's id, last of all keys, never decides in practice,
    for no two submissions share a microsecond.
    """
    ordered = sorted(candidates, key=_order)
    fundable = 0
    rows: list[Ranked] = []
    for position, each in enumerate(ordered, start=1):
        fundable += each.is_fundable
        decided_by = _decided_by(ordered[position - 2], each) if position > 1 else TieKey.TOTAL
        rows.append(Ranked(position, fundable if each.is_fundable else None, each, decided_by))
    return tuple(rows)


def _order(each: Candidate) -> tuple[Any, ...]:
    return (
        not each.is_fundable,
        -each.total,
        -each.tie_score,
        -each.new_municipalities,
        each.submitted_at,
        each.application_id,
    )


def _decided_by(above: Candidate, below: Candidate) -> TieKey:
    if above.is_fundable != below.is_fundable:
        return TieKey.THRESHOLD
    if above.total != below.total:
        return TieKey.TOTAL
    if above.tie_score != below.tie_score:
        return TieKey.CRITERION
    return TieKey.COVERAGE if above.new_municipalities != below.new_municipalities else TieKey.TIME


def draw_line(
    rows: Sequence[Ranked],
    budget: Decimal,
    envelope_left: Decimal,
    policy: RankingPolicy,
    province_budgets: Mapping[str, Decimal] = NO_PROVINCES,
) -> tuple[Placed, ...]:
    """Place every row at the line: awards go down the ranking while the round's budget and the envelope last.

    ``strict`` stops at the first that does not fit; ``skip`` goes on and takes what fits; ``partial`` offers the first
    that does not fit what is left, where its stated minimum allows it, and stops. ``province_budgets`` (euro by the
    province's code) are the most that a province gets: where one ends first, the line stops for that province alone.
    Nothing is skipped silently: every row has its reason, with the figures it rests on.
    """
    left = _Left(budget, envelope_left, province_budgets)
    placed: list[Placed] = []
    for row in rows:
        requested, (room, limit) = row.candidate.requested_amount, left.room_for(row.candidate)
        if not row.candidate.is_fundable:
            placed.append(Placed(row, Place.NOT_FUNDABLE, ZERO, ReasonCode.THRESHOLD_MISSED))
        elif left.is_closed(row.candidate):
            placed.append(Placed(row, Place.RESERVE, ZERO, ReasonCode.AFTER_THE_LINE, {"left": room}, limit))
        elif requested <= room:
            left.take(row.candidate, requested)
            placed.append(Placed(row, Place.FUNDED, requested, ReasonCode.FITS, left.figures_for(row.candidate)))
        else:
            first_out = _at_the_line(row, room, policy, limit)
            placed.append(first_out)
            left.take(row.candidate, first_out.proposed_amount)
            if policy is not RankingPolicy.SKIP:
                left.close(row.candidate, limit)
    return _with_passed_over(placed)


class _Left:
    """What is left while the line is drawn: of the round or the programme, whichever ends first, and of each province."""

    def __init__(self, budget: Decimal, envelope_left: Decimal, province_budgets: Mapping[str, Decimal]) -> None:
        self._limit = Limit.ROUND if budget <= envelope_left else Limit.PROGRAMME
        self._whole = max(ZERO, min(budget, envelope_left))
        self._provinces = {code: max(ZERO, amount) for code, amount in province_budgets.items()}
        self._is_closed, self._closed_provinces = False, set[str | None]()

    def room_for(self, candidate: Candidate) -> tuple[Decimal, Limit]:
        """Return what the candidate can get at most, and the sum that ends there; once the line is drawn, that sum."""
        of_province = self._provinces.get(candidate.province or "", self._whole)
        ends_first = of_province < self._whole or candidate.province in self._closed_provinces
        return (of_province, Limit.PROVINCE) if ends_first and not self._is_closed else (self._whole, self._limit)

    def is_closed(self, candidate: Candidate) -> bool:
        return self._is_closed or candidate.province in self._closed_provinces

    def take(self, candidate: Candidate, amount: Decimal) -> None:
        self._whole -= amount
        if candidate.province in self._provinces:
            self._provinces[candidate.province] -= amount

    def close(self, candidate: Candidate, limit: Limit) -> None:
        if limit is Limit.PROVINCE:
            self._closed_provinces.add(candidate.province)
        else:
            self._is_closed = True

    def figures_for(self, candidate: Candidate) -> dict[str, Decimal]:
        if candidate.province not in self._provinces:
            return {"left": self._whole}
        return {"left": self._whole, "province_left": self._provinces[candidate.province]}


def _at_the_line(row: Ranked, left: Decimal, policy: RankingPolicy, limit: Limit) -> Placed:
    minimum = row.candidate.minimum_amount
    if policy is not RankingPolicy.PARTIAL:
        return Placed(row, Place.RESERVE, ZERO, ReasonCode.DOES_NOT_FIT, {"left": left}, limit)
    if minimum is None:
        return Placed(row, Place.RESERVE, ZERO, ReasonCode.NO_REDUCTION, {"left": left}, limit)
    figures = {"left": left, "minimum": minimum}
    if left <= ZERO or minimum > left:
        return Placed(row, Place.RESERVE, ZERO, ReasonCode.BELOW_MINIMUM, figures, limit)
    return Placed(row, Place.PARTIAL, left, ReasonCode.REDUCED, figures, limit)


def _with_passed_over(placed: Sequence[Placed]) -> tuple[Placed, ...]:
    last_award = _last_award(placed)
    return tuple(
        Placed(each.ranked, each.place, ZERO, ReasonCode.PASSED_OVER, each.figures, each.limit)
        if each.code is ReasonCode.DOES_NOT_FIT and each.limit is not Limit.PROVINCE and at < last_award
        else each
        for at, each in enumerate(placed)
    )


def outranked(placed: Sequence[Placed]) -> list[Placed]:
    """Return who is not funded while a lower rank is: where the line skips, and where a province's budget ends first."""
    return [each for each in placed[: _last_award(placed) + 1] if each.place is Place.RESERVE]


def _last_award(placed: Sequence[Placed]) -> int:
    """Return the index of the last award, -1 without any."""
    return max((at for at, each in enumerate(placed) if each.proposed_amount > ZERO), default=-1)


@dataclass(frozen=True, slots=True)
class Overspent:
    """A province (by its code) whose awards come to more than the round sets apart for it, in euro."""

    province: str
    awarded: Decimal
    budget: Decimal


def overspent(awards: Iterable[tuple[str | None, Decimal]], province_budgets: Mapping[str, Decimal]) -> list[Overspent]:
    """Return the provinces that get more than their budget; ``awards`` are amounts with the province they count for."""
    spent = dict.fromkeys(province_budgets, ZERO)
    for province, amount in awards:
        if province in spent:
            spent[province] += amount
    return [Overspent(code, spent[code], budget) for code, budget in province_budgets.items() if spent[code] > budget]


def answer_due(published_on: date) -> date:
    """Return the last day to accept or decline an award."""
    return published_on + timedelta(days=DAYS_TO_ANSWER)


def reserve_ends_on(published_on: date) -> date:
    """Return the last day a reserve list holds, unless the results of the call's next round come out before."""
    return add_months(published_on, RESERVE_MONTHS)


def is_reserve_valid(published_on: date, next_results_on: date | None, on: date) -> bool:
    """Return whether a reserve list published on ``published_on`` still holds on ``on``."""
    if next_results_on is not None and next_results_on <= on:
        return False
    return on <= reserve_ends_on(published_on)
