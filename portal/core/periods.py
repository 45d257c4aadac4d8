"""When periodic work is due: every so many seconds, or once a day at a time of the clock in Brussels. Pure.

A period is named by the moment it began, so that however many schedulers look, they speak of the same one, and whatever
was missed is one period: the present one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from portal.core.clock import BRUSSELS

ONE_DAY = timedelta(days=1)
CLOCK_PUT_BACK = timedelta(minutes=5)  # two machines' clocks differ by less


@dataclass(frozen=True, slots=True)
class Plan:
    """Either ``every`` so many seconds or ``daily_at`` a time in Brussels; ValueError for both or neither."""

    every: int | None = None
    daily_at: time | None = None

    def __post_init__(self) -> None:
        if (self.every is None) == (self.daily_at is None) or (self.every is not None and self.every < 1):
            raise ValueError("periodic work is due every so many seconds, or at a time of the day")

    def period_at(self, at: datetime) -> datetime:
        """Return when the period began that ``at`` lies in (aware, UTC).

        A time that summer time skips (02.30 on the last Sunday of March) counts as an hour later on the clock; one that
        comes twice, in October, counts the first time. So each day has one period.
        """
        if self.every is not None:
            return datetime.fromtimestamp(int(at.timestamp()) // self.every * self.every, UTC)
        today = at.astimezone(BRUSSELS).date()
        begun = self._on(today)
        return begun if begun <= at else self._on(today - ONE_DAY)

    def period_after(self, period: datetime) -> datetime:
        """Return when the period begins that follows ``period``."""
        if self.every is not None:
            return self.period_at(period) + timedelta(seconds=self.every)
        return self._on(period.astimezone(BRUSSELS).date() + ONE_DAY)

    def is_due(self, last_period: datetime | None, at: datetime) -> bool:
        """Return whether a period began after ``last_period``; also where the clock was put back since then."""
        if last_period is None or last_period > at + CLOCK_PUT_BACK:
            return True
        return self.period_at(at) > last_period

    def _on(self, day: date) -> datetime:
        hour = self.daily_at or time()
        # fold=0: of two equal times the first; of a skipped one, what the clock would have said without the change.
        return datetime.combine(day, hour, BRUSSELS).astimezone(UTC)
