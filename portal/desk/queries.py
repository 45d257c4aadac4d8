"""What the desk reads across domains; each function is one statement, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from portal.accounts.models import Claim
from portal.accounts.states import ClaimState
from portal.calls.models import Round
from portal.calls.states import RoundState
from portal.core.db import db
from portal.partnerships.models import Partner, PartnerInvitation, Strategy
from portal.partnerships.states import InvitationState, PartnerRole, StrategyState

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
