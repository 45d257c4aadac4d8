"""How long a period lasts: both its days count, so n months end on start + n months − 1 day (domain §2)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """Return ``day`` moved ``months`` on; a day the month does not have becomes its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_after(start: date, months: int) -> date:
    """Return the last day of a period of ``months`` months that begins on ``start``: 2022-02-01 and 4 → 2022-05-31."""
    return add_months(start, months) - timedelta(days=1)
