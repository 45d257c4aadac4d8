"""Reading the changes of a partnership that were asked on its applications."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from portal.applications.change_models import ChangeRequest
from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.applications.states import OPEN_CHANGES, ChangeKind, ChangeState, Outcome, State
from portal.calls.models import Call, Round
from portal.core.db import db, get_one
from portal.core.paging import Page, page

_SIDES = (joinedload(ChangeRequest.promotor), joinedload(ChangeRequest.organisation))
_WAITS_FOR_AGREEMENT = sa.and_(ChangeRequest.kind == ChangeKind.PROMOTOR, ChangeRequest.state == ChangeState.ASKED)
WAITS_FOR_DECISION = sa.and_(ChangeRequest.state.in_(OPEN_CHANGES), sa.not_(_WAITS_FOR_AGREEMENT))


def get_change(ref: str, number: int, *, lock: bool = False) -> ChangeRequest:
    """Return a change with its whole application and both sides; both rows are locked. NotFound otherwise."""
    application = get_application(ref, lock=lock)
    stmt = sa.select(ChangeRequest).where(ChangeRequest.id == number, ChangeRequest.application_id == application.id)
    change = get_one(stmt.options(*_SIDES), lock=lock)
    set_committed_value(change, "application", application)
    return change


def list_changes(application_id: int) -> list[ChangeRequest]:
    """Return the changes that were asked of an application, the latest first, with both sides."""
    stmt = sa.select(ChangeRequest).where(ChangeRequest.application_id == application_id).options(*_SIDES)
    return list(db.session.scalars(stmt.order_by(ChangeRequest.id.desc())))


def has_open_change(application_id: int, kind: ChangeKind) -> bool:
    """Return whether a change of this kind is asked and not decided."""
    stmt = sa.select(ChangeRequest.id).where(
        ChangeRequest.application_id == application_id,
        ChangeRequest.kind == kind,
        ChangeRequest.state.in_(OPEN_CHANGES),
    )
    return db.session.scalar(stmt.limit(1)) is not None


def list_changes_to_answer(organisation_ids: Iterable[int]) -> list[ChangeRequest]:
    """Return the changes that wait until one of these organisations agrees, the oldest first."""
    answering = sa.case(
        (ChangeRequest.asked_for_id == ChangeRequest.promotor_id, ChangeRequest.organisation_id),
        else_=ChangeRequest.promotor_id,
    )
    stmt = (
        sa.select(ChangeRequest)
        .where(_WAITS_FOR_AGREEMENT, answering.in_(list(organisation_ids)))
        .options(joinedload(ChangeRequest.application).joinedload(Application.partnership))
    )
    return list(db.session.scalars(stmt.order_by(ChangeRequest.id)))


def page_changes_to_decide(cursor: str | None) -> Page[ChangeRequest]:
    """Return the changes that wait for a case officer, the oldest first, with their application and both sides."""
    application = joinedload(ChangeRequest.application)
    return page(
        sa.select(ChangeRequest)
        .where(WAITS_FOR_DECISION)
        .options(*_SIDES, application.joinedload(Application.partnership)),
        by=[(ChangeRequest.id, False)],
        key=lambda each: [each.id],
        cursor=cursor,
        size=25,
    )


def count_changes_to_decide() -> int:
    """Return how many changes wait for a case officer."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(ChangeRequest).where(WAITS_FOR_DECISION)) or 0


def list_drafts_beside(application: Application) -> list[Application]:
    """Return the partnership's other applications that are drafts: they follow their partnership's lead partner."""
    stmt = (
        sa.select(Application)
        .where(
            Application.partnership_id == application.partnership_id,
            Application.state == State.DRAFT,
            Application.id != application.id,
        )
        .options(joinedload(Application.round).joinedload(Round.call).joinedload(Call.programme))
    )
    return list(db.session.scalars(stmt.order_by(Application.id)))


def list_led_by_others(application: Application, promotor_id: int) -> list[Application]:
    """Return the applications of other partnerships that stand and that the organisation leads."""
    stmt = sa.select(Application).where(
        Application.promotor_id == promotor_id,
        Application.partnership_id != application.partnership_id,
        Application.state != State.WITHDRAWN,
    )
    return list(db.session.scalars(stmt.order_by(Application.id)))


def find_under_way(partnership_id: int) -> Application | None:
    """Return an application of the partnership that is handed in and not decided, or None."""
    stmt = sa.select(Application).where(
        Application.partnership_id == partnership_id,
        Application.state.in_([State.SUBMITTED, State.RETURNED, State.ADMISSIBLE]),
        sa.or_(Application.outcome.is_(None), Application.outcome == Outcome.RESERVE),
    )
    return db.session.scalars(stmt.order_by(Application.id).limit(1)).one_or_none()
