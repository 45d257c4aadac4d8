"""The term to ask for a review, counted in Brussels across both changes of the clock; and who answers."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from portal.applications.states import Outcome, State
from portal.core.actor import Actor, Role
from portal.decisions.contesting import (
    is_contestable,
    last_day_to_ask,
    may_answer,
    problems_before_asking,
    problems_with_answer,
    problems_with_request,
    term_after,
    term_of,
)
from portal.decisions.states import DecisionState, Ground
from tests.world.time import moment

SECOND = timedelta(seconds=1)
# The notice, the last second in which a review can be asked, and that second in UTC.
TERMS = [
    ("2022-06-17T10:00", "2022-07-02T23:59:59", "2022-07-02T21:59:59"),
    ("2022-06-17T00:00", "2022-07-02T23:59:59", "2022-07-02T21:59:59"),
    ("2022-06-17T23:59:59", "2022-07-02T23:59:59", "2022-07-02T21:59:59"),
    ("2022-03-12T10:00", "2022-03-27T23:59:59", "2022-03-27T21:59:59"),  # ends on the last Sunday of March
    ("2022-03-26T23:30", "2022-04-10T23:59:59", "2022-04-10T21:59:59"),  # begins the evening before it
    ("2022-03-27T00:30", "2022-04-11T23:59:59", "2022-04-11T21:59:59"),
    ("2022-10-15T10:00", "2022-10-30T23:59:59", "2022-10-30T22:59:59"),  # ends on the last Sunday of October
    ("2022-10-29T23:30", "2022-11-13T23:59:59", "2022-11-13T22:59:59"),
    ("2022-10-30T23:30", "2022-11-14T23:59:59", "2022-11-14T22:59:59"),
    ("2023-12-20T10:00", "2024-01-04T23:59:59", "2024-01-04T22:59:59"),
]


@pytest.mark.parametrize(("notice", "last_second", "in_utc"), TERMS)
def test_the_term_runs_through_the_last_second_of_the_fifteenth_day(notice, last_second, in_utc):
    term = term_after(moment(notice), moment(last_second))
    assert (term.ends_at, term.is_open) == (moment(last_second), True)
    assert term.ends_at.replace(tzinfo=None).isoformat() == in_utc
    just_before_midnight = term.ends_at + SECOND - timedelta(microseconds=1)
    assert term_after(moment(notice), just_before_midnight).is_open, "the whole of that second counts"
    assert not term_after(moment(notice), term.ends_at + SECOND).is_open


def test_the_day_of_the_notice_does_not_count():
    assert last_day_to_ask(date(2022, 6, 17)) == date(2022, 7, 2)


def test_a_notice_just_before_midnight_in_brussels_counts_from_the_next_day_there():
    """22.30 UTC in June is half past midnight in Brussels, so it is a notice of the 18th."""
    early, late = moment("2022-06-17T23:30"), moment("2022-06-18T00:30")
    assert term_after(early, early).last_day == date(2022, 7, 2)
    assert term_after(late, late).last_day == date(2022, 7, 3)


def decision(outcome, amount="0.00", *, state=DecisionState.PUBLISHED, requested="400000.00", **facts):
    application = SimpleNamespace(requested_amount=Decimal(requested), state=facts.get("application", State.ADMISSIBLE))
    return SimpleNamespace(
        id=1,
        outcome=outcome,
        amount=Decimal(amount),
        state=state,
        application=application,
        published_at=moment("2022-06-17T10:00"),
        promoted_at=facts.get("promoted_at"),
    )


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (decision(Outcome.REFUSED), True),
        (decision(Outcome.RESERVE), True),
        (decision(Outcome.CONDITIONAL, "400000.00"), True),
        (decision(Outcome.APPROVED, "399999.99"), True),
        (decision(Outcome.APPROVED, "400000.00"), False),
        (decision(Outcome.CONDITIONAL, "400000.00", state=DecisionState.ACCEPTED), True),
        (decision(Outcome.CONDITIONAL, "400000.00", state=DecisionState.DECLINED), False),
        (decision(Outcome.CONDITIONAL, "400000.00", state=DecisionState.LAPSED), False),
        (decision(Outcome.REFUSED, application=State.WITHDRAWN), False),
    ],
)
def test_a_decision_can_be_contested_that_stands_and_gives_less_than_was_asked(found, expected):
    assert is_contestable(found) is expected


def test_a_promoted_reserve_has_a_term_from_its_promotion():
    promoted = decision(Outcome.APPROVED, "300000.00", promoted_at=moment("2022-08-01T09:00"))
    assert term_of(promoted, moment("2022-08-02T09:00")).last_day == date(2022, 8, 16)


def test_one_reason_not_to_ask_is_given_at_a_time():
    late, in_time = moment("2022-07-03T00:00"), moment("2022-07-02T23:59:59")
    refused = decision(Outcome.REFUSED)

    def codes(found, at, *, is_asked=False):
        return [each.code for each in problems_before_asking(found, term_of(found, at), is_asked=is_asked)]

    assert codes(refused, in_time) == []
    assert codes(refused, late) == ["term-ended"]
    assert codes(refused, late, is_asked=True) == ["review-asked"]
    assert codes(decision(Outcome.APPROVED, "400000.00"), in_time) == ["not-contestable"]


@pytest.mark.parametrize(
    ("length", "code"), [(49, "text-too-short"), (50, None), (5000, None), (5001, "text-too-long")]
)
def test_a_request_has_its_limits_of_length(length, code):
    assert next((each.code for each in problems_with_request("x" * length)), None) == code


@pytest.mark.parametrize(
    ("length", "code"), [(19, "text-too-short"), (20, None), (5000, None), (5001, "text-too-long")]
)
def test_an_answer_has_its_limits_of_length(length, code):
    assert next((each.code for each in problems_with_answer("x" * length)), None) == code


PREPARED, OTHER = 7, 8


def met(ground, *, takes_part=False):
    request = SimpleNamespace(ground=ground)
    return SimpleNamespace(request=request, takes_part=takes_part, involved_ids=frozenset({PREPARED}))


@pytest.mark.parametrize(
    ("person", "role", "ground", "expected"),
    [
        (OTHER, Role.CASE_OFFICER, Ground.TECHNICAL, True),
        (PREPARED, Role.CASE_OFFICER, Ground.TECHNICAL, True),
        (OTHER, Role.ADMINISTRATOR, Ground.TECHNICAL, False),
        (OTHER, Role.CASE_OFFICER, Ground.CONTENT, True),
        (OTHER, Role.ADMINISTRATOR, Ground.CONTENT, True),
        (PREPARED, Role.CASE_OFFICER, Ground.CONTENT, False),
        (PREPARED, Role.ADMINISTRATOR, Ground.CONTENT, False),
        (OTHER, Role.REVIEWER, Ground.CONTENT, False),
        (OTHER, Role.AUDITOR, Ground.CONTENT, False),
    ],
)
def test_who_answers_follows_from_the_ground(person, role, ground, expected):
    actor = Actor(person_id=person, roles=frozenset({role}))
    assert may_answer(actor, met(ground)) is expected
    assert not may_answer(actor, met(ground, takes_part=True)), "never somebody whose organisation takes part"
