"""Until when an application can be handed in: the round's deadline, or its own where it was given more time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from portal.applications.states import NOT_SUBMITTED, OUTCOME_WORDS, WORKFLOW, State
from portal.calls.rules import BRUSSELS
from portal.calls.states import RoundState
from portal.core.errors import Problem
from portal.core.text import Msg, _l
from portal.core.workflow import Tone, Words

if TYPE_CHECKING:
    from portal.applications.models import Application


def closes_at_for(application: Application) -> datetime:
    """Return the last moment at which the application is in time: whichever is later of the round's and its own.

    A round that moves its deadline beyond an extension takes the extended application along.
    """
    closes_at, own = application.round.closes_at, application.extended_until
    return closes_at if own is None else max(closes_at, own)


def is_not_submitted(application: Application, at: datetime) -> bool:
    """Return whether it was never handed in and no longer can be: derived, so that an extension takes it back."""
    return application.state is State.DRAFT and at > closes_at_for(application)


def staff_words(application: Application, at: datetime) -> Words:
    """Return the words of the application's own state, for the department; *not submitted* is derived."""
    return NOT_SUBMITTED if is_not_submitted(application, at) else WORKFLOW.words[application.state]


def applicant_words(application: Application, at: datetime) -> tuple[Msg, Tone]:
    """Return what an applicant reads of an application at ``at``: a published outcome, or else its state."""
    if application.outcome is not None and application.state is not State.WITHDRAWN:
        words = OUTCOME_WORDS[application.outcome]
    else:
        words = staff_words(application, at)
    return words.applicant, words.tone


class Nearness(StrEnum):
    """How near the deadline is, where that must be said on every page."""

    DAY = "day"
    HOUR = "hour"
    MINUTES = "minutes"


_WITHIN = (
    (Nearness.MINUTES, timedelta(minutes=10)),
    (Nearness.HOUR, timedelta(hours=1)),
    (Nearness.DAY, timedelta(hours=24)),
)

NEAR_WORDS: dict[Nearness, Msg] = {
    Nearness.DAY: _l("Less than a day left to submit this application."),
    Nearness.HOUR: _l("Less than an hour left to submit this application. What arrives in time counts, to the second."),
    Nearness.MINUTES: _l("Less than ten minutes left. Save what you have, and submit now."),
}
OVER_WORDS = _l("The deadline has passed: this application can no longer be submitted.")


def nearness(closes_at: datetime, at: datetime) -> Nearness | None:
    """Return how near a deadline that lies ahead is at ``at``; None while it is more than a day away, or over."""
    left = closes_at - at
    if left < timedelta(0):
        return None
    return next((near for near, span in _WITHIN if left <= span), None)


def problems_before_extending(application: Application, until: datetime, at: datetime) -> Iterator[Problem]:
    """Yield why this application cannot be given until ``until``: the round is over, or the moment does not fit."""
    round_, programme = application.round, application.round.call.programme
    if round_.state != RoundState.ANNOUNCED or at < round_.opens_at:
        yield Problem("round-not-open", _l("This round has not opened, or was cancelled."))
    elif round_.results_published_at is not None:
        yield Problem("results-published", _l("The results of this round are published: nothing can be handed in."))
    elif until <= at:
        yield Problem("deadline-in-the-past", _l("The new deadline lies in the past."), "closes_at")
    elif until <= closes_at_for(application):
        message = _l(
            "This application can be handed in until %(closes_at)s already. Choose a later moment.",
            closes_at=closes_at_for(application),
        )
        yield Problem("not-later", message, "closes_at")
    elif until.astimezone(BRUSSELS).date() > programme.ends_on:
        message = _l("The programme ends on %(day)s: no round may close after that.", day=programme.ends_on)
        yield Problem("closes-after-programme", message, "closes_at")
