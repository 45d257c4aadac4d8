"""A round's applications, reviews, ranking and decisions as rows of tables, streamed: a fixed number of statements.

What somebody's own organisations take part in is never read for that person; with it the whole ranking stays out, since
ranks and running totals of the others would tell of it (the board is closed to them too).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Organisation, Person
from portal.applications.models import Application
from portal.calls.definitions import CallDefinition
from portal.calls.models import Round
from portal.core.actor import Actor
from portal.core.db import db
from portal.decisions.models import Decision, Ranking, RankingRow
from portal.decisions.queries import IS_PRESENT, find_ranking
from portal.partnerships.models import Partner, Partnership
from portal.reviewing.models import Assessment, Review
from portal.reviewing.states import ReviewState

BATCH = 500
Rows = Iterator[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Share:
    """What one person may read of a round. ``without`` are the applications of partnerships they have a part in."""

    round: Round
    without: frozenset[int]
    ranking: Ranking | None
    application_count: int
    review_count: int

    @property
    def sees_ranking(self) -> bool:
        return not self.without


def share_of(round_: Round, actor: Actor) -> Share:
    """Return what the actor may read of the round, and how much it is (four statements)."""
    without = hidden_from(round_.id, actor)
    applications = _handed_in(round_.id, without)
    reviews = sa.select(Review.id).where(Review.application_id.in_(applications.with_only_columns(Application.id)))
    counts = [sa.select(sa.func.count()).select_from(each.subquery()) for each in (applications, reviews)]
    handed_in, asked = (db.session.scalar(each) or 0 for each in counts)
    return Share(round_, without, None if without else find_ranking(round_.id), handed_in, asked)


def hidden_from(round_id: int, actor: Actor) -> frozenset[int]:
    """Return the round's applications in whose partnership the actor's organisations have a part, past ones included."""
    mine = [each.organisation_id for each in actor.mandates]
    if not mine:
        return frozenset()
    partner = sa.exists().where(Partner.partnership_id == Application.partnership_id, Partner.organisation_id.in_(mine))
    stmt = sa.select(Application.id).where(
        Application.round_id == round_id, sa.or_(Application.promotor_id.in_(mine), partner)
    )
    return frozenset(db.session.scalars(stmt))


def stream_applications(share: Share, terms: CallDefinition) -> Rows:
    """Yield the applications that were handed in, with their stored figures, place and decision, by reference."""
    lead = aliased(Organisation)
    criteria = [
        Assessment.criteria[each.code].astext.cast(sa.Numeric(4, 2)).label(each.code) for each in terms.criteria
    ]
    columns: list[Any] = [
        Application.reference,
        Partnership.name,
        lead.name,
        lead.enterprise_number,
        Application.submitted_at,
        Application.state,
        Application.requested_amount,
        Application.minimum_amount,
        Application.starts_on,
        Application.ends_on,
        Assessment.invited_count,
        Assessment.submitted_count,
        Assessment.total,
        Assessment.lowest_total,
        Assessment.highest_total,
        Assessment.spread,
        *criteria,
        Assessment.missed,
        Assessment.has_consensus,
        *((RankingRow.rank, Decision.outcome, Decision.amount) if share.sees_ranking else ()),
    ]
    stmt = (
        _handed_in(share.round.id, share.without)
        .with_only_columns(*columns)
        .join(Partnership, Partnership.id == Application.partnership_id)
        .join(lead, lead.id == Application.promotor_id)
        .outerjoin(Assessment, Assessment.application_id == Application.id)
    )
    if share.sees_ranking:
        of_latest = sa.and_(RankingRow.application_id == Application.id, RankingRow.ranking_id == _latest(share))
        present = sa.and_(Decision.application_id == Application.id, IS_PRESENT)
        stmt = stmt.outerjoin(RankingRow, of_latest).outerjoin(Decision, present)
    return _stream(stmt.order_by(Application.number))


def stream_reviews(share: Share, terms: CallDefinition) -> Rows:
    """Yield every review that was asked; its scores and total only once it is submitted: a draft is its writer's own."""
    is_submitted = Review.state == ReviewState.SUBMITTED
    scores = [
        sa.case((is_submitted, Review.scores[(each.code, "score")].astext.cast(sa.Integer))).label(each.code)
        for each in terms.criteria
    ]
    stmt = (
        sa.select(
            Application.reference,
            Person.name,
            Review.state,
            Review.invited_at,
            Review.due_on,
            sa.case((is_submitted, Review.submitted_at)),
            sa.case((is_submitted, Review.total)),
            *scores,
        )
        .join(Application, Application.id == Review.application_id)
        .join(Person, Person.id == Review.reviewer_id)
        .where(*_conditions(share.round.id, share.without))
    )
    return _stream(stmt.order_by(Application.number, Review.id))


def stream_ranking(share: Share) -> Rows:
    """Yield the rows of the latest ranking, in order; nothing where it may not be seen."""
    stmt = (
        sa.select(
            RankingRow.position,
            RankingRow.rank,
            Application.reference,
            Partnership.name,
            RankingRow.total,
            RankingRow.place,
            RankingRow.requested_amount,
            RankingRow.proposed_amount,
            RankingRow.cumulative_amount,
            RankingRow.decided_by,
            RankingRow.reason["code"].astext,
            RankingRow.reason["province"].astext,
        )
        .join(Application, Application.id == RankingRow.application_id)
        .join(Partnership, Partnership.id == Application.partnership_id)
        .where(RankingRow.ranking_id == _latest(share), _is_seen(share))
    )
    return _stream(stmt.order_by(RankingRow.position))


def stream_decisions(share: Share) -> Rows:
    """Yield the decisions, by reference, what a review replaced first; nothing where the ranking may not be seen."""
    stmt = (
        sa.select(
            Application.reference,
            Partnership.name,
            Decision.number,
            Decision.state,
            Decision.outcome,
            Decision.amount,
            Decision.reserve_position,
            Decision.prepared_at,
            Decision.confirmed_at,
            Decision.published_at,
            Decision.answer_due_on,
            Decision.reason,
        )
        .join(Application, Application.id == Decision.application_id)
        .join(Partnership, Partnership.id == Application.partnership_id)
        .where(Decision.round_id == share.round.id, _is_seen(share))
    )
    return _stream(stmt.order_by(Application.number, Decision.id))


def _handed_in(round_id: int, without: Collection[int]) -> sa.Select[Any]:
    return sa.select(Application).where(*_conditions(round_id, without))


def _conditions(round_id: int, without: Collection[int]) -> Sequence[sa.ColumnElement[bool]]:
    handed_in = [Application.round_id == round_id, Application.submitted_at.is_not(None)]
    return [*handed_in, Application.id.not_in(sorted(without))] if without else handed_in


def _latest(share: Share) -> int:
    return share.ranking.id if share.ranking else 0


def _is_seen(share: Share) -> sa.ColumnElement[bool]:
    return sa.true() if share.sees_ranking else sa.false()


def _stream(stmt: Any) -> Rows:
    rows: Rows = iter(db.session.execute(stmt.execution_options(yield_per=BATCH)))
    return rows
