"""A reviewer answers an invitation, or declares a conflict of interest, early or late."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.advance import advance
from portal.core.clock import brussels_day
from portal.core.context import Ctx
from portal.core.errors import Problem, RuleViolation
from portal.core.text import _l
from portal.reviewing.commands.assessing import update_assessment
from portal.reviewing.commands.guarding import (
    is_sealed_by_conflict,
    refuse_unless,
    refuse_unless_reviewed,
    require_reason,
    seal,
    settle,
)
from portal.reviewing.conflicts import Evidence
from portal.reviewing.models import Review
from portal.reviewing.pool import has_declared
from portal.reviewing.rules import is_expired
from portal.reviewing.states import COUNTED, ConflictAction, ConflictKind, ReviewAction, ReviewState

EXPIRED = Problem(
    "invitation-expired", _l("The last day to answer this invitation is past. The case officer can ask somebody else.")
)
UNDECLARED = Problem(
    "declaration-missing",
    _l("Sign this year’s declaration of independence and confidentiality first."),
)


@dataclass(frozen=True, slots=True)
class Replacement:
    """Whom somebody who declines suggests instead: for the case officer, who decides whether to ask."""

    name: str = ""
    email: str = ""
    note: str = ""


def accept_review(ctx: Ctx, review: Review) -> None:
    """Accept the invitation. A conflict that arose since the assignment seals the review instead: look at its state.

    IllegalTransition unless it is an open invitation of a round whose results are not out; RuleViolation once its last
    day is past (invitation-expired), or without this year's declaration (declaration-missing).
    """
    refuse_unless(review, "accept", frozenset({ReviewState.INVITED}))
    refuse_unless_reviewed(ctx, review.application)
    if is_expired(review, brussels_day(ctx.now)):
        raise RuleViolation([EXPIRED])
    if not has_declared(review.reviewer_id, ctx.now):
        raise RuleViolation([UNDECLARED])
    if not is_sealed_by_conflict(ctx, review):
        advance(ctx, review, ReviewAction.ACCEPT)


def decline_review(ctx: Ctx, review: Review, reason: str, replacement: Replacement | None = None) -> None:
    """Decline the invitation or give the review back; ``reason`` and ``replacement`` are for the case officer.

    RuleViolation without a reason; IllegalTransition once it was submitted, declined, expired or sealed, or results
    are out.
    """
    refuse_unless_reviewed(ctx, review.application)
    require_reason(reason, _l("Say why you decline, so that the case officer can ask somebody else."))
    review.decline_reason = reason.strip()
    if replacement is not None:
        review.replacement_name, review.replacement_email = replacement.name, replacement.email
        review.replacement_note = replacement.note
    advance(ctx, review, ReviewAction.DECLINE)
    update_assessment(ctx, review.application)


def declare_conflict(ctx: Ctx, review: Review, explanation: str) -> None:
    """Declare a conflict of interest: an invitation is declined, anything further is sealed and leaves the figures.

    The person is blocked from this application from now on. RuleViolation without an explanation; IllegalTransition
    for a review that was declined or sealed before, and once results are out: published figures no longer change.
    """
    refuse_unless_reviewed(ctx, review.application)
    require_reason(explanation, _l("Describe the conflict of interest."), "explanation")
    refuse_unless(review, "declare-conflict", COUNTED)
    declared = Evidence(ConflictKind.DECLARED, None, None, None, explanation.strip())
    settle(ctx, review.application_id, review.reviewer_id, declared, ConflictAction.CONFIRM)
    if review.state is ReviewState.INVITED:
        decline_review(ctx, review, explanation)
    else:
        seal(ctx, review, reason=explanation.strip())
