"""What the desk reads across domains; each function is one statement, whatever the number of rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Claim, Organisation, Person
from portal.accounts.states import ClaimState
from portal.applications.models import Application
from portal.calls.models import Round
from portal.calls.states import RoundState
from portal.core.db import db
from portal.partnerships.models import Partner, PartnerInvitation, Partnership, Strategy
from portal.partnerships.states import InvitationState, PartnerRole, StrategyState

MOST = 50
NAMES: dict[str, tuple[Any, Any]] = {
    "application": (Application.id, Application.reference),
    "organisation": (Organisation.id, Organisation.name),
    "partnership": (Partnership.id, Partnership.name),
    "person": (Person.id, Person.name),
    "round": (Round.id, Round.code),
}


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


def find_subject(typed: str) -> tuple[str, int] | None:
    """Return the table and number that ``typed`` stands for: a reference, a round's code, or ``claim 12``; else None."""
    match = re.fullmatch(r"([a-z][a-z_]*)[ :#]+([0-9]{1,18})", typed.strip().lower())
    if match:
        return match[1], int(match[2])
    code = typed.strip().upper()
    application = sa.select(sa.literal("application"), Application.id).where(Application.reference == code)
    round_ = sa.select(sa.literal("round"), Round.id).where(Round.code == code)
    found = db.session.execute(sa.union_all(application, round_)).first()
    return None if found is None else (str(found[0]), int(found[1]))


def names_of(rows: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return the reference or name of each (table, number) that has one, in one statement."""
    wanted: dict[str, list[int]] = {table: [] for table in NAMES}
    for table, number in rows:
        if table in wanted:
            wanted[table].append(number)
    parts = [
        sa.select(sa.literal(table), key, name).where(key.in_(wanted[table])) for table, (key, name) in NAMES.items()
    ]
    return {(table, number): name for table, number, name in db.session.execute(sa.union_all(*parts))}
