"""Verifying what is stored: every total and figure is what the scores come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from portal.applications.models import Application
from portal.calls.definitions import CallDefinition
from portal.calls.models import Round
from portal.core.db import db
from portal.reviewing.commands.assessing import Counted, figures_of, stored_figures
from portal.reviewing.models import Assessment, Consensus, Review
from portal.reviewing.rules import read_scores, review_total, rounded, weighted_total
from portal.reviewing.states import COUNTED

_BATCH = 200
_ASSESSMENT = tuple(Assessment.__table__.columns)


def altered_figures() -> Iterator[str]:
    """Yield a line for each stored total or figure that its scores do not come to; reads a batch at a time."""
    rounds = sa.select(Round.id, Round.terms).where(Round.in_review_at.is_not(None), Round.terms.is_not(None))
    for round_id, terms in db.session.execute(rounds.order_by(Round.id)).all():
        assert terms is not None  # noqa: S101 - by the statement
        stmt = (
            sa.select(*_ASSESSMENT, Application.reference)
            .join(Application, Application.id == Assessment.application_id)
            .where(Assessment.round_id == round_id)
            .order_by(Assessment.application_id)
            .execution_options(yield_per=_BATCH)
        )
        for rows in db.session.execute(stmt).mappings().partitions():
            yield from _altered_in(terms, rows)


def _altered_in(terms: CallDefinition, rows: Sequence[sa.RowMapping]) -> Iterator[str]:
    ids = [row["application_id"] for row in rows]
    reviews, consensus = _reviews(ids), _consensus(ids)
    for row in rows:
        of_one = reviews[row["application_id"]]
        for each in of_one:
            if each.total is not None and each.total != _published(
                review_total(read_scores(each.scores), terms.criteria)
            ):
                yield f"review {each.id} of {row['reference']}: its scores do not come to {each.total}"
        agreed, total = consensus.get(row["application_id"], (None, None))
        if agreed is not None and total != rounded(weighted_total(agreed, terms.criteria)):
            yield f"consensus of {row['reference']}: its scores do not come to {total}"
        counted = [Counted(each.reviewer_id, each.state, each.scores) for each in of_one if each.state in COUNTED]
        wanted = stored_figures(figures_of(terms, counted, agreed), counted, has_consensus=agreed is not None)
        wrong = sorted(name for name, value in wanted.items() if row[name] != value)
        if wrong:
            yield f"assessment of {row['reference']}: its reviews do not come to its {', '.join(wrong)}"


def _reviews(application_ids: list[int]) -> dict[int, list[sa.Row[*tuple[Any, ...]]]]:
    stmt = sa.select(
        Review.application_id, Review.id, Review.reviewer_id, Review.state, Review.scores, Review.total
    ).where(Review.application_id.in_(application_ids))
    found: dict[int, list[sa.Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in db.session.execute(stmt.order_by(Review.id)):
        found[row.application_id].append(row)
    return found


def _consensus(application_ids: list[int]) -> dict[int, tuple[dict[str, int], Decimal | None]]:
    stmt = sa.select(Consensus.application_id, Consensus.scores, Consensus.total).where(
        Consensus.application_id.in_(application_ids), Consensus.recorded_at.is_not(None)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(stmt)}


def _published(exact: Fraction | None) -> Decimal | None:
    return rounded(exact) if exact is not None else None
