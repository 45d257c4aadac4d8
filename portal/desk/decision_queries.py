"""What the desk reads of rankings and decisions; each function is one statement, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.applications.models import Application
from portal.applications.states import AWARDS, State
from portal.calls.models import Round
from portal.core.db import db
from portal.decisions.letter_models import Letter
from portal.decisions.models import Decision, Ranking
from portal.decisions.queries import STANDING
from portal.decisions.states import DecisionState
from portal.desk.queries import MOST
from portal.partnerships.models import Partner, Partnership
from portal.partnerships.states import PartnerRole
from portal.reviewing.models import Assessment


def list_awards_to_answer(organisation_ids: Iterable[int]) -> list[Decision]:
    """Return the published awards that wait for an answer of these lead partners, the earliest due first."""
    stmt = (
        sa.select(Decision)
        .join(Application, Application.id == Decision.application_id)
        .where(
            Application.promotor_id.in_(list(organisation_ids)),
            Decision.state == DecisionState.PUBLISHED,
            Decision.outcome.in_(AWARDS),
        )
        .options(
            joinedload(Decision.application).options(
                joinedload(Application.partnership), joinedload(Application.promotor)
            )
        )
        .order_by(Decision.answer_due_on, Decision.id)
        .limit(MOST)
    )
    return list(db.session.scalars(stmt))


def list_rounds_to_rank(at: datetime) -> list[Round]:
    """Return rounds in review that were never ranked and of which nothing is missing: the earliest due first."""
    handed_in = sa.and_(
        Application.round_id == Round.id,
        Application.state.in_([State.SUBMITTED, State.RETURNED, State.ADMISSIBLE]),
    )
    has_time = sa.and_(
        Application.round_id == Round.id, Application.state == State.DRAFT, Application.extended_until >= at
    )
    is_open = sa.or_(Application.state != State.ADMISSIBLE, Assessment.is_complete.is_not(sa.true()))
    missing = (
        sa.select(Application.id)
        .outerjoin(Assessment, Assessment.application_id == Application.id)
        .where(handed_in, is_open)
        .correlate(Round)
    )
    stmt = (
        sa.select(Round)
        .where(
            Round.closes_at < at,
            Round.in_review_at.is_not(None),
            Round.results_published_at.is_(None),
            ~sa.exists().where(Ranking.round_id == Round.id),
            ~missing.exists(),
            ~sa.exists().where(has_time),
        )
        .order_by(Round.decision_due_on, Round.code)
        .limit(MOST)
    )
    return list(db.session.scalars(stmt))


def list_rounds_to_confirm(person_id: int | None) -> list[Round]:
    """Return the rounds in which a decision waits that this person did not prepare, the earliest due first."""
    waits = sa.exists().where(
        Decision.round_id == Round.id,
        Decision.state == DecisionState.PENDING,
        Decision.prepared_by_id != person_id,
    )
    stmt = sa.select(Round).where(Round.results_published_at.is_(None), waits)
    return list(db.session.scalars(stmt.order_by(Round.decision_due_on, Round.code).limit(MOST)))


def list_withdrawals_to_confirm(person_id: int | None) -> list[Decision]:
    """Return the standing awards whose withdrawal somebody else proposed, the earliest proposed first."""
    stmt = (
        sa.select(Decision)
        .where(
            Decision.withdrawal_asked_by_id.is_not(None),
            Decision.withdrawal_asked_by_id != person_id,
            Decision.state.in_(STANDING),
        )
        .options(
            joinedload(Decision.application).joinedload(Application.partnership).selectinload(Partnership.partners)
        )
        .order_by(Decision.withdrawal_asked_at, Decision.id)
        .limit(MOST)
    )
    return list(db.session.scalars(stmt))


def list_rounds_to_publish() -> list[Round]:
    """Return the rounds whose prepared decisions are all confirmed and not published, the earliest due first."""
    confirmed = sa.exists().where(Decision.round_id == Round.id, Decision.state == DecisionState.CONFIRMED)
    pending = sa.exists().where(Decision.round_id == Round.id, Decision.state == DecisionState.PENDING)
    stmt = sa.select(Round).where(Round.results_published_at.is_(None), confirmed, ~pending)
    return list(db.session.scalars(stmt.order_by(Round.decision_due_on, Round.code).limit(MOST)))


def list_rounds_with_failed_letters() -> list[Round]:
    """Return the rounds of which a letter could not be made, by code."""
    stmt = sa.select(Round).where(
        Round.id.in_(
            sa.select(Application.round_id)
            .join(Letter, Letter.application_id == Application.id)
            .where(Letter.state == "failed")
        )
    )
    return list(db.session.scalars(stmt.order_by(Round.code).limit(MOST)))


def list_decisions_expected(organisation_ids: Iterable[int]) -> list[tuple[str, str, date, datetime | None]]:
    """Return what one of the organisations handed in and is not decided yet: reference, partnership, day, when handed in."""
    ids = list(organisation_ids)
    if not ids:
        return []
    mine = sa.select(Partner.partnership_id).where(
        Partner.organisation_id.in_(ids), Partner.role != PartnerRole.NETWORK, Partner.ended_on.is_(None)
    )
    stmt = (
        sa.select(Application.reference, Partnership.name, Round.decision_due_on, Application.submitted_at)
        .join(Round, Round.id == Application.round_id)
        .join(Partnership, Partnership.id == Application.partnership_id)
        .where(
            Application.partnership_id.in_(mine),
            Application.state.in_([State.SUBMITTED, State.RETURNED, State.ADMISSIBLE]),
            Round.results_published_at.is_(None),
            Round.cancelled_at.is_(None),
        )
        .order_by(Round.decision_due_on, Application.id)
        .limit(MOST)
    )
    return [(reference, name, day, at) for reference, name, day, at in db.session.execute(stmt)]
