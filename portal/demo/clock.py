"""The demo's clock: its domain time was moved to 2022, and runs on from there.

The offset is one row, so that web, workers and beat tell the same time. Demo time only moves forward; going back means
restoring the starting world.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from portal.core.clock import BRUSSELS, Clock
from portal.core.db import db
from portal.core.errors import Problem, RuleViolation
from portal.core.text import _l
from portal.demo.models import DemoClock

START = datetime(2022, 6, 20, 14, 5, tzinfo=BRUSSELS)
OFFSET = sa.select(DemoClock.offset)


class ShiftedClock(Clock):
    """Reads the offset on a connection of its own: a request's transaction neither sees nor holds it."""

    def __init__(self, database_url: str) -> None:
        self._engine = sa.create_engine(
            database_url, pool_size=2, max_overflow=8, pool_pre_ping=True, isolation_level="AUTOCOMMIT"
        )
        self._last = timedelta(0)

    def offset(self) -> timedelta:
        """Return how far demo time runs beside the machine's; what was last known where the row cannot be read."""
        try:
            with self._engine.connect() as connection:
                self._last = connection.scalar(OFFSET) or timedelta(0)
        except SQLAlchemyError:  # before the first migration there is no table; a stopped database is told by /readyz
            return self._last
        return self._last

    def dispose(self) -> None:
        """Close the clock's connections."""
        self._engine.dispose()


def move_clock(clock: Clock, to: datetime) -> None:
    """Move demo time forward to ``to``. Raises RuleViolation ``clock-only-forward`` for a moment that has passed."""
    row = db.session.scalar(sa.select(DemoClock).with_for_update())
    machine = clock.machine_now()
    if row is not None and to <= machine + row.offset:
        raise RuleViolation([Problem("clock-only-forward", _l("Demo time only moves forward. Choose a later moment."))])
    put_clock(to - machine)


def put_clock(offset: timedelta) -> None:
    """Write the offset, whatever it was."""
    stmt = insert(DemoClock).values(id=1, offset=offset)
    db.session.execute(stmt.on_conflict_do_update(index_elements=["id"], set_={"offset": stmt.excluded.offset}))
