"""Reading programmes, calls and rounds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.calls.definitions import CallDefinition
from portal.calls.form_definitions import FormDefinition
from portal.calls.models import Call, CallAnswer, CallDocument, FormVersion, Programme, Round, RoundMove
from portal.calls.states import RoundState
from portal.core.clock import brussels_day
from portal.core.db import db, find_one, get_one
from portal.core.errors import NotFound


def list_calls() -> list[Call]:
    """Return every call with its programme, in the order of programmes and letters."""
    stmt = sa.select(Call).join(Programme).options(joinedload(Call.programme)).order_by(Programme.id, Call.letter)
    return list(db.session.scalars(stmt))


def get_call(programme: str, code: str, *, lock: bool = False) -> Call:
    """Return the call ``code`` of a programme, with the programme."""
    stmt = sa.select(Call).join(Programme).where(Programme.code == programme, Call.code == code)
    return get_one(stmt.options(joinedload(Call.programme)), lock=lock)


def list_programmes() -> list[Programme]:
    """Return every programme, in the order they were loaded."""
    return list(db.session.scalars(sa.select(Programme).order_by(Programme.id)))


def find_programme(code: str) -> Programme | None:
    return find_one(sa.select(Programme).where(Programme.code == code))


def get_round(code: str, *, lock: bool = False) -> Round:
    """Return the round with its call, programme and form version."""
    stmt = sa.select(Round).where(Round.code == code)
    return get_one(
        stmt.options(joinedload(Round.call).joinedload(Call.programme), joinedload(Round.form_version)), lock=lock
    )


def list_rounds() -> list[Round]:
    """Return every round with its call and programme, the latest opening first."""
    stmt = (
        sa.select(Round)
        .options(joinedload(Round.call).joinedload(Call.programme))
        .order_by(Round.opens_at.desc(), Round.code)
    )
    return list(db.session.scalars(stmt))


def list_rounds_of(call_id: int) -> list[Round]:
    """Return every round of a call, drafts included, the latest opening first."""
    stmt = sa.select(Round).where(Round.call_id == call_id)
    return list(db.session.scalars(stmt.order_by(Round.opens_at.desc(), Round.code)))


def list_announced_rounds(programme_id: int | None = None) -> list[Round]:
    """Return rounds (of one programme) that were announced and not cancelled, in the order they open."""
    stmt = sa.select(Round).where(Round.state == RoundState.ANNOUNCED)
    if programme_id is not None:
        stmt = stmt.join(Call).where(Call.programme_id == programme_id)
    return list(db.session.scalars(stmt.order_by(Round.opens_at, Round.code)))


def list_public_rounds(call_id: int | None = None) -> list[Round]:
    """Return what everybody may see, in the order they open: announced rounds, and those cancelled after that."""
    was_announced = sa.and_(Round.state == RoundState.CANCELLED, Round.announced_at.is_not(None))
    stmt = sa.select(Round).where(sa.or_(Round.state == RoundState.ANNOUNCED, was_announced))
    if call_id is not None:
        stmt = stmt.where(Round.call_id == call_id)
    return list(db.session.scalars(stmt.order_by(Round.opens_at, Round.code)))


def list_other_rounds(round_: Round) -> list[Round]:
    """Return the other rounds of the call that are not cancelled."""
    stmt = sa.select(Round).where(
        Round.call_id == round_.call_id, Round.id != round_.id, Round.state != RoundState.CANCELLED
    )
    return list(db.session.scalars(stmt.order_by(Round.opens_at)))


def next_number(call_id: int, year: int) -> int:
    """Return the number of the call's next round in ``year``."""
    stmt = sa.select(sa.func.coalesce(sa.func.max(Round.number), 0) + 1)
    return db.session.scalar(stmt.where(Round.call_id == call_id, Round.year == year)) or 1


def list_moves(round_id: int) -> list[RoundMove]:
    """Return how a round's deadline moved, oldest first."""
    return list(db.session.scalars(sa.select(RoundMove).where(RoundMove.round_id == round_id).order_by(RoundMove.id)))


def latest_form(call_id: int) -> FormVersion | None:
    """Return the newest version of a call's form."""
    stmt = sa.select(FormVersion).where(FormVersion.call_id == call_id).order_by(FormVersion.number.desc()).limit(1)
    return db.session.scalars(stmt).one_or_none()


def list_documents(call_id: int) -> list[CallDocument]:
    stmt = sa.select(CallDocument).where(CallDocument.call_id == call_id).order_by(CallDocument.position)
    return list(db.session.scalars(stmt))


def get_document(programme: str, code: str, slug: str, *, lock: bool = False) -> tuple[Call, CallDocument]:
    """Return a call and one of its documents."""
    del lock  # read only
    call = get_call(programme, code)
    found = find_one(sa.select(CallDocument).where(CallDocument.call_id == call.id, CallDocument.slug == slug))
    if found is None:
        raise NotFound
    return call, found


def list_answers(call_id: int, at: datetime) -> list[CallAnswer]:
    """Return the public questions answered up to ``at``, the newest first."""
    stmt = sa.select(CallAnswer).where(CallAnswer.call_id == call_id, CallAnswer.answered_on <= brussels_day(at))
    return list(db.session.scalars(stmt.order_by(CallAnswer.answered_on.desc(), CallAnswer.id)))


def terms_of(round_: Round) -> CallDefinition:
    """Return what the round was announced with; before that, its call's present definition."""
    return round_.terms if round_.terms is not None else round_.call.definition


def list_terms(round_ids: Iterable[int]) -> dict[int, CallDefinition]:
    """Return the terms of these rounds, by the round's number: one statement, whatever the rows that share them."""
    stmt = sa.select(Round).where(Round.id.in_(sorted(set(round_ids)))).options(joinedload(Round.call))
    return {each.id: terms_of(each) for each in db.session.scalars(stmt)}


def form_of(round_: Round) -> FormDefinition:
    """Return the form version that the round froze; NotFound before it was announced."""
    if round_.form_version is None:
        raise NotFound
    return round_.form_version.definition
