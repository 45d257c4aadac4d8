"""What the demo bar shows on every page: the simulated time, the moments ahead, the cast, the mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from portal.calls.models import Round
from portal.calls.states import RoundState
from portal.core.db import db
from portal.demo.cast import APPLICANTS, REVIEWERS, STAFF
from portal.demo.moments import Moment, RoundDates, coming_moments
from portal.demo.people import DemoPerson
from portal.demo.start import CAN_RESTORE

CAST: tuple[DemoPerson, ...] = APPLICANTS + STAFF + REVIEWERS


@dataclass(frozen=True, slots=True)
class Bar:
    now: datetime
    moments: list[Moment]
    can_restore: bool
    messages: int | None  # None: no mailbox to show
    cast: tuple[DemoPerson, ...] = CAST


def read_bar(now: datetime, messages: int | None) -> Bar:
    """Return the bar at ``now``, read on a connection of its own: it also stands on pages of failures."""
    try:
        with db.engine.connect() as connection:
            rows = connection.execute(
                sa.select(Round.code, Round.opens_at, Round.closes_at, Round.decision_due_on).where(
                    Round.state == RoundState.ANNOUNCED
                )
            )
            moments = coming_moments([RoundDates(*row) for row in rows], now)
            return Bar(now, moments, bool(connection.scalar(CAN_RESTORE)), messages)
    except SQLAlchemyError:
        return Bar(now, [], can_restore=False, messages=messages)
