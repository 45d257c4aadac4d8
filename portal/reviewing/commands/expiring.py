"""Invitations that nobody answered in time: they expire, and the next alternate is asked."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from portal.applications.models import Application
from portal.applications.states import State
from portal.calls.models import Round
from portal.calls.queries import terms_of
from portal.core.advance import advance
from portal.core.clock import brussels_day
from portal.core.context import Ctx
from portal.core.db import db
from portal.reviewing.commands.assessing import update_assessment
from portal.reviewing.commands.assigning import assign_reviewer, lock_application, problems_with_reviewer
from portal.reviewing.models import Review
from portal.reviewing.pool import list_alternates, reviewers_of
from portal.reviewing.pool_models import ReviewAlternate
from portal.reviewing.queries import get_review, list_reviews
from portal.reviewing.rules import is_expired, is_under_review
from portal.reviewing.states import COUNTED, ReviewAction, ReviewState


def expire_invitations(ctx: Ctx) -> int:
    """Let every invitation expire whose last day is past, and ask an alternate for each; return how many expired.

    What is no longer under review is left as it is: published figures do not change.
    """
    stmt = (
        sa.select(Review.id)
        .join(Application, Application.id == Review.application_id)
        .join(Round, Round.id == Review.round_id)
        .where(
            Review.state == ReviewState.INVITED,
            Review.answer_due_on < brussels_day(ctx.now),
            Application.state == State.ADMISSIBLE,
            Round.results_published_at.is_(None),
        )
        .order_by(Review.id)
    )
    return sum(expire_invitation(ctx, get_review(each, lock=True)) for each in db.session.scalars(stmt).all())


def expire_invitation(ctx: Ctx, review: Review) -> bool:
    """Let one invitation expire and ask the next alternate; return whether it did: somebody may have answered first.

    ``review`` is loaded with its lock.
    """
    application = review.application
    if review.state is not ReviewState.INVITED or not is_expired(review, brussels_day(ctx.now)):
        return False
    lock_application(application)
    if not is_under_review(application, ctx.now):
        return False
    following = _ask_next(ctx, review)
    advance(ctx, review, ReviewAction.EXPIRE, next_review_id=following.id if following else None)
    update_assessment(ctx, application)
    return True


def _ask_next(ctx: Ctx, expired: Review) -> Review | None:
    """Invite the first alternate who can be asked, with as many days as the first had; None where nobody is needed or left.

    Everything is looked at anew: role, conflicts, whether they were asked meanwhile, load and absence.
    """
    application = expired.application
    standing = [each for each in list_reviews(application.id) if each.state in COUNTED and each.id != expired.id]
    if len(standing) >= terms_of(application.round).reviewers_per_application:
        return None
    due_on, answer_due_on = _same_term(ctx, expired)
    for each in list_alternates(application.id):
        if _can_be_asked(ctx, application, each, due_on):
            return assign_reviewer(ctx, application, each.person, due_on, answer_due_on, asked_by_id=each.listed_by_id)
    return None


def _same_term(ctx: Ctx, expired: Review) -> tuple[date, date]:
    today, invited_on = brussels_day(ctx.now), brussels_day(expired.invited_at)
    answer_due_on = expired.answer_due_on or expired.due_on
    return today + (expired.due_on - invited_on), today + (answer_due_on - invited_on)


def _can_be_asked(ctx: Ctx, application: Application, alternate: ReviewAlternate, due_on: date) -> bool:
    if any(problems_with_reviewer(application, alternate.person)):
        return False
    (reviewer,) = reviewers_of([alternate.person], ctx.now, round_id=application.round_id)
    return not reviewer.is_full and not reviewer.is_away(due_on)
