"""When a call reminds: which of its reminders is due for a deadline, and which moment comes next. Pure.

A reminder counts from when its deadline was set, and from when the reminder itself was: whoever moved a deadline told
everybody concerned then. Of several that are due after workers stood still, only the newest is sent, and none for a
deadline that has passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from portal.calls.rules import BRUSSELS, ONE_DAY
from portal.core.errors import Problem
from portal.core.text import Msg, _l


class ReminderKind(StrEnum):
    """What people are reminded of."""

    DRAFT = "draft"
    SIGN_OFF = "sign_off"
    COMPLETION = "completion"
    INVITATION = "invitation"
    REVIEW = "review"
    AWARD = "award"


class LeadUnit(StrEnum):
    DAYS = "days"
    HOURS = "hours"


KIND_WORDS: dict[ReminderKind, Msg] = {
    ReminderKind.DRAFT: _l("A draft is not submitted"),
    ReminderKind.SIGN_OFF: _l("A partner’s sign-off is missing"),
    ReminderKind.COMPLETION: _l("A completion is not handed in"),
    ReminderKind.INVITATION: _l("A reviewer’s invitation is not answered"),
    ReminderKind.REVIEW: _l("A review is not submitted"),
    ReminderKind.AWARD: _l("An award is not answered"),
}

MORNING = time(9)  # a deadline that is a day has no hour: its reminders go out when people begin to work
MOST = {LeadUnit.DAYS: 60, LeadUnit.HOURS: 72}


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before a deadline: an amount of days on the calendar, or of hours on a stopwatch."""

    amount: int
    unit: LeadUnit

    @property
    def code(self) -> str:
        """``7d`` or ``36h``: part of the natural key."""
        return f"{self.amount}{self.unit[0]}"

    @property
    def days(self) -> int:
        """The days it comes to, a begun day counted whole: at least one."""
        return self.amount if self.unit is LeadUnit.DAYS else -(-self.amount // 24)

    def before(self, deadline: datetime | date) -> datetime:
        """Return the moment this long before ``deadline`` (aware, UTC).

        Days keep the time of the clock through summer time; a deadline that is a day ends at midnight, and its days
        count from nine in the morning.
        """
        if self.unit is LeadUnit.HOURS:
            # In UTC: within one zone Python counts on the clock, which is an hour off across summer time.
            return end_of(deadline).astimezone(UTC) - timedelta(hours=self.amount)
        if isinstance(deadline, datetime):
            local = deadline.astimezone(BRUSSELS)
            return (local - timedelta(days=self.amount)).astimezone(UTC)  # on the clock: the zone is counted after
        return datetime.combine(deadline - timedelta(days=self.amount), MORNING, BRUSSELS).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Reminding:
    """A reminder that is switched on: its lead, and since when it counts."""

    lead: Lead
    since: datetime


def end_of(deadline: datetime | date) -> datetime:
    """Return the first moment after a deadline that is a day (23.59.59 is in time), or the deadline itself."""
    if isinstance(deadline, datetime):
        return deadline
    return datetime.combine(deadline + ONE_DAY, time(), BRUSSELS).astimezone(UTC)


def newest_due(
    remindings: Iterable[Reminding], deadline: datetime | date, since: datetime, at: datetime
) -> Lead | None:
    """Return the reminder to send at ``at`` for a deadline that was set at ``since``; None where none is due."""
    if at >= end_of(deadline):
        return None
    due = [
        (moment, each.lead)
        for each in remindings
        if max(since, each.since) < (moment := each.lead.before(deadline)) <= at
    ]
    return max(due, key=lambda each: each[0])[1] if due else None


def next_moment(reminding: Reminding, deadline: datetime | date, since: datetime, at: datetime) -> datetime | None:
    """Return when this reminder will be sent, after ``at``; None where its moment has passed or will not be told."""
    moment = reminding.lead.before(deadline)
    return moment if moment > max(at, since, reminding.since) else None


def problems_with_lead(lead: Lead) -> Iterator[Problem]:
    """Yield why a reminder cannot be sent this long before: none, or longer than anybody remembers it."""
    if not 1 <= lead.amount <= MOST[lead.unit]:
        message = _l("Choose 1 to 60 days, or 1 to 72 hours.")
        yield Problem("lead-out-of-reach", message, "amount")
