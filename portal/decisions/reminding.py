"""The awards that wait for an answer, each with its last day and since when that holds."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from portal.applications.models import Application
from portal.applications.states import AWARDS
from portal.calls.models import Round
from portal.calls.reminders import FARTHEST, Waiting
from portal.core.clock import brussels_day
from portal.core.db import db
from portal.decisions.models import Decision
from portal.decisions.states import DecisionState


def list_awards_to_answer(at: datetime) -> list[tuple[Waiting, date]]:
    """Return the published awards that nobody answered, overdue ones too, with their last day and lead partner."""
    stmt = (
        sa.select(
            Decision.id,
            Round.call_id,
            Round.code,
            Decision.answer_due_on,
            Decision.published_at,
            Application.promotor_id,
        )
        .join(Application, Application.id == Decision.application_id)
        .join(Round, Round.id == Application.round_id)
        .where(
            Decision.state == DecisionState.PUBLISHED,
            Decision.answer_due_on <= brussels_day(at) + FARTHEST,
            Decision.outcome.in_(AWARDS),
        )
        .order_by(Decision.id)
    )
    return [
        (Waiting(number, call_id, code, due_on, published_at, (promotor_id,)), due_on)
        for number, call_id, code, due_on, published_at, promotor_id in db.session.execute(stmt)
        if due_on is not None and published_at is not None
    ]
