"""Telling reviewers that a review is due: seven days and one day before, once each."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from portal.applications.models import Application
from portal.applications.states import State
from portal.calls.models import Round
from portal.core.clock import brussels_day
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import record
from portal.reviewing.events import ReviewDue
from portal.reviewing.models import Review
from portal.reviewing.queries import TO_DO

DAYS = (7, 1)


def remind_due_reviews(ctx: Ctx) -> int:
    """Record ReviewDue for each review still to be done that is due within 7 days or 1; return how many were new.

    Only the nearest warning, so that nobody gets both at a time; none once the day is past.
    """
    today = brussels_day(ctx.now)
    stmt = (
        sa.select(Review.id, Review.due_on)
        .join(Application, Application.id == Review.application_id)
        .join(Round, Round.id == Review.round_id)
        .where(
            Review.state.in_(sorted(TO_DO)),
            Review.due_on.between(today, today + timedelta(days=max(DAYS))),
            Application.state == State.ADMISSIBLE,
            Round.results_published_at.is_(None),
        )
        .order_by(Review.id)
    )
    told = 0
    for review_id, due_on in db.session.execute(stmt).all():
        days = min(each for each in DAYS if due_on - today <= timedelta(days=each))
        event = ReviewDue(review_id=review_id, due_on=due_on, days=days)
        key = f"review-due:{review_id}:{due_on.isoformat()}:{days}d"
        told += record(ctx, event, natural_key=key) is not None
    return told
