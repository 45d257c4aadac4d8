"""What waits for its applicants: drafts, sign-offs and completions, each with its deadline and since when that holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.applications.events import SignOffDue
from portal.applications.extensions import Extension
from portal.applications.models import Application, CompletionRequest
from portal.applications.queries import closing_moment
from portal.applications.sign_offs import parts_to_sign
from portal.applications.states import State
from portal.calls.models import Round
from portal.calls.queries import terms_of
from portal.calls.reminders import FARTHEST, Waiting, moved_at
from portal.calls.states import RoundState
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.partnerships.models import Partner


def list_near_drafts(at: datetime) -> list[Waiting]:
    """Return the drafts that can still be submitted at ``at``, with every present partner; two statements."""
    rows = _open_drafts(at)
    partners = _partners_of({partnership_id for _, partnership_id, *_ in rows})
    return [
        Waiting(number, call_id, code, closes_at, since, partners[partnership_id])
        for number, partnership_id, call_id, code, closes_at, since in rows
    ]


def list_sign_offs_due(drafts: Iterable[Waiting]) -> list[Waiting]:
    """Return each written part of these drafts whose partner has not signed off what stands now, of that partner alone."""
    rows = {each.subject_id: each for each in drafts}
    stmt = sa.select(Application).where(Application.id.in_(rows)).order_by(Application.id)
    stmt = stmt.options(
        joinedload(Application.round).joinedload(Round.call),
        selectinload(Application.parts),
        selectinload(Application.lines),
        selectinload(Application.sign_offs),
    )
    found: list[Waiting] = []
    for each in db.session.scalars(stmt):
        everybody = {part.organisation_id for part in each.parts}
        found += [
            replace(rows[each.id], organisation_ids=(part.organisation_id,))
            for part in parts_to_sign(each, terms_of(each.round).sign_off, everybody)
        ]
    return found


def told_sign_offs(application_ids: Collection[int]) -> dict[int, datetime]:
    """Return when a missing sign-off was told last, for each of these applications of which one was."""
    stmt = (
        sa.select(EventRow.subject_id, sa.func.max(EventRow.occurred_at))
        .where(
            EventRow.subject == SignOffDue.subject,
            EventRow.subject_id.in_(application_ids),
            EventRow.topic == SignOffDue.topic,
        )
        .group_by(EventRow.subject_id)
    )
    return {row[0]: row[1] for row in db.session.execute(stmt)}


def list_completions_due(at: datetime) -> list[tuple[int, Waiting]]:
    """Return the requests for completion that are open at ``at``, with the lead partner of each."""
    stmt = (
        sa.select(
            CompletionRequest.id,
            Application.id,
            Round.call_id,
            Round.code,
            CompletionRequest.due_at,
            CompletionRequest.asked_at,
            Application.promotor_id,
        )
        .join(Application, Application.id == CompletionRequest.application_id)
        .join(Round, Round.id == Application.round_id)
        .where(
            Application.state == State.RETURNED,
            CompletionRequest.completed_at.is_(None),
            CompletionRequest.due_at > at,
            CompletionRequest.due_at <= at + FARTHEST,
        )
        .order_by(CompletionRequest.id)
    )
    return [
        (request_id, Waiting(number, call_id, code, due_at, asked_at, (promotor_id,)))
        for request_id, number, call_id, code, due_at, asked_at, promotor_id in db.session.execute(stmt)
    ]


def _open_drafts(at: datetime) -> Sequence[sa.Row[int, int, int, str, datetime, datetime]]:
    """Return id, partnership, call, round, closing moment, and since when that is the closing moment."""
    closing = closing_moment()
    extended_at = (
        sa.select(sa.func.max(Extension.granted_at)).where(Extension.application_id == Application.id).scalar_subquery()
    )
    since = sa.func.greatest(Application.begun_at, moved_at(Round.id.expression), extended_at)
    stmt = (
        sa.select(
            Application.id,
            Application.partnership_id,
            Round.call_id,
            Round.code,
            closing,
            sa.type_coerce(since, sa.DateTime(timezone=True)),
        )
        .join(Round, Round.id == Application.round_id)
        .where(
            Application.state == State.DRAFT,
            Round.state == RoundState.ANNOUNCED,
            Round.opens_at <= at,
            closing > at,
            closing <= at + FARTHEST,
        )
        .order_by(Application.id)
    )
    return db.session.execute(stmt).all()


def _partners_of(partnership_ids: set[int]) -> dict[int, tuple[int, ...]]:
    stmt = sa.select(Partner.partnership_id, Partner.organisation_id).where(
        Partner.partnership_id.in_(partnership_ids), Partner.ended_on.is_(None)
    )
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for partnership_id, organisation_id in db.session.execute(stmt.order_by(Partner.id)):
        found[partnership_id] += (organisation_id,)
    return found
