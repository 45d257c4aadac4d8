"""Conflicts of interest, computed from memberships and partners whenever they are asked: a stored one can be late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Membership, Organisation
from portal.applications.models import Application
from portal.applications.states import State
from portal.calls.models import Round
from portal.calls.states import RoundState
from portal.core.db import db
from portal.partnerships.models import Partner
from portal.reviewing.models import Conflict
from portal.reviewing.states import ConflictKind

_NOT_HANDED_IN = (State.DRAFT, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a person may not review: the organisation, until when they were in it (None: now), or what they declared."""

    kind: ConflictKind
    organisation_id: int | None
    organisation: str | None
    ended_at: datetime | None
    explanation: str

    @property
    def code(self) -> str:
        """Return the problem's code: conflict-member, conflict-same-round or conflict-declared."""
        return f"conflict-{self.kind.replace('_', '-')}"


def find_conflicts(application: Application, person_ids: Iterable[int]) -> dict[int, tuple[Evidence, ...]]:
    """Return what blocks each of these people from reviewing the application; who is free is left out (one statement).

    ``member``: in any organisation that is or was a partner, now or since the round before it opened (the call's
    latest earlier one, else its own). ``same_round``: now in an organisation that takes part in another application
    of the round. ``declared`` and whatever was found before stay.
    """
    ids = list(person_ids)
    if not ids:
        return {}
    about = {
        "person_ids": ids,
        "application_id": application.id,
        "round_id": application.round_id,
        "partnership_id": application.partnership_id,
        "promotor_id": application.promotor_id,
    }
    found: dict[int, dict[tuple[str, int | None], Evidence]] = defaultdict(dict)
    for person_id, kind, organisation_id, name, ended_at, explanation in db.session.execute(_conflicts(), about):
        evidence = Evidence(ConflictKind(kind), organisation_id, name, ended_at, explanation)
        found[person_id].setdefault((kind, organisation_id), evidence)
    return {person_id: tuple(each.values()) for person_id, each in found.items()}


PERSONS: sa.BindParameter[list[int]] = sa.bindparam("person_ids", expanding=True)
APPLICATION: sa.BindParameter[int] = sa.bindparam("application_id")
ROUND: sa.BindParameter[int] = sa.bindparam("round_id")


@cache
def _conflicts() -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Compose the statement once: it is asked whenever a review is opened or saved, and is longer than most."""
    return sa.union_all(_members(), _in_same_round(), _recorded())


def _evidence(kind: ConflictKind) -> sa.Select[*tuple[Any, ...]]:
    """Select a membership as evidence: person, kind, organisation, its name, until when, explanation."""
    return sa.select(
        Membership.person_id,
        sa.literal(str(kind)),
        Membership.organisation_id,
        Organisation.name,
        Membership.ended_at,
        sa.literal(""),
    ).join(Organisation, Organisation.id == Membership.organisation_id)


def _members() -> sa.Select[*tuple[Any, ...]]:
    """The partners of all times count, and memberships that ended after the call's round before this one opened."""
    this, before = aliased(Round), aliased(Round)
    since = (
        sa.select(sa.func.coalesce(sa.func.max(before.opens_at), this.opens_at))
        .select_from(this)
        .outerjoin(
            before,
            sa.and_(
                before.call_id == this.call_id,
                before.opens_at < this.opens_at,
                before.state == RoundState.ANNOUNCED,
            ),
        )
        .where(this.id == ROUND)
        .group_by(this.id)
        .scalar_subquery()
    )
    partners = sa.select(Partner.organisation_id).where(Partner.partnership_id == sa.bindparam("partnership_id"))
    return _evidence(ConflictKind.MEMBER).where(
        Membership.person_id.in_(PERSONS),
        sa.or_(Membership.organisation_id == sa.bindparam("promotor_id"), Membership.organisation_id.in_(partners)),
        sa.or_(Membership.ended_at.is_(None), Membership.ended_at >= since),
    )


def _in_same_round() -> sa.Select[*tuple[Any, ...]]:
    """A present member of an organisation that takes part in another application handed in for the same round."""
    takes_part = (
        sa.select(Application.id)
        .join(Partner, Partner.partnership_id == Application.partnership_id)
        .join(Round, Round.id == Application.round_id)
        .where(
            Partner.organisation_id == Membership.organisation_id,
            sa.or_(Partner.ended_on.is_(None), Partner.ended_on >= sa.cast(Round.opens_at, sa.Date)),
            Application.round_id == ROUND,
            Application.id != APPLICATION,
            Application.state.not_in(_NOT_HANDED_IN),
        )
        .correlate(Membership)
    )
    return _evidence(ConflictKind.SAME_ROUND).where(
        Membership.person_id.in_(PERSONS), Membership.ended_at.is_(None), takes_part.exists()
    )


def _recorded() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Conflict.person_id,
            sa.cast(Conflict.kind, sa.Text),
            Conflict.organisation_id,
            Organisation.name,
            sa.null(),
            Conflict.explanation,
        )
        .outerjoin(Organisation, Organisation.id == Conflict.organisation_id)
        .where(Conflict.application_id == APPLICATION, Conflict.person_id.in_(PERSONS))
    )
