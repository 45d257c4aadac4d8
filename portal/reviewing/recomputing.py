"""The figures of a round's applications from its reviews' scores, in one statement: what ``rules.assess`` gives for one.

Exact as there (domain page §5). A reviewer's total is a fraction, so that fractions are brought to one denominator:
the least common multiple of all that the weights can add up to. Only whole numbers are added, and each figure is
rounded once, half up, by whole division.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from math import lcm
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, array

from portal.applications.models import Application
from portal.calls.definitions import CallDefinition, Criterion
from portal.core.db import db
from portal.reviewing.models import Consensus, Review
from portal.reviewing.rules import TOTAL
from portal.reviewing.states import ReviewState

_HUNDREDTH = sa.literal_column("0.01", sa.Numeric())
_Number = sa.ColumnElement[Any]


class Recomputed(NamedTuple):
    """An application's figures as its scores have them; no total where nobody judges anything.

    ``criteria`` holds the scores that were asked for.
    """

    total: Decimal | None
    criteria: Mapping[str, Decimal]
    missed: tuple[str, ...]


NOTHING_SCORED = Recomputed(None, {}, ())


def recompute(
    round_id: int,
    terms: CallDefinition,
    *,
    without: int | None = None,
    only_theirs: bool = False,
    scores_of: Collection[str] | None = None,
) -> dict[int, Recomputed]:
    """Return the figures of every application with a submitted review or a recorded consensus, under ``terms``.

    ``without`` is the id of a reviewer whose reviews do not count; ``only_theirs`` leaves away what they did not review.
    ``scores_of`` names the criteria whose published scores are wanted (all): reading them is half the work.
    """
    wanted = [each.code for each in terms.criteria if scores_of is None or each.code in scores_of]
    stmt = _figures(round_id, terms, without, wanted, only_theirs=only_theirs)
    return {
        application_id: Recomputed(
            total,
            {code: score for code, score in zip(wanted, scores, strict=True) if score is not None},
            tuple(missed),
        )
        for application_id, total, missed, *scores in db.session.execute(stmt)
    }


def common_denominator(weights: Iterable[int]) -> int:
    """Return a number that whatever some of ``weights`` add up to divides."""
    sums = {0}
    for weight in weights:
        sums |= {weight + each for each in sums}
    return lcm(*(sums - {0}))


def _figures(
    round_id: int, terms: CallDefinition, without: int | None, wanted: Collection[str], *, only_theirs: bool
) -> sa.Select[Any]:
    """One row for each application: its id, total, thresholds missed, and the score of each wanted criterion in order."""
    criteria = terms.criteria
    judged = _judged(round_id, criteria, without, only_theirs=only_theirs)
    agreed = _agreed(round_id, criteria)
    is_agreed = agreed.c.application_id.is_not(None)
    weights = sum(each.weight for each in criteria)
    total = sa.case(
        (is_agreed, _half_up(1000 * _weighed(criteria, _columns(agreed, "agreed", criteria)), sa.literal(weights))),
        else_=_half_up(1000 * judged.c.shares, judged.c.reviews * _exactly(_whole(criteria))),
    )
    scores = [
        sa.case((is_agreed, each_agreed * 100), else_=_mean(points, count))
        for each_agreed, points, count in zip(
            _columns(agreed, "agreed", criteria),
            _columns(judged, "points", criteria),
            _columns(judged, "count", criteria),
            strict=True,
        )
    ]
    figures = (
        sa.select(
            sa.func.coalesce(judged.c.application_id, agreed.c.application_id).label("application_id"),
            (total * _HUNDREDTH).label("total"),
            *((score * _HUNDREDTH).label(f"score_{at}") for at, score in enumerate(scores)),
        )
        .select_from(
            sa.join(
                judged, agreed, judged.c.application_id == agreed.c.application_id, full=not only_theirs, isouter=True
            )
        )
        .cte("figures")
        .prefix_with("MATERIALIZED")  # the thresholds ask the figures again
    )
    published = _columns(figures, "score", criteria)
    shown = [score for each, score in zip(criteria, published, strict=True) if each.code in wanted]
    return sa.select(figures.c.application_id, figures.c.total, _missed(terms, figures.c.total, published), *shown)


def _judged(round_id: int, criteria: Sequence[Criterion], without: int | None, *, only_theirs: bool) -> sa.CTE:
    """What the reviews of an application add up to; every review's scores are read once, hence MATERIALIZED."""
    counted = Review.reviewer_id != without if without is not None else None
    wanted = [Review.round_id == round_id, Review.state == ReviewState.SUBMITTED]
    theirs = sa.select(Review.application_id).where(*wanted, Review.reviewer_id == without)
    read = (
        sa.select(
            Review.application_id,
            *(_point(_given(each.code), counted).label(f"point_{at}") for at, each in enumerate(criteria)),
        )
        .where(*wanted, Review.application_id.in_(theirs) if only_theirs else sa.true())
        .cte("read")
        .prefix_with("MATERIALIZED")
    )
    points = _columns(read, "point", criteria)
    weighing = [(each.weight, point) for each, point in zip(criteria, points, strict=True) if each.weight]
    divisor = sum((sa.case((point.is_not(None), weight), else_=0) for weight, point in weighing), sa.literal(0))
    shares = _weighed(criteria, points) * sa.func.div(_exactly(_whole(criteria)), sa.func.nullif(divisor, 0))
    return (
        sa.select(
            read.c.application_id,
            sa.func.sum(shares).label("shares"),
            sa.func.count(sa.func.coalesce(*(point for _, point in weighing))).label("reviews"),
            *(sa.func.sum(point).label(f"points_{at}") for at, point in enumerate(points)),
            *(sa.func.count(point).label(f"count_{at}") for at, point in enumerate(points)),
        )
        .group_by(read.c.application_id)
        .cte("judged")
    )


def _agreed(round_id: int, criteria: Sequence[Criterion]) -> sa.CTE:
    return (
        sa.select(
            Consensus.application_id,
            *(
                Consensus.scores[each.code].astext.cast(sa.Integer).label(f"agreed_{at}")
                for at, each in enumerate(criteria)
            ),
        )
        .join(Application, Application.id == Consensus.application_id)
        .where(Application.round_id == round_id, Consensus.recorded_at.is_not(None))
        .cte("agreed")
    )


def _given(code: str) -> _Number:
    """What a review says of a criterion, by ``->``: a subscript, as SQLAlchemy writes it, takes PostgreSQL twice as long."""
    return Review.scores.op("->", return_type=JSONB())(code)


def _point(score: _Number, counted: sa.ColumnElement[bool] | None) -> _Number:
    """The score; none where the reviewer did not judge the criterion, or is left out (not ``counted``).

    Whether one cannot judge is not asked: not even a draft is stored that says so and has a score.
    """
    given = score["score"].astext.cast(sa.Integer)
    return given if counted is None else sa.case((counted, given))


def _weighed(criteria: Iterable[Criterion], points: Iterable[_Number]) -> _Number:
    """The sum of weight × score over what is judged."""
    products = (each.weight * sa.func.coalesce(point, 0) for each, point in zip(criteria, points, strict=True))
    return sum(products, sa.literal(0))


def _half_up(dividend: _Number, divisor: _Number) -> _Number:
    """The quotient in whole numbers, halves up; both are whole and not below zero. None where the divisor is 0."""
    return sa.func.div(2 * dividend + divisor, sa.func.nullif(2 * divisor, 0))


def _mean(points: _Number, count: _Number) -> _Number:
    """The mean in hundredths, halves up; PostgreSQL divides whole numbers in whole numbers."""
    return (200 * points + count).op("/", precedence=8, return_type=sa.BigInteger())(sa.func.nullif(2 * count, 0))


def _whole(criteria: Iterable[Criterion]) -> int:
    return common_denominator(each.weight for each in criteria)


def _exactly(whole: int) -> _Number:
    """A whole number of any size: numeric adds and multiplies without rounding."""
    return sa.literal(Decimal(whole), sa.Numeric())


def _missed(terms: CallDefinition, total: _Number, scores: Sequence[_Number]) -> _Number:
    """The thresholds missed, in the order of ``rules.assess``; none where there is no total."""
    below = [sa.case((total < terms.total_threshold, TOTAL))]
    below += [
        sa.case((sa.and_(total.is_not(None), score < each.threshold), each.code))
        for each, score in zip(terms.criteria, scores, strict=True)
        if each.threshold is not None
    ]
    return sa.func.array_remove(array[Any](below, type_=sa.Text()), None)


def _columns(table: sa.CTE, name: str, criteria: Sequence[Criterion]) -> list[_Number]:
    return [table.c[f"{name}_{at}"] for at in range(len(criteria))]
