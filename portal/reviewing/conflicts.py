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


Conflicts = dict[int, tuple[Evidence, ...]]  # by person; who is free is left out


def find_conflicts(application: Application, person_ids: Iterable[int]) -> Conflicts:
    """Return what blocks each of these people from reviewing the application (one statement).

    ``member``: in any organisation that is or was a partner, now or since the round before it opened (the call's
    latest earlier one, else its own). ``same_round``: now in an organisation that takes part in another application
    of the round. ``declared`` and whatever was found before stay.
    """
    return _found(_conflicts(Application.id), application.id, person_ids).get(application.id, {})


def conflicts_in_round(round_id: int, person_ids: Iterable[int]) -> dict[int, Conflicts]:
    """Return the same for every application of a round, by application (one statement)."""
    return _found(_conflicts(Application.round_id), round_id, person_ids)


def _found(stmt: sa.CompoundSelect[*tuple[Any, ...]], asked: int, person_ids: Iterable[int]) -> dict[int, Conflicts]:
    ids = list(person_ids)
    if not ids:
        return {}
    found: dict[int, dict[int, dict[tuple[str, int | None], Evidence]]] = defaultdict(lambda: defaultdict(dict))
    for application_id, person_id, kind, organisation_id, name, ended_at, explanation in db.session.execute(
        stmt, {"person_ids": ids, "asked": asked}
    ):
        evidence = Evidence(ConflictKind(kind), organisation_id, name, ended_at, explanation)
        found[application_id][person_id].setdefault((kind, organisation_id), evidence)
    return {
        application_id: {person_id: tuple(each.values()) for person_id, each in people.items()}
        for application_id, people in found.items()
    }


PERSONS: sa.BindParameter[list[int]] = sa.bindparam("person_ids", expanding=True)
ASKED: sa.BindParameter[int] = sa.bindparam("asked")
Column = sa.SQLColumnExpression[int]


@cache
def _conflicts(column: Column) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Compose the statement once: it is asked whenever a review is opened or saved, and is longer than most."""
    return sa.union_all(*(each.where(column == ASKED) for each in (_members(), _in_same_round(), _recorded())))


def _evidence(kind: ConflictKind, meets: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """Select a membership that ``meets`` an application as evidence of ``kind``."""
    return (
        sa.select(
            Application.id,
            Membership.person_id,
            sa.literal(str(kind)),
            Membership.organisation_id,
            Organisation.name,
            Membership.ended_at,
            sa.literal(""),
        )
        .select_from(Application)
        .join(Membership, meets)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id.in_(PERSONS))
    )


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
        .where(this.id == Application.round_id)
        .group_by(this.id)
        .correlate(Application)
        .scalar_subquery()
    )
    partners = (
        sa.select(Partner.organisation_id)
        .where(Partner.partnership_id == Application.partnership_id)
        .correlate(Application)
    )
    in_partner = sa.or_(Membership.organisation_id == Application.promotor_id, Membership.organisation_id.in_(partners))
    return _evidence(ConflictKind.MEMBER, in_partner).where(
        sa.or_(Membership.ended_at.is_(None), Membership.ended_at >= since)
    )


def _in_same_round() -> sa.Select[*tuple[Any, ...]]:
    """A present member of an organisation that takes part in another application handed in for the same round."""
    other = aliased(Application)
    takes_part = (
        sa.select(other.id)
        .join(Partner, Partner.partnership_id == other.partnership_id)
        .join(Round, Round.id == other.round_id)
        .where(
            Partner.organisation_id == Membership.organisation_id,
            sa.or_(Partner.ended_on.is_(None), Partner.ended_on >= sa.cast(Round.opens_at, sa.Date)),
            other.round_id == Application.round_id,
            other.id != Application.id,
            other.state.not_in(_NOT_HANDED_IN),
        )
        .correlate(Membership, Application)
    )
    return _evidence(ConflictKind.SAME_ROUND, sa.and_(Membership.ended_at.is_(None), takes_part.exists()))


def _recorded() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Conflict.application_id,
            Conflict.person_id,
            sa.cast(Conflict.kind, sa.Text),
            Conflict.organisation_id,
            Organisation.name,
            sa.null(),
            Conflict.explanation,
        )
        .join(Application, Application.id == Conflict.application_id)
        .outerjoin(Organisation, Organisation.id == Conflict.organisation_id)
        .where(Conflict.person_id.in_(PERSONS))
    )
