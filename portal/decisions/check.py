"""Verifying what is stored: a ranking gives its digest, an application reads as its decision, awards fit the envelope."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from portal.applications.models import Application
from portal.applications.states import AWARDS, Outcome
from portal.calls.models import Programme, Round
from portal.core.db import db
from portal.decisions.digest import digest, row_stored
from portal.decisions.models import Decision, Ranking, RankingRow
from portal.decisions.queries import STANDING, envelope_left
from portal.decisions.states import DecisionState


def altered_decisions() -> Iterator[str]:
    """Yield a line for each ranking whose rows were altered, each application that does not read as its decision, and
    each programme whose awards exceed its budget.
    """
    yield from _altered_rankings()
    yield from _untold_outcomes()
    for programme in db.session.scalars(sa.select(Programme).order_by(Programme.id)):
        left = envelope_left(programme)
        if left < 0:
            yield f"programme {programme.code}: its awards exceed its budget by {-left}"


def _altered_rankings() -> Iterator[str]:
    rankings = sa.select(Ranking, Round.code).join(Round, Round.id == Ranking.round_id).order_by(Ranking.id)
    for ranking, code in db.session.execute(rankings).all():
        stmt = (
            sa.select(RankingRow, Application.minimum_amount)
            .join(Application, Application.id == RankingRow.application_id)
            .where(RankingRow.ranking_id == ranking.id)
            .order_by(RankingRow.position)
        )
        rows = [row_stored(row, minimum) for row, minimum in db.session.execute(stmt)]
        if digest(code, str(ranking.policy), ranking.budget_amount, rows) != ranking.sha256:
            yield f"ranking {ranking.number} of {code}: its rows were altered"


def _untold_outcomes() -> Iterator[str]:
    told = sa.case(
        (Decision.state.in_(STANDING), Decision.outcome),
        (Decision.state == DecisionState.DECLINED, str(Outcome.DECLINED)),
        (Decision.state == DecisionState.LAPSED, str(Outcome.LAPSED)),
        (Decision.state == DecisionState.WITHDRAWN, str(Outcome.WITHDRAWN)),
    )
    amount = sa.case((sa.and_(Decision.state.in_(STANDING), Decision.outcome.in_(AWARDS)), Decision.amount))
    stmt = (
        sa.select(Application.reference)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .where(
            sa.or_(
                sa.cast(Application.outcome, sa.Text).is_distinct_from(sa.cast(told, sa.Text)),
                Application.awarded_amount.is_distinct_from(amount),
            )
        )
        .order_by(Application.reference)
    )
    for reference in db.session.scalars(stmt):
        yield f"application {reference}: its outcome is not that of its decision"
