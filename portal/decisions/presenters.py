"""What the pages of rankings and decisions show, put together from stored figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.applications.states import AWARDS, Outcome
from portal.calls.definitions import CallDefinition, Criterion
from portal.core.formats import format_number
from portal.core.money import ZERO, total
from portal.core.text import Msg, Text
from portal.decisions.board_queries import BoardRow
from portal.decisions.models import Decision, Ranking
from portal.decisions.reasons import missed_thresholds, why
from portal.decisions.states import Place


def score(value: Decimal) -> str:
    """Return a score as the reader writes it, with its two decimals."""
    return format_number(value, decimals=2)


@dataclass(frozen=True, slots=True)
class ThresholdFigure:
    """A criterion that has a threshold, in percent of its scale."""

    label: Text
    percent: int
    is_missed: bool


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One row of the board and what is drawn above or below it."""

    row: BoardRow
    thresholds: Sequence[ThresholdFigure]
    reasons: Sequence[Msg]
    totals: Sequence[Decimal]
    is_tie: bool
    starts: str  # "reserve" or "out" where a group begins with this row
    ends_line: bool  # the funding line is drawn under it


def board_lines(rows: Sequence[BoardRow], ranking: Ranking, terms: CallDefinition) -> Iterator[BoardLine]:
    """Yield the lines of one page of the board, in order."""
    for row in rows:
        yield BoardLine(
            row=row,
            thresholds=list(_thresholds(row.criteria, terms)),
            reasons=list(why(row, row.criteria, terms, score)),
            totals=[Decimal(each) for each in row.totals],
            is_tie="above" in row.reason or "below" in row.reason,
            starts=_starts(row, ranking),
            ends_line=row.position == ranking.line_position,
        )


def _starts(row: BoardRow, ranking: Ranking) -> str:
    if row.position == ranking.fundable_count + 1:
        return "out"
    is_first_after = row.position == ranking.line_position + 1
    return "reserve" if is_first_after and row.place == Place.RESERVE else ""


def threshold_criteria(terms: CallDefinition) -> list[Criterion]:
    """Return the criteria that have a threshold of their own."""
    return [each for each in terms.criteria if each.threshold is not None]


def _thresholds(scores: Mapping[str, str], terms: CallDefinition) -> Iterator[ThresholdFigure]:
    for each in threshold_criteria(terms):
        if each.threshold is not None:
            given = Decimal(scores.get(each.code) or 0)
            yield ThresholdFigure(each.label, int(given * 10), given < each.threshold)


@dataclass(frozen=True, slots=True)
class CriterionFigure:
    """A criterion's published score of 10, and the points of the total that it brings."""

    label: Text
    score: Decimal
    points: Decimal
    weight: int
    threshold: Decimal | None
    is_missed: bool


def criterion_figures(feedback: Mapping[str, Any], terms: CallDefinition) -> list[CriterionFigure]:
    """Return the scores per criterion in the call's order, of those that were judged."""
    scores = feedback.get("criteria", {})
    return [
        CriterionFigure(
            label=each.label,
            score=Decimal(scores[each.code]),
            points=Decimal(scores[each.code]) * each.weight / 10,
            weight=each.weight,
            threshold=each.threshold,
            is_missed=each.threshold is not None and Decimal(scores[each.code]) < each.threshold,
        )
        for each in terms.criteria
        if scores.get(each.code) is not None
    ]


def missed_in_words(feedback: Mapping[str, Any], terms: CallDefinition) -> list[Msg]:
    """Return a sentence for each threshold that the application missed."""
    given = Decimal(feedback.get("total") or 0)
    return list(missed_thresholds(feedback.get("missed", []), given, feedback.get("criteria", {}), terms, score))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of some decisions award, reserve and refuse, and what the awards come to."""

    awards: int
    amount: Decimal
    reserves: int
    refusals: int


def tally(decisions: Sequence[Decision]) -> Tally:
    """Return the tally of ``decisions``."""
    awards = [each for each in decisions if each.outcome in AWARDS]
    return Tally(
        awards=len(awards),
        amount=total(each.amount for each in awards) if awards else ZERO,
        reserves=sum(each.outcome == Outcome.RESERVE for each in decisions),
        refusals=sum(each.outcome == Outcome.REFUSED for each in decisions),
    )
