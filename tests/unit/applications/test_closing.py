"""Until when one application can be handed in, and what is read of it before and after."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from portal.applications.closing import (
    Nearness,
    applicant_words,
    closes_at_for,
    is_not_submitted,
    nearness,
    problems_before_extending,
)
from portal.applications.states import Outcome, State
from tests.world.time import moment

CLOSES = moment("2022-07-29T12:00")
LATER = moment("2022-08-02T10:00")
SECOND = timedelta(seconds=1)


def application(own_state=State.DRAFT, *, until=None, outcome=None, **facts):
    known = {
        "state": "announced",
        "opens_at": moment("2022-06-13T09:00"),
        "closes_at": CLOSES,
        "results_published_at": None,
        "call": SimpleNamespace(programme=SimpleNamespace(ends_on=date(2024, 12, 31))),
    }
    round_ = SimpleNamespace(**{**known, **facts})
    return SimpleNamespace(state=own_state, round=round_, extended_until=until, outcome=outcome)


def test_an_application_closes_with_its_round_or_later():
    assert closes_at_for(application()) == CLOSES
    assert closes_at_for(application(until=LATER)) == LATER
    assert closes_at_for(application(until=LATER, closes_at=LATER + SECOND)) == LATER + SECOND


def test_a_draft_reads_not_submitted_from_the_moment_after_its_own_deadline():
    assert not is_not_submitted(application(), CLOSES)
    assert is_not_submitted(application(), CLOSES + SECOND)
    assert not is_not_submitted(application(until=LATER), CLOSES + SECOND)
    assert is_not_submitted(application(until=LATER), LATER + SECOND)
    assert not is_not_submitted(application(State.SUBMITTED), LATER)


@pytest.mark.parametrize(
    ("left", "near"),
    [
        (timedelta(hours=24, seconds=1), None),
        (timedelta(hours=24), Nearness.DAY),
        (timedelta(hours=1, seconds=1), Nearness.DAY),
        (timedelta(hours=1), Nearness.HOUR),
        (timedelta(minutes=10), Nearness.MINUTES),
        (timedelta(0), Nearness.MINUTES),
        (-SECOND, None),
    ],
)
def test_the_deadline_is_near_from_a_day_an_hour_and_ten_minutes_before(left, near):
    assert nearness(CLOSES, CLOSES - left) is near


@pytest.mark.parametrize(
    ("until", "at", "facts", "codes"),
    [
        (LATER, CLOSES + SECOND, {}, []),
        (LATER, CLOSES - SECOND, {}, []),
        (moment("2024-12-31T23:59"), CLOSES, {}, []),
        (moment("2025-01-01T00:00"), CLOSES, {}, ["closes-after-programme"]),
        (CLOSES, CLOSES - SECOND, {}, ["not-later"]),
        (LATER, LATER, {}, ["deadline-in-the-past"]),
        (LATER, CLOSES + SECOND, {"results_published_at": CLOSES}, ["results-published"]),
        (LATER, CLOSES + SECOND, {"state": "cancelled"}, ["round-not-open"]),
        (LATER, moment("2022-06-13T08:59"), {}, ["round-not-open"]),
    ],
)
def test_more_time_lies_ahead_within_the_programme_and_before_the_results(until, at, facts, codes):
    assert [each.code for each in problems_before_extending(application(**facts), until, at)] == codes


@pytest.mark.parametrize(
    ("state", "outcome", "at", "words"),
    [
        (State.DRAFT, None, CLOSES, "Draft"),
        (State.DRAFT, None, LATER, "Not submitted"),
        (State.SUBMITTED, None, LATER, "Submitted"),
        (State.ADMISSIBLE, Outcome.REFUSED, LATER, "Refused"),
        (State.WITHDRAWN, Outcome.APPROVED, LATER, "Withdrawn"),
    ],
)
def test_an_applicant_reads_the_state_or_what_was_published(state, outcome, at, words):
    assert str(applicant_words(application(state, outcome=outcome), at)[0]) == words
