"""The one file that reads the clock.

*Domain time* decides deadlines, phases and every ``*_at`` of the domain. It is taken once per request or task, on
arrival, and travels as ``ctx.now``. *Machine time* serves leases, retries, rate limits, heartbeats and web sessions.
In the demo the domain runs on a shifted clock while machines keep their own.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


class Clock:
    """Domain time is machine time plus an offset, which is zero outside the demo."""

    def machine_now(self) -> datetime:
        """Return the machine's present moment, aware, in UTC."""
        return datetime.now(UTC)

    def offset(self) -> timedelta:
        """Return how far domain time runs beside machine time."""
        return timedelta(0)

    def now(self) -> datetime:
        """Return the present moment in domain time, aware, in UTC."""
        return self.machine_now() + self.offset()


def machine_now() -> datetime:
    """Return the machine's present moment, aware, in UTC: for leases, retries and sessions only."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds on a clock that never jumps: for measuring how long something took."""
    return time.monotonic()


def brussels_day(at: datetime) -> date:
    """Return the calendar day that ``at`` falls on in Brussels."""
    return at.astimezone(BRUSSELS).date()


def brussels_moment(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return the aware UTC moment of ``hour:minute`` on ``day`` in Brussels (summer time included)."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BRUSSELS).astimezone(UTC)
