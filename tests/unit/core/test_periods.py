"""When periodic work is due: once a period, also where summer time skips an hour or gives one twice."""

from datetime import UTC, datetime, time, timedelta

import pytest

from portal.core.clock import BRUSSELS
from portal.core.periods import Plan
from tests.world.time import moment

NIGHT = Plan(daily_at=time(2, 30))
MINUTE = Plan(every=60)


def runs(plan, start, end, *, tick=timedelta(minutes=5)):
    """Play a dispatcher from one moment to another: the moments at which it sends the task."""
    # In UTC: the difference of two moments in one zone is that of their clocks.
    at, until, sent = moment(start).astimezone(UTC), moment(end).astimezone(UTC), []
    last = plan.period_at(at)
    while at < until:
        at += tick
        if plan.is_due(last, at):
            last = plan.period_at(at)
            sent.append(at)
    return sent


@pytest.mark.parametrize(
    ("day_before", "day_after", "ran"),
    [
        ("2022-03-26T12:00", "2022-03-27T12:00", "2022-03-27T03:30"),  # there is no 02.30
        ("2022-10-29T12:00", "2022-10-30T12:00", "2022-10-30T02:30"),  # 02.30 comes twice
        ("2022-06-19T12:00", "2022-06-20T12:00", "2022-06-20T02:30"),
    ],
)
def test_a_nightly_task_runs_once_each_night_also_when_the_clock_changes(day_before, day_after, ran):
    (at,) = runs(NIGHT, day_before, day_after)
    assert at.astimezone(BRUSSELS) == moment(ran).astimezone(BRUSSELS)


@pytest.mark.parametrize("days", [("2022-03-26T22:00", "2022-03-28T22:00"), ("2022-10-29T22:00", "2022-10-31T22:00")])
def test_two_nights_around_a_change_are_two_runs_on_two_days(days):
    ran = runs(NIGHT, *days)
    assert len({at.astimezone(BRUSSELS).date() for at in ran}) == len(ran) == 2


@pytest.mark.parametrize("hour", ["2022-03-27T00:30", "2022-10-30T00:30", "2022-06-19T00:30"])
def test_a_task_of_every_minute_goes_on_through_the_change(hour):
    end = moment(hour).astimezone(UTC) + timedelta(hours=3)
    assert len(runs(MINUTE, hour, end.isoformat(), tick=timedelta(seconds=10))) == 180


def test_what_was_missed_is_one_run():
    last = MINUTE.period_at(moment("2022-06-18T12:00"))
    back = moment("2022-06-20T12:00:30")
    assert MINUTE.is_due(last, back)
    assert not MINUTE.is_due(MINUTE.period_at(back), back + timedelta(seconds=20))


def test_two_schedulers_with_clocks_a_second_apart_mean_the_same_period():
    early, late = datetime(2022, 6, 20, 12, 0, 59, 900000, UTC), datetime(2022, 6, 20, 12, 1, 0, 900000, UTC)
    last = MINUTE.period_at(late)
    assert not MINUTE.is_due(last, early), "the slower clock sends nothing again"


def test_a_clock_that_was_put_back_an_hour_does_not_stop_the_work():
    assert MINUTE.is_due(moment("2022-06-20T13:00"), moment("2022-06-20T12:00"))


@pytest.mark.parametrize("plan", [{}, {"every": 60, "daily_at": time(2, 30)}, {"every": 0}])
def test_a_plan_says_one_thing(plan):
    with pytest.raises(ValueError, match="periodic work"):
        Plan(**plan)
