"""Reading a round's assignments and their pairs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from portal.applications.models import Application
from portal.calls.models import Call, Round
from portal.calls.queries import get_round
from portal.core.db import db, find_one
from portal.core.errors import NotFound
from portal.reviewing.assignment_models import Assignment, AssignmentPair
from portal.reviewing.assignment_states import LIVE
from portal.reviewing.dossier import list_own_applications


@dataclass(frozen=True, slots=True)
class RoundToAssign:
    """A round with its live assignment; ``takes_part`` where the actor belongs to a partner of an application in it."""

    round: Round
    takes_part: bool
    assignment: Assignment | None

    __tablename__: ClassVar[str] = Round.__tablename__  # an auditor's reading of it is one of the round

    @property
    def id(self) -> int:
        return self.round.id


@dataclass(frozen=True, slots=True)
class PairToAssign:
    """One pair of a live proposal, with its desk."""

    desk: RoundToAssign
    pair: AssignmentPair

    __tablename__: ClassVar[str] = Round.__tablename__

    @property
    def id(self) -> int:
        return self.desk.id

    @property
    def takes_part(self) -> bool:
        return self.desk.takes_part


def get_round_to_assign(code: str, organisation_ids: Iterable[int], *, lock: bool = False) -> RoundToAssign:
    """Return the round with its live assignment (requested, running or proposed) and the pairs of it, or None."""
    round_ = get_round(code, lock=lock)
    takes_part = bool(list_own_applications(round_.id, organisation_ids))
    return RoundToAssign(round_, takes_part, find_live(round_.id, lock=lock))


def get_pair_to_assign(code: str, pair_id: int, organisation_ids: Iterable[int], *, lock: bool = False) -> PairToAssign:
    """Return one pair of the round's live assignment; NotFound for one of another."""
    desk = get_round_to_assign(code, organisation_ids, lock=lock)
    pairs = desk.assignment.pairs if desk.assignment else []
    found = next((each for each in pairs if each.id == pair_id), None)
    if found is None:
        raise NotFound
    return PairToAssign(desk, found)


def find_live(round_id: int, *, lock: bool = False) -> Assignment | None:
    """Return the round's assignment that is under way or proposed, with its pairs, or None."""
    stmt = sa.select(Assignment).where(Assignment.round_id == round_id, Assignment.state.in_(LIVE))
    stmt = stmt.options(*_whole())
    if lock:
        stmt = stmt.with_for_update(of=Assignment, key_share=True).execution_options(populate_existing=True)
    return find_one(stmt)


def find_latest(round_id: int) -> Assignment | None:
    """Return the round's newest assignment in any state, or None."""
    stmt = sa.select(Assignment).where(Assignment.round_id == round_id).options(joinedload(Assignment.requested_by))
    return db.session.scalars(stmt.order_by(Assignment.id.desc()).limit(1)).one_or_none()


def _whole() -> tuple[ORMOption, ...]:
    pairs = selectinload(Assignment.pairs)
    round_ = pairs.joinedload(AssignmentPair.application).joinedload(Application.round)
    return (
        joinedload(Assignment.requested_by),
        pairs.joinedload(AssignmentPair.reviewer),
        pairs.joinedload(AssignmentPair.application).joinedload(Application.partnership),
        round_.joinedload(Round.call).joinedload(Call.programme),
        round_.joinedload(Round.form_version),
    )
