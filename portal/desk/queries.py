"""What the desk reads across domains; each function is one statement, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.accounts.models import Claim, Organisation
from portal.accounts.states import ClaimState
from portal.applications.models import Application, CompletionRequest
from portal.applications.states import State
from portal.calls.models import Round
from portal.calls.states import RoundState
from portal.core.db import db
from portal.partnerships.models import Partner, PartnerInvitation, Partnership, Strategy
from portal.partnerships.states import InvitationState, PartnerRole, StrategyState


@dataclass(frozen=True, slots=True)
class Dossier:
    """One application as its people see it in a list."""

    reference: str
    partnership: str
    promotor: str
    round_code: str
    state: State
    closes_at: datetime
    completion_due_at: datetime | None


def list_dossiers(organisation_ids: Iterable[int], limit: int = 50) -> list[Dossier]:
    """Return the applications these organisations take part in, newest first."""
    mine = sa.exists().where(
        Partner.partnership_id == Application.partnership_id,
        Partner.organisation_id.in_(list(organisation_ids)),
        Partner.ended_on.is_(None),
    )
    due = (
        sa.select(sa.func.max(CompletionRequest.due_at))
        .where(CompletionRequest.application_id == Application.id, CompletionRequest.completed_at.is_(None))
        .scalar_subquery()
    )
    stmt = (
        sa.select(
            Application.reference,
            Partnership.name,
            Organisation.name,
            Round.code,
            Application.state,
            Round.closes_at,
            due,
        )
        .join(Partnership, Partnership.id == Application.partnership_id)
        .join(Organisation, Organisation.id == Application.promotor_id)
        .join(Round, Round.id == Application.round_id)
        .where(mine)
        .order_by(Application.id.desc())
        .limit(limit)
    )
    return [
        Dossier(reference, name, promotor, code, State(state), closes_at, due_at)
        for reference, name, promotor, code, state, closes_at, due_at in db.session.execute(stmt)
    ]


def list_open_invitations(email: str, at: datetime) -> list[PartnerInvitation]:
    """Return the invitations that wait for this address, with their partnership, the first to expire first."""
    stmt = (
        sa.select(PartnerInvitation)
        .where(
            PartnerInvitation.email == email,
            PartnerInvitation.state == InvitationState.SENT,
            PartnerInvitation.expires_at > at,
        )
        .options(sa.orm.joinedload(PartnerInvitation.partnership))
        .order_by(PartnerInvitation.expires_at)
    )
    return list(db.session.scalars(stmt))


def list_strategies_to_write(organisation_ids: Iterable[int]) -> list[Strategy]:
    """Return strategies that wait for their promotor: in the making, or sent back."""
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
        .limit(50)
    )
    return list(db.session.scalars(stmt))


@dataclass(frozen=True, slots=True)
class CaseLoad:
    """What waits for the case officers together."""

    claims: int
    strategies: int
    dossiers: list[tuple[str, int]]  # round code, submitted and not judged yet


def case_load(at: datetime) -> CaseLoad:
    """Return what waits for case officers at ``at``: claims, strategies, and dossiers of closed rounds."""
    claims = db.session.scalar(
        sa.select(sa.func.count()).where(Claim.state.in_([ClaimState.CLAIMED, ClaimState.DISPUTED]))
    )
    strategies = db.session.scalar(sa.select(sa.func.count()).where(Strategy.state == StrategyState.SUBMITTED))
    dossiers = db.session.execute(
        sa.select(Round.code, sa.func.count())
        .join(Application, Application.round_id == Round.id)
        .where(Application.state == State.SUBMITTED, Round.closes_at < at)
        .group_by(Round.code)
        .order_by(Round.code)
    )
    return CaseLoad(claims or 0, strategies or 0, [(code, count) for code, count in dossiers])


def list_draft_rounds() -> list[Round]:
    """Return rounds that an administrator drafted and has not announced."""
    return list(db.session.scalars(sa.select(Round).where(Round.state == RoundState.DRAFT).order_by(Round.opens_at)))
