"""A review of a published decision: asked by the lead partner, withdrawn by it, or answered by the department."""

from __future__ import annotations

from datetime import timedelta

from portal.core.advance import advance
from portal.core.clock import brussels_day
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound, Problem, RuleViolation, explain_constraint, refuse_if
from portal.core.event_log import record
from portal.core.text import _l
from portal.decisions.commands.letters import freeze_answer
from portal.decisions.contesting import (
    DAYS_TO_ANSWER,
    may_answer,
    problems_before_asking,
    problems_with_answer,
    problems_with_request,
    term_of,
)
from portal.decisions.events import ReviewAsked
from portal.decisions.models import Decision, ReviewRequest
from portal.decisions.request_queries import DeskRequest, find_request
from portal.decisions.states import Ground, LetterKind, RequestAction

explain_constraint(
    "uq_review_request_decision_id",
    "review-asked",
    _l("A review of this decision was asked already. It can be asked once."),
)


def ask_review(ctx: Ctx, decision: Decision, ground: Ground, text: str) -> ReviewRequest:
    """Ask for a review of a published decision; return the request.

    What counts is the day on which it arrived (``ctx.now``). RuleViolation ``term-ended``, ``review-asked``,
    ``not-contestable``, ``text-too-short`` or ``text-too-long``.
    """
    person, words = _person(ctx), text.strip()
    is_asked = find_request(decision.id) is not None
    refuse_if(problems_before_asking(decision, term_of(decision, ctx.now), is_asked=is_asked))
    refuse_if(problems_with_request(words))
    request = ReviewRequest(
        decision_id=decision.id,
        ground=ground,
        text=words,
        asked_at=ctx.now,
        asked_by_id=person,
        answer_due_on=brussels_day(ctx.now) + timedelta(days=DAYS_TO_ANSWER),
    )
    db.session.add(request)
    db.session.flush()
    event = ReviewAsked(application_id=decision.application_id, review_request_id=request.id, code=str(request.ground))
    record(ctx, event)
    return request


def withdraw_review(ctx: Ctx, request: ReviewRequest) -> None:
    """Withdraw a request for review for good. IllegalTransition where it was answered or withdrawn."""
    advance(ctx, request, RequestAction.WITHDRAW, application_id=request.decision.application_id)


def answer_review(ctx: Ctx, found: DeskRequest, *, is_upheld: bool, answer: str) -> None:
    """Uphold or dismiss a request for review, with the reasons. The decision itself stays as it was published.

    IllegalTransition where it was answered or withdrawn; RuleViolation ``not-answerable`` for somebody who had a hand
    in the decision or whose organisation takes part, ``text-too-short`` or ``text-too-long``.
    """
    person, request = _person(ctx), found.request
    if not may_answer(ctx.actor, found):
        message = _l("You took part in this decision or in its round. Somebody else answers the request.")
        raise RuleViolation([Problem("not-answerable", message)])
    refuse_if(problems_with_answer(answer.strip()))
    request.answer, request.answered_by_id = answer.strip(), person
    action = RequestAction.UPHOLD if is_upheld else RequestAction.DISMISS
    advance(ctx, request, action, application_id=request.decision.application_id)
    freeze_answer(ctx, request, LetterKind.UPHELD if is_upheld else LetterKind.DISMISSED)


def _person(ctx: Ctx) -> int:
    if ctx.actor.person_id is None:
        raise NotFound
    return ctx.actor.person_id
