"""The demo's people save by day, on workdays."""

from datetime import UTC, timedelta

from portal.demo.office_hours import later_at_work, on_a_workday, workday_before
from tests.world.time import moment


def test_a_day_goes_on_the_next_morning_and_a_friday_on_monday():
    step = timedelta(minutes=20)
    assert later_at_work(moment("2022-06-16T10:00"), step) == moment("2022-06-16T10:20")
    assert later_at_work(moment("2022-06-16T17:50"), step) == moment("2022-06-17T09:05")
    assert later_at_work(moment("2022-06-17T17:50"), step) == moment("2022-06-20T09:05")
    assert later_at_work(moment("2022-06-17T17:50"), step).tzinfo is UTC


def test_nobody_works_at_the_weekend():
    assert on_a_workday(moment("2022-06-18T11:30")) == moment("2022-06-20T11:30")
    assert on_a_workday(moment("2022-06-17T11:30")) == moment("2022-06-17T11:30")
    assert workday_before(moment("2022-06-20T12:00")) == moment("2022-06-17T12:00")
