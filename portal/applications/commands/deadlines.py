"""Telling those with a draft that the deadline comes near: seven days and one day before, once each."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from portal.applications.events import DeadlineNear
from portal.applications.models import Application
from portal.applications.states import State
from portal.calls.models import Round
from portal.calls.states import RoundState
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import record

DAYS = (7, 1)


def tell_near_deadlines(ctx: Ctx) -> int:
    """Record DeadlineNear for each draft whose round closes within 7 days or 1 day; return how many were new.

    A draft is told once per moment of closing: only the nearest warning, so that nobody gets both at a time.
    """
    stmt = (
        sa.select(Application.id, Round.closes_at)
        .join(Round, Round.id == Application.round_id)
        .where(
            Application.state == State.DRAFT,
            Round.state == RoundState.ANNOUNCED,
            Round.opens_at <= ctx.now,
            Round.closes_at > ctx.now,
            Round.closes_at <= ctx.now + timedelta(days=max(DAYS)),
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
