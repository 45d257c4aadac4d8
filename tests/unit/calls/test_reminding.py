"""Which reminder is due: the newest alone, none that was overtaken, and the clock's time kept through summer time."""

from datetime import UTC, date

import pytest

from portal.calls.reminding import Lead, LeadUnit, Reminding, end_of, newest_due, next_moment, problems_with_lead
from portal.core.clock import BRUSSELS
from tests.world.time import moment

LONG_AGO = moment("2022-01-01T00:00")
WEEK, DAY = Lead(7, LeadUnit.DAYS), Lead(1, LeadUnit.DAYS)
BOTH = (Reminding(WEEK, LONG_AGO), Reminding(DAY, LONG_AGO))
CLOSING = moment("2022-07-29T12:00")


def on_the_clock(at):
    return at.astimezone(BRUSSELS).isoformat(timespec="minutes")[:16]


@pytest.mark.parametrize(
    ("deadline", "lead", "reminded"),
    [
        ("2022-03-27T12:00", DAY, "2022-03-26T12:00"),  # 23 hours before
        ("2022-10-30T12:00", DAY, "2022-10-29T12:00"),  # 25 hours before
        ("2022-03-28T02:30", DAY, "2022-03-27T03:30"),  # there is no 02.30
        ("2022-10-31T02:30", DAY, "2022-10-30T02:30"),  # it comes twice: the first
        ("2022-03-27T12:00", Lead(24, LeadUnit.HOURS), "2022-03-26T11:00"),  # hours are hours
        ("2022-10-30T12:00", Lead(24, LeadUnit.HOURS), "2022-10-29T13:00"),
    ],
)
def test_days_keep_the_time_of_the_clock_and_hours_do_not(deadline, lead, reminded):
    assert on_the_clock(lead.before(moment(deadline))) == reminded


@pytest.mark.parametrize("day", [date(2022, 3, 27), date(2022, 10, 30), date(2022, 8, 31)])
def test_a_term_of_days_ends_at_midnight_in_brussels_and_is_reminded_of_in_the_morning(day):
    last = end_of(day).astimezone(BRUSSELS)
    assert (last.hour, last.minute, (last.date() - day).days) == (0, 0, 1)
    last_second = moment(f"{day}T23:59:59")
    assert newest_due(BOTH, day, LONG_AGO, last_second) == DAY
    assert newest_due(BOTH, day, LONG_AGO, end_of(day)) is None
    assert on_the_clock(DAY.before(day))[11:] == "09:00"


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2022-07-22T11:59:59", None),
        ("2022-07-22T12:00", WEEK),
        ("2022-07-28T11:59", WEEK),
        ("2022-07-28T12:00", DAY),  # workers that were away all week send this one alone
        ("2022-07-29T11:59:59", DAY),
        ("2022-07-29T12:00", None),  # the deadline has passed
    ],
)
def test_only_the_newest_that_is_due_is_sent_and_none_when_the_deadline_passed(at, due):
    assert newest_due(BOTH, CLOSING, LONG_AGO, moment(at)) == due


def test_a_reminder_that_was_overtaken_when_the_deadline_was_set_is_not_sent():
    moved_at = moment(
        "2022-07-25T09:00"
    )  # to 29 July: a week before that had passed then, and the mover told everybody
    assert newest_due(BOTH, CLOSING, moved_at, moment("2022-07-27T09:00")) is None
    assert newest_due(BOTH, CLOSING, moved_at, moment("2022-07-28T12:00")) == DAY


def test_a_reminder_counts_from_when_it_was_set():
    late = Reminding(Lead(5, LeadUnit.DAYS), moment("2022-07-25T09:00"))
    assert newest_due([late], CLOSING, LONG_AGO, moment("2022-07-25T09:01")) is None
    early = Reminding(Lead(3, LeadUnit.DAYS), moment("2022-07-25T09:00"))
    assert newest_due([early], CLOSING, LONG_AGO, moment("2022-07-26T12:00")) == early.lead
    assert next_moment(early, CLOSING, LONG_AGO, moment("2022-07-25T10:00")) == moment("2022-07-26T12:00")
    assert next_moment(late, CLOSING, LONG_AGO, moment("2022-07-25T10:00")) is None


@pytest.mark.parametrize(
    ("amount", "unit", "codes"),
    [(60, "days", []), (61, "days", ["lead-out-of-reach"]), (0, "hours", ["lead-out-of-reach"])],
)
def test_a_lead_stays_within_reach(amount, unit, codes):
    assert [each.code for each in problems_with_lead(Lead(amount, LeadUnit(unit)))] == codes


def test_the_moment_is_utc_and_a_begun_day_counts_whole():
    assert WEEK.before(CLOSING).tzinfo is UTC
    assert (WEEK.code, Lead(36, LeadUnit.HOURS).code, Lead(36, LeadUnit.HOURS).days) == ("7d", "36h", 2)
