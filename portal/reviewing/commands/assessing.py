"""Bringing an application's stored figures up to date, and asking consensus where they call for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.applications.models import Application
from portal.calls.definitions import CallDefinition
from portal.calls.queries import terms_of
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import record
from portal.reviewing.events import ConsensusAsked
from portal.reviewing.models import Assessment, Consensus, Review
from portal.reviewing.queries import find_consensus, get_assessment
from portal.reviewing.rules import Figures, assess, read_scores
from portal.reviewing.states import COUNTED, ReviewState


class Counted(NamedTuple):
    """A review that is neither declined nor sealed, as the figures read it."""

    reviewer_id: int
    state: ReviewState
    scores: dict[str, Any]


def open_assessment(ctx: Ctx, application: Application) -> None:
    """Make the application's row of figures where it has none yet; whoever comes second finds the first one's."""
    row = insert(Assessment).values(
        application_id=application.id,
        round_id=application.round_id,
        invited_count=0,
        submitted_count=0,
        criteria={},
        totals=[],
        submitted_by=[],
        missed=[],
        has_all_reviews=False,
        needs_consensus=False,
        has_consensus=False,
        is_complete=False,
        updated_at=ctx.now,
    )
    db.session.execute(row.on_conflict_do_nothing())


def update_assessment(ctx: Ctx, application: Application, *, void_consensus: bool = False) -> Assessment:
    """Recompute the application's figures from its reviews and consensus, under the lock of its assessment.

    Asks consensus where there is a cause for it, and brings an open one's causes up to date. ``void_consensus``
    opens a recorded one again: somebody who should not have was among those who agreed.
    """
    db.session.flush()
    assessment = get_assessment(application.id, lock=True)
    consensus = find_consensus(application.id)
    if void_consensus and consensus is not None and consensus.recorded_at is not None:
        consensus.recorded_at, consensus.recorded_by_id, consensus.total = None, None, None
    rows = _counted(application.id)
    figures = figures_of(terms_of(application.round), rows, _recorded_scores(consensus))
    if consensus is None or consensus.recorded_at is None:
        _ask_consensus(ctx, application, consensus, figures)
    apply_figures(assessment, figures, rows, has_consensus=_recorded_scores(consensus) is not None)
    assessment.updated_at = ctx.now
    db.session.flush()
    return assessment


def figures_of(terms: CallDefinition, rows: Sequence[Counted], agreed: dict[str, int] | None) -> Figures:
    """Return the figures that the counted reviews (state, stored scores) and the agreed scores come to."""
    submitted = [read_scores(each.scores) for each in rows if each.state is ReviewState.SUBMITTED]
    return assess(terms, submitted, agreed, awaited=len(rows) - len(submitted))


def stored_figures(figures: Figures, rows: Sequence[Counted], *, has_consensus: bool) -> dict[str, Any]:
    """Return the figures as an assessment's columns."""
    submitted = [each.reviewer_id for each in rows if each.state is ReviewState.SUBMITTED]
    return {
        "invited_count": len(rows),
        "submitted_count": len(submitted),
        "total": figures.total,
        "lowest_total": figures.lowest,
        "highest_total": figures.highest,
        "spread": figures.spread,
        "criteria": {code: str(score) for code, score in figures.criteria.items()},
        "totals": [str(each) for each in figures.totals],
        "submitted_by": submitted,
        "missed": list(figures.missed),
        "has_all_reviews": figures.has_all_reviews,
        "needs_consensus": bool(figures.causes) and not has_consensus,
        "has_consensus": has_consensus,
        "is_complete": figures.is_complete,
    }


def apply_figures(assessment: Assessment, figures: Figures, rows: Sequence[Counted], *, has_consensus: bool) -> None:
    for name, value in stored_figures(figures, rows, has_consensus=has_consensus).items():
        setattr(assessment, name, value)


def _counted(application_id: int) -> list[Counted]:
    stmt = sa.select(Review.reviewer_id, Review.state, Review.scores).where(
        Review.application_id == application_id, Review.state.in_(sorted(COUNTED))
    )
    return [Counted(*row) for row in db.session.execute(stmt.order_by(Review.id))]


def _recorded_scores(consensus: Consensus | None) -> dict[str, int] | None:
    return dict(consensus.scores) if consensus is not None and consensus.recorded_at is not None else None


def _ask_consensus(ctx: Ctx, application: Application, consensus: Consensus | None, figures: Figures) -> None:
    causes = [str(each) for each in figures.causes]
    was_asked = consensus is not None and bool(consensus.causes)
    if consensus is None:
        if not causes:
            return
        consensus = Consensus(application_id=application.id, asked_at=ctx.now, scores={}, text="")
        db.session.add(consensus)
    if consensus.causes != causes:
        consensus.causes = causes
    if causes and not was_asked:
        consensus.asked_at = ctx.now
        db.session.flush()
        record(ctx, ConsensusAsked(consensus_id=consensus.id, application_id=application.id))
