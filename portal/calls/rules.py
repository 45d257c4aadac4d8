"""Phases, periods, and what must hold before a round is announced or its deadline moved."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from portal.calls.states import Phase, RoundState
from portal.core.errors import Problem
from portal.core.money import ZERO
from portal.core.text import _l
from portal.places.provinces import PROVINCES

if TYPE_CHECKING:
    from portal.calls.definitions import CallDefinition
    from portal.calls.form_definitions import FormDefinition
    from portal.calls.models import Programme, Round

ONE_DAY = timedelta(days=1)
BRUSSELS = ZoneInfo("Europe/Brussels")
PROVINCE_FIELD = "province-"


def phase(round_: Round, at: datetime) -> Phase:
    """Return where the round stands at ``at``. In time means up to and including ``closes_at``, to the microsecond."""
    if round_.state == RoundState.CANCELLED:
        return Phase.CANCELLED
    if round_.state == RoundState.DRAFT:
        return Phase.DRAFT
    if at < round_.opens_at:
        return Phase.COMING
    if at <= round_.closes_at:
        return Phase.OPEN
    if round_.results_published_at is not None:
        return Phase.RESULTS
    return Phase.IN_REVIEW if round_.in_review_at is not None else Phase.CLOSED


def is_open(round_: Round, at: datetime) -> bool:
    """Return whether an application that arrived at ``at`` is in time."""
    return phase(round_, at) is Phase.OPEN


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later; the last day of a month that is too short for it."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(start: date, months: int) -> date:
    """Return the last day of a period of ``months``: both its days count, so it ends on start + n months − 1 day."""
    return add_months(start, months) - ONE_DAY


def lasts_at_least(start: date, end: date, months: int) -> bool:
    """Return whether start to end, both days counted, is ``months`` or longer (2023-01-01 to 2024-12-31 is 24)."""
    return end >= last_day(start, months)


def lasts_at_most(start: date, end: date, months: int) -> bool:
    """Return whether start to end, both days counted, is ``months`` or shorter (2022-02-01 to 2022-05-31 is 4)."""
    return end <= last_day(start, months)


def minimum_months(round_: Round, terms: CallDefinition) -> int | None:
    """Return the minimum duration: the round's own, else its call's."""
    return round_.own_minimum_months or terms.minimum_months


def latest_end(round_: Round, terms: CallDefinition, programme: Programme) -> date:
    """Return the last day a project may have: the round's own, else its call's, else its programme's."""
    return round_.own_latest_end_on or terms.latest_end_on or programme.ends_on


def earliest_start(round_: Round) -> date:
    """Return the first day a project may have: the day after the decision is due, and not before the round says."""
    return max(round_.decision_due_on + ONE_DAY, round_.projects_start_on)


def problems_before_announcing(
    round_: Round, terms: CallDefinition, programme: Programme, others: Iterable[Round], at: datetime
) -> Iterator[Problem]:
    """Yield everything that keeps the round from being announced; the page shows the same list as a checklist."""
    if round_.opens_at <= at:
        yield Problem("opens-in-the-past", _l("The round opens in the past. Choose a later opening."), "opens_at")
    yield from problems_with_dates(round_, terms, programme)
    for other in others:
        if other.opens_at < round_.closes_at and round_.opens_at < other.closes_at:
            yield overlap(other.code)


def overlap(code: str) -> Problem:
    """Return the problem of a round that overlaps the round ``code`` of its call."""
    return Problem("round-overlaps", _l("The round overlaps round %(code)s of this call.", code=code), "opens_at")


def problems_with_dates(round_: Round, terms: CallDefinition, programme: Programme) -> Iterator[Problem]:
    """Yield what is wrong with a round's dates against its call and programme."""
    if round_.closes_at <= round_.opens_at:
        yield Problem("closes-before-opening", _l("The round must close after it opens."), "closes_at")
    if round_.closes_at.astimezone(BRUSSELS).date() > programme.ends_on:
        yield Problem(
            "closes-after-programme",
            _l("The programme ends on %(day)s: no round may close after that.", day=programme.ends_on),
            "closes_at",
        )
    if round_.decision_due_on <= round_.closes_at.astimezone(BRUSSELS).date():
        yield Problem("decision-before-closing", _l("The decision is due after the round closes."), "decision_due_on")
    if round_.projects_start_on <= round_.decision_due_on:
        yield Problem(
            "start-before-decision", _l("Projects start after the day the decision is due."), "projects_start_on"
        )
    yield from _problems_with_exceptions(round_, terms, programme)


def _problems_with_exceptions(round_: Round, terms: CallDefinition, programme: Programme) -> Iterator[Problem]:
    months = minimum_months(round_, terms)
    end = latest_end(round_, terms, programme)
    if months is not None and not lasts_at_least(earliest_start(round_), end, months):
        yield Problem(
            "too-little-time",
            _l(
                "A project that starts on %(start)s cannot last %(months)s months before %(end)s. "
                "Choose earlier dates, or give the round its own minimum duration with a public reason.",
                start=earliest_start(round_),
                months=months,
                end=end,
            ),
            "decision_due_on",
        )
    elif earliest_start(round_) > end:
        yield Problem(
            "no-time-left",
            _l(
                "Projects could only start on %(start)s, and must end by %(end)s.",
                start=earliest_start(round_),
                end=end,
            ),
            "decision_due_on",
        )
    if round_.own_latest_end_on is not None and not terms.round_may_extend_end:
        yield Problem(
            "end-not-extendable", _l("This call does not let a round set its own latest end."), "own_latest_end_on"
        )
    has_exception = round_.own_minimum_months is not None or round_.own_latest_end_on is not None
    if has_exception and not round_.exception_reason:
        yield Problem(
            "exception-without-reason",
            _l("Give the reason for the exception: it stands on the round's public page."),
            "exception_reason",
        )


def problems_with_budgets(round_: Round, form: FormDefinition | None) -> Iterator[Problem]:
    """Yield what is wrong with the budgets that a round sets apart for provinces; ``form`` is its call's, if it has one."""
    budgets = round_.province_budgets
    for code, amount in budgets.items():
        if amount > round_.budget_amount:
            message = _l("A province gets at most the budget of the round, %(budget)s.", budget=round_.budget_amount)
            yield Problem("province-above-round", message, province_field(code))
    shared_out = sum(budgets.values(), ZERO)
    if len(budgets) == len(PROVINCES) and shared_out < round_.budget_amount:
        message = _l(
            "The provinces together get %(sum)s: the rest of the %(budget)s could never be awarded. "
            "Give them more, or leave one of them open.",
            sum=shared_out,
            budget=round_.budget_amount,
        )
        yield Problem("provinces-below-round", message, "budget_amount")
    if budgets and form is not None and form.area_question is None:
        message = _l("The form of this call asks no service area, so no application counts for a province.")
        yield Problem("province-unknown", message, province_field(next(iter(budgets))))


def province_field(code: str) -> str:
    """Return the name of the field with the budget of the province of this code."""
    return f"{PROVINCE_FIELD}{code}"


def moved_decision(round_: Round, closes_at: datetime) -> date:
    """Return the decision date that moves along with the deadline: as many days later or earlier."""
    old = round_.closes_at.astimezone(BRUSSELS).date()
    return round_.decision_due_on + (closes_at.astimezone(BRUSSELS).date() - old)


def problems_before_moving(round_: Round, closes_at: datetime, at: datetime) -> Iterator[Problem]:
    """Yield why the deadline cannot move to ``closes_at``: what was promised is never taken away in the past."""
    if phase(round_, at) not in (Phase.COMING, Phase.OPEN):
        yield Problem("round-closed", _l("This round is closed: its deadline stands."), "closes_at")
    elif closes_at <= at.astimezone(UTC):
        yield Problem("deadline-in-the-past", _l("The new deadline lies in the past."), "closes_at")
    elif closes_at == round_.closes_at:
        yield Problem("deadline-the-same", _l("This is the deadline already."), "closes_at")
