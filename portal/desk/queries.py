"""What the desk reads across domains; each function sends a fixed number of statements, one where it says nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

import sqlalchemy as sa

from portal.accounts.models import Claim
from portal.accounts.states import ClaimState
from portal.applications.extensions import Extension
from portal.applications.models import Application, CompletionRequest, PartnerPart
from portal.applications.queries import closing_moment
from portal.applications.states import State as ApplicationState
from portal.calls.models import Round, RoundMove
from portal.calls.states import RoundState
from portal.core.db import db
from portal.partnerships.models import Partner, PartnerInvitation, Strategy
from portal.partnerships.states import InvitationState, PartnerRole, StrategyState
from portal.reviewing.models import Assessment

MOST = 50


def list_open_invitations(person_email: str, at: datetime) -> list[PartnerInvitation]:
    """Return the invitations that wait for this address, with their partnership, the first to expire first."""
    stmt = (
        sa.select(PartnerInvitation)
        .where(
            PartnerInvitation.email == person_email,
            PartnerInvitation.state == InvitationState.SENT,
            PartnerInvitation.expires_at > at,
        )
        .options(sa.orm.joinedload(PartnerInvitation.partnership))
        .order_by(PartnerInvitation.expires_at)
        .limit(MOST)
    )
    return list(db.session.scalars(stmt))


def list_strategies_to_write(organisation_ids: Iterable[int]) -> list[Strategy]:
    """Return strategies that wait for their promotor: in the making, or sent back; the earliest due first."""
    stmt = (
        sa.select(Strategy)
        .join(Partner, Partner.partnership_id == Strategy.partnership_id)
        .where(
            Partner.organisation_id.in_(list(organisation_ids)),
            Partner.role == PartnerRole.PROMOTOR,
            Partner.ended_on.is_(None),
            Strategy.state.in_([StrategyState.BEING_FORMED, StrategyState.RETURNED]),
        )
        .options(sa.orm.joinedload(Strategy.partnership))
        .order_by(Strategy.due_on.nulls_last(), Strategy.id)
        .limit(MOST)
    )
    return list(db.session.scalars(stmt))


def list_drafts_of(organisation_ids: Iterable[int], at: datetime) -> list[Application]:
    """Return the drafts that can still be handed in and in which one of the organisations takes part, the first to close first."""
    mine = sa.select(Partner.partnership_id).where(
        Partner.organisation_id.in_(list(organisation_ids)),
        Partner.role != PartnerRole.NETWORK,
        Partner.ended_on.is_(None),
    )
    return list(db.session.scalars(_open_drafts(at).where(Application.partnership_id.in_(mine))))


def list_drafts_to_sign(organisation_ids: Iterable[int], at: datetime) -> list[Application]:
    """Return the drafts that can still be handed in with a part of one of the organisations, which another leads.

    Each comes with its parts, costs and sign-offs (four statements).
    """
    ids = list(organisation_ids)
    takes_part = sa.exists().where(
        PartnerPart.application_id == Application.id,
        PartnerPart.organisation_id.in_(ids),
        Partner.partnership_id == Application.partnership_id,
        Partner.organisation_id == PartnerPart.organisation_id,
        Partner.ended_on.is_(None),
    )
    stmt = _open_drafts(at).where(takes_part, Application.promotor_id.not_in(ids))
    beside = (
        sa.orm.selectinload(Application.parts).joinedload(PartnerPart.organisation),
        sa.orm.selectinload(Application.lines),
        sa.orm.selectinload(Application.sign_offs),
    )
    return list(db.session.scalars(stmt.options(*beside)))


def _open_drafts(at: datetime) -> sa.Select[Application]:
    closing = closing_moment()
    return (
        sa.select(Application)
        .join(Round, Round.id == Application.round_id)
        .where(Application.state == ApplicationState.DRAFT, Round.state == RoundState.ANNOUNCED, closing >= at)
        .options(
            sa.orm.joinedload(Application.partnership),
            sa.orm.joinedload(Application.promotor),
            sa.orm.contains_eager(Application.round),
        )
        .order_by(closing, Application.id)
        .limit(MOST)
    )


def list_completions_of(organisation_ids: Iterable[int]) -> list[tuple[Application, datetime]]:
    """Return the applications that one of the organisations leads and must complete, each with its due moment."""
    stmt = (
        sa.select(Application, CompletionRequest.due_at)
        .join(CompletionRequest, CompletionRequest.application_id == Application.id)
        .where(
            Application.promotor_id.in_(list(organisation_ids)),
            Application.state == ApplicationState.RETURNED,
            CompletionRequest.completed_at.is_(None),
        )
        .options(sa.orm.joinedload(Application.partnership), sa.orm.joinedload(Application.promotor))
        .order_by(CompletionRequest.due_at, Application.id)
        .limit(MOST)
    )
    return [(application, due_at) for application, due_at in db.session.execute(stmt)]


def count_dossiers_to_judge(at: datetime) -> list[tuple[str, date, int]]:
    """Return each closed round with dossiers whose admissibility is open: its code, decision date and their number."""
    stmt = (
        sa.select(Round.code, Round.decision_due_on, sa.func.count())
        .join(Application, Application.round_id == Round.id)
        .where(Application.state == ApplicationState.SUBMITTED, closing_moment() < at)
        .group_by(Round.id)
        .order_by(Round.decision_due_on, Round.code)
    )
    return [(code, due_on, number) for code, due_on, number in db.session.execute(stmt)]


def count_reviewing(*, reviewers: bool) -> list[tuple[str, date, int]]:
    """Return each round with admissible applications that wait for a case officer: code, decision date, their number.

    ``reviewers``: they have fewer reviewers than the round's terms ask; else: consensus is asked and not recorded.
    """
    wanted = Round.terms["reviewers_per_application"].as_integer()
    lacking = sa.func.coalesce(Assessment.invited_count, 0) < wanted
    stmt = (
        sa.select(Round.code, Round.decision_due_on, sa.func.count())
        .join(Application, Application.round_id == Round.id)
        .outerjoin(Assessment, Assessment.application_id == Application.id)
        .where(
            Application.state == ApplicationState.ADMISSIBLE,
            Round.results_published_at.is_(None),
            lacking if reviewers else Assessment.needs_consensus,
        )
        .group_by(Round.id)
        .order_by(Round.decision_due_on, Round.code)
    )
    return [(code, due_on, number) for code, due_on, number in db.session.execute(stmt)]


def count_claims_to_judge() -> int:
    """Return how many claims wait for a case officer, disputed ones included."""
    stmt = sa.select(sa.func.count()).where(Claim.state.in_([ClaimState.CLAIMED, ClaimState.DISPUTED]))
    return db.session.scalar(stmt) or 0


def count_strategies_to_judge() -> int:
    """Return how many strategies were handed in and wait for a case officer."""
    return db.session.scalar(sa.select(sa.func.count()).where(Strategy.state == StrategyState.SUBMITTED)) or 0


def list_draft_rounds() -> list[Round]:
    """Return rounds that were drafted and not announced, the first to open first."""
    stmt = sa.select(Round).where(Round.state == RoundState.DRAFT).order_by(Round.opens_at).limit(MOST)
    return list(db.session.scalars(stmt))


def count_moves(application_ids: Collection[int]) -> dict[int, tuple[int, datetime]]:
    """Return how often the deadline of each application was moved, of its round or of it alone, and when last.

    One that never moved is not there; no statement for no application.
    """
    ids = list(application_ids)
    if not ids:
        return {}
    of_round = (
        sa.select(Application.id.label("application_id"), RoundMove.moved_at.label("at"))
        .join(RoundMove, RoundMove.round_id == Application.round_id)
        .where(Application.id.in_(ids))
    )
    own = sa.select(Extension.application_id, Extension.granted_at).where(Extension.application_id.in_(ids))
    moves = sa.union_all(of_round, own).subquery()
    stmt = sa.select(moves.c.application_id, sa.func.count(), sa.func.max(moves.c.at)).group_by(moves.c.application_id)
    return {application_id: (count, at) for application_id, count, at in db.session.execute(stmt)}
