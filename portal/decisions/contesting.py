"""Asking for a review of a published decision: of which, until when, on what terms, and who answers. Pure.

The term is fifteen calendar days, counted in Brussels from the day after the notice, through 23:59:59 of the last one
(ESF practice, domain page §3). Days are compared, not hours, so that a change to summer or winter time moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from portal.applications.states import Outcome, State
from portal.calls.rules import BRUSSELS
from portal.core.actor import Actor, Role
from portal.core.errors import Problem
from portal.core.text import _l
from portal.decisions.states import DecisionState, Ground

if TYPE_CHECKING:
    from portal.decisions.models import Decision
    from portal.decisions.request_queries import DeskRequest

DAYS_TO_ASK = 15
DAYS_TO_ANSWER = 30  # ours: no source gives a term for the department
SHORTEST, LONGEST = 50, 5000  # characters of what is asked
SHORTEST_ANSWER, LONGEST_ANSWER = 20, 5000
_ADVERSE = frozenset({Outcome.REFUSED, Outcome.RESERVE, Outcome.CONDITIONAL})
_STANDS = frozenset({DecisionState.PUBLISHED, DecisionState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Term:
    """Until when a review can be asked: ``ends_at`` is the last second of ``last_day`` in Brussels (aware, UTC)."""

    last_day: date
    ends_at: datetime
    is_open: bool


def last_day_to_ask(notice_on: date) -> date:
    """Return the last day to ask for a review of a decision that was told on ``notice_on``."""
    return notice_on + timedelta(days=DAYS_TO_ASK)


def term_after(notice_at: datetime, at: datetime) -> Term:
    """Return the term that a notice at ``notice_at`` gives, as it stands for what arrives at ``at``."""
    last_day = last_day_to_ask(_brussels_day(notice_at))
    ends_at = datetime.combine(last_day, time(23, 59, 59), BRUSSELS).astimezone(UTC)
    return Term(last_day, ends_at, _brussels_day(at) <= last_day)


def term_of(decision: Decision, at: datetime) -> Term:
    """Return the term of a published decision. A reserve's promotion is a decision of its own, told on its own day."""
    notice_at = decision.promoted_at or decision.published_at
    if notice_at is None:
        raise ValueError(f"decision {decision.id} is not published")
    return term_after(notice_at, at)


def is_contestable(decision: Decision) -> bool:
    """Return whether a review can be asked: the decision stands, and gives less than the application asks for."""
    application = decision.application
    gives_less = decision.outcome in _ADVERSE or decision.amount < (application.requested_amount or 0)
    return decision.state in _STANDS and application.state == State.ADMISSIBLE and gives_less


def problems_before_asking(decision: Decision, term: Term, *, is_asked: bool) -> Iterator[Problem]:
    """Yield why no review of the decision can be asked now; the page shows the same."""
    if is_asked:
        message = _l("A review of this decision was asked already. It can be asked once.")
        yield Problem("review-asked", message)
    elif not is_contestable(decision):
        message = _l("This decision gives what was asked, or stands no more: there is nothing to review.")
        yield Problem("not-contestable", message)
    elif not term.is_open:
        message = _l("A review could be asked through %(day)s, 23:59:59, Brussels time.", day=term.last_day)
        yield Problem("term-ended", message)


def problems_with_request(text: str) -> Iterator[Problem]:
    """Yield what is wrong with the text of a request, stripped."""
    yield from _problems_with_length(text, SHORTEST, LONGEST, "text")


def problems_with_answer(text: str) -> Iterator[Problem]:
    """Yield what is wrong with the reasons of an answer, stripped."""
    yield from _problems_with_length(text, SHORTEST_ANSWER, LONGEST_ANSWER, "answer")


def _problems_with_length(text: str, shortest: int, longest: int, field: str) -> Iterator[Problem]:
    if len(text) < shortest:
        message = _l("Write at least %(limit)s characters; these are %(length)s.", limit=shortest, length=len(text))
        yield Problem("text-too-short", message, field)
    elif len(text) > longest:
        message = _l("Write at most %(limit)s characters; these are %(length)s.", limit=longest, length=len(text))
        yield Problem("text-too-long", message, field)


def may_answer(actor: Actor, found: DeskRequest) -> bool:
    """Return whether the actor answers this request.

    A case officer answers a technical error. The content is answered by a case officer or administrator who neither
    judged the application nor prepared, changed, confirmed or published the decision. Nobody answers whose organisation
    takes part in the round.
    """
    if found.takes_part:
        return False
    if found.request.ground is Ground.TECHNICAL:
        return actor.has(Role.CASE_OFFICER)
    return actor.has(Role.CASE_OFFICER, Role.ADMINISTRATOR) and actor.person_id not in found.involved_ids


def _brussels_day(at: datetime) -> date:
    return at.astimezone(BRUSSELS).date()
