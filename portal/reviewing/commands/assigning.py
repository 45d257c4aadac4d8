"""A case officer asks reviewers, and takes them off again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.applications.models import Application
from portal.calls.commands.told import mark_in_review
from portal.calls.queries import get_round
from portal.core.actor import Role
from portal.core.clock import brussels_day
from portal.core.context import Ctx
from portal.core.db import db, find_one
from portal.core.errors import Problem, explain_constraint, refuse_if
from portal.core.event_log import record
from portal.core.text import _l
from portal.reviewing.commands.assessing import open_assessment, update_assessment
from portal.reviewing.commands.guarding import refuse_unless_reviewed, require_reason, seal
from portal.reviewing.conflict_words import why
from portal.reviewing.conflicts import Evidence, by_state, find_cases
from portal.reviewing.events import ReviewerInvited
from portal.reviewing.models import Review
from portal.reviewing.rules import is_independent
from portal.reviewing.states import ConflictState

_TWICE = _l("This reviewer was asked before for this application.")
explain_constraint("uq_review_application_id_reviewer_id", "already-assigned", _TWICE, "reviewer")

ANSWER_TERM = timedelta(days=7)


def assign_reviewer(
    ctx: Ctx,
    application: Application,
    reviewer: Person,
    due_on: date,
    answer_due_on: date | None = None,
    *,
    asked_by_id: int | None = None,
) -> Review:
    """Invite ``reviewer`` to review the application by ``due_on`` (a reminder, not a deadline).

    It can be answered through ``answer_due_on`` (a week, or until ``due_on``); ``asked_by_id`` is the case officer on
    whose behalf the portal asks. ``application`` comes with its round; its first review tells that reviewing began.
    IllegalTransition unless the application is admissible and its round closed and unpublished; RuleViolation with
    not-a-reviewer, not-independent, already-assigned, due-in-the-past, answer-due-in-the-past,
    answer-due-after-review, one of ``conflict-<kind>`` for what blocks, or conflict-open for what waits for a judgement.
    """
    answer_due_on = answer_due_on or min(brussels_day(ctx.now) + ANSWER_TERM, due_on)
    lock_application(application)
    refuse_unless_reviewed(ctx, application)
    refuse_if([*_problems_with_days(ctx, due_on, answer_due_on), *problems_with_reviewer(application, reviewer)])
    if application.round.in_review_at is None:
        mark_in_review(ctx, get_round(application.round.code, lock=True))
    open_assessment(ctx, application)
    review = Review(
        application=application,
        round_id=application.round_id,
        reviewer=reviewer,
        invited_at=ctx.now,
        invited_by_id=asked_by_id or ctx.actor.person_id,
        due_on=due_on,
        answer_due_on=answer_due_on,
        scores={},
        version=0,
    )
    db.session.add(review)
    db.session.flush()
    record(ctx, ReviewerInvited(review_id=review.id, application_id=application.id, due_on=due_on))
    update_assessment(ctx, application)
    return review


def take_off(ctx: Ctx, review: Review, reason: str) -> None:
    """Take the reviewer off: the review is sealed as it stands, the figures are brought up to date.

    RuleViolation without a reason; IllegalTransition for one that was declined or sealed, or once results are out.
    """
    require_reason(reason, _l("Say why this reviewer is taken off."))
    refuse_unless_reviewed(ctx, review.application)
    seal(ctx, review, reason=reason.strip())


def lock_application(application: Application) -> None:
    """Hold the application against a second assignment or a withdrawal, and read its state anew."""
    stmt = sa.select(Application.id).where(Application.id == application.id).with_for_update(key_share=True)
    db.session.execute(stmt)
    db.session.refresh(application, ["state"])


def _problems_with_days(ctx: Ctx, due_on: date, answer_due_on: date) -> Iterator[Problem]:
    today = brussels_day(ctx.now)
    if due_on <= today:
        yield Problem("due-in-the-past", _l("Choose a day that lies ahead."), "due_on")
    elif answer_due_on < today:
        yield Problem("answer-due-in-the-past", _l("Choose today or a day that lies ahead."), "answer_due_on")
    elif answer_due_on > due_on:
        message = _l("The answer is due at the latest on the day the review is.")
        yield Problem("answer-due-after-review", message, "answer_due_on")


def problems_with_reviewer(application: Application, reviewer: Person, *, field: str = "reviewer") -> Iterator[Problem]:
    """Yield why ``reviewer`` cannot be asked for the application, looked at anew: role, asked before, conflicts."""
    if Role.REVIEWER not in reviewer.roles:
        yield Problem("not-a-reviewer", _l("%(name)s is no reviewer.", name=reviewer.name), field)
    elif not is_independent(reviewer.roles):
        message = _l("%(name)s works for the department and reviews no application.", name=reviewer.name)
        yield Problem("not-independent", message, field)
    asked = sa.select(Review).where(Review.application_id == application.id, Review.reviewer_id == reviewer.id)
    if find_one(asked) is not None:
        yield Problem("already-assigned", _TWICE, field)
    cases = find_cases(application, [reviewer.id])
    blocking = by_state(cases, ConflictState.CONFIRMED).get(reviewer.id, ())
    yield from conflict_problems(reviewer, blocking, field=field)
    if Role.REVIEWER in reviewer.roles and not blocking:
        open_ones = by_state(cases, ConflictState.CANDIDATE).get(reviewer.id, ())
        yield from open_problems(reviewer, application, open_ones, field=field)


def conflict_problems(person: Person, conflicts: Iterable[Evidence], *, field: str = "reviewer") -> Iterator[Problem]:
    """Yield one problem per conflict, with its evidence, at ``field``."""
    for each in conflicts:
        yield Problem(each.code, why(person.name, each), field)


def open_problems(
    person: Person, application: Application, evidence: Iterable[Evidence], *, field: str = "reviewer"
) -> Iterator[Problem]:
    """Yield one problem (conflict-open) per piece of evidence that waits for a judgement, with the page to judge it on."""
    for each in evidence:
        page = f"/desk/dossiers/{application.reference}/conflicts/{person.id}/{each.kind}"
        yield Problem("conflict-open", why(person.name, each), field, page)
