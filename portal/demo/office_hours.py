"""The demo's people work by day and rest at the weekend. Moments come back in UTC, as the database gives them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from portal.core.clock import BRUSSELS

MORNING, EVENING = time(9, 5), time(18, 0)
SATURDAY = 5


def on_a_workday(at: datetime) -> datetime:
    """Return ``at``, or the same hour on the Monday after where it falls in a weekend."""
    local = at.astimezone(BRUSSELS)
    while local.weekday() >= SATURDAY:
        local += timedelta(days=1)
    return local.astimezone(UTC)


def later_at_work(at: datetime, step: timedelta) -> datetime:
    """Return the moment ``step`` after ``at``; past the evening, the morning of the next workday."""
    local = on_a_workday(at + step).astimezone(BRUSSELS)
    if local.time() >= EVENING or local.time() < MORNING:
        day = local.date() + timedelta(days=local.time() >= EVENING)
        return on_a_workday(datetime.combine(day, MORNING, BRUSSELS))
    return local.astimezone(UTC)


def workday_before(at: datetime) -> datetime:
    """Return the same hour on the workday before."""
    local = at.astimezone(BRUSSELS) - timedelta(days=1)
    while local.weekday() >= SATURDAY:
        local -= timedelta(days=1)
    return local.astimezone(UTC)
