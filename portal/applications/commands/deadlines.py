"""Telling those with a draft that its deadline comes near, seven days and one day before, and that it has passed."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from portal.applications.events import ApplicationNotSubmitted, DeadlineNear
from portal.applications.models import Application
from portal.applications.queries import closing_moment
from portal.applications.states import State
from portal.calls.models import Round
from portal.calls.states import RoundState
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow, record

DAYS = (7, 1)


def tell_near_deadlines(ctx: Ctx) -> int:
    """Record DeadlineNear for each draft whose deadline is within 7 days or 1 day; return how many were new.

    A draft is told once per moment of closing: only the nearest warning, so that nobody gets both at a time. A moved
    deadline or an extension is another moment, and tells anew.
    """
    closing = closing_moment()
    stmt = (
        sa.select(Application.id, closing)
        .join(Round, Round.id == Application.round_id)
        .where(
            Application.state == State.DRAFT,
            Round.state == RoundState.ANNOUNCED,
            Round.opens_at <= ctx.now,
            closing > ctx.now,
            closing <= ctx.now + timedelta(days=max(DAYS)),
        )
        .order_by(Application.id)
    )
    told = 0
    for application_id, closes_at in db.session.execute(stmt).all():
        days = min(each for each in DAYS if closes_at - ctx.now <= timedelta(days=each))
        event = DeadlineNear(application_id=application_id, days=days, closes_at=closes_at)
        key = f"deadline-near:{application_id}:{closes_at.isoformat()}:{days}d"
        told += record(ctx, event, natural_key=key) is not None
    return told


def tell_not_submitted(ctx: Ctx) -> int:
    """Record ApplicationNotSubmitted for each draft whose deadline passed; return how many were new.

    The draft itself stays as it is: that it was not submitted is computed, and an extension takes it back.
    """
    closing = closing_moment()
    is_told = sa.exists().where(
        EventRow.subject == ApplicationNotSubmitted.subject,
        EventRow.subject_id == Application.id,
        EventRow.topic == ApplicationNotSubmitted.topic,
        EventRow.occurred_at > closing,
    )
    stmt = (
        sa.select(Application.id, closing)
        .join(Round, Round.id == Application.round_id)
        .where(
            Application.state == State.DRAFT,
            Round.state == RoundState.ANNOUNCED,
            closing < ctx.now,
            ~is_told,  # the natural key alone would insert in vain for every old draft, every minute
        )
        .order_by(Application.id)
    )
    told = 0
    for application_id, closes_at in db.session.execute(stmt).all():
        event = ApplicationNotSubmitted(application_id=application_id, closes_at=closes_at)
        told += record(ctx, event, natural_key=f"not-submitted:{application_id}:{closes_at.isoformat()}") is not None
    return told
