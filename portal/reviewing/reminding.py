"""What waits for its reviewers: reviews and invitations, each with its day and since when that holds."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from portal.applications.models import Application
from portal.applications.states import State
from portal.calls.models import Round
from portal.calls.reminders import FARTHEST, Waiting
from portal.core.clock import brussels_day
from portal.core.db import db
from portal.reviewing.models import Review
from portal.reviewing.queries import TO_DO
from portal.reviewing.states import ReviewState


def list_due_reviews(at: datetime) -> list[tuple[Waiting, date]]:
    """Return the reviews that are still to be done at ``at``, with the day on which each is due."""
    return _waiting(at, sa.column("due_on", sa.Date), Review.state.in_(sorted(TO_DO)))


def list_invitations_due(at: datetime) -> list[tuple[Waiting, date]]:
    """Return the invitations that nobody answered at ``at``, with the last day to do so."""
    return _waiting(at, sa.column("answer_due_on", sa.Date), Review.state == ReviewState.INVITED)


def _waiting(
    at: datetime, day: sa.ColumnClause[date], still_to_do: sa.ColumnElement[bool]
) -> list[tuple[Waiting, date]]:
    today, due = brussels_day(at), sa.type_coerce(getattr(Review, day.name), sa.Date)
    stmt = (
        sa.select(Review.id, Round.call_id, Round.code, due, Review.invited_at, Review.reviewer_id)
        .join(Application, Application.id == Review.application_id)
        .join(Round, Round.id == Review.round_id)
        .where(
            still_to_do,
            due.between(today, today + FARTHEST),
            Application.state == State.ADMISSIBLE,
            Round.results_published_at.is_(None),
        )
        .order_by(Review.id)
    )
    return [
        (Waiting(number, call_id, code, due_on, invited_at, person_id=reviewer_id), due_on)
        for number, call_id, code, due_on, invited_at, reviewer_id in db.session.execute(stmt)
    ]
