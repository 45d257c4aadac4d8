"""A reviewer answers an invitation, or declares a conflict of interest, early or late."""

from __future__ import annotations

from portal.core.advance import advance
from portal.core.context import Ctx
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
from portal.reviewing.states import COUNTED, ConflictAction, ConflictKind, ReviewAction, ReviewState


def accept_review(ctx: Ctx, review: Review) -> None:
    """Accept the invitation. A conflict that arose since the assignment seals the review instead: look at its state.

    IllegalTransition unless it is an open invitation of a round whose results are not out.
    """
    refuse_unless(review, "accept", frozenset({ReviewState.INVITED}))
    refuse_unless_reviewed(ctx, review.application)
    if not is_sealed_by_conflict(ctx, review):
        advance(ctx, review, ReviewAction.ACCEPT)


def decline_review(ctx: Ctx, review: Review, reason: str) -> None:
    """Decline the invitation or give the review back; ``reason`` is for the case officer.

    RuleViolation without a reason; IllegalTransition once it was submitted, declined or sealed, or results are out.
    """
    refuse_unless_reviewed(ctx, review.application)
    require_reason(reason, _l("Say why you decline, so that the case officer can ask somebody else."))
    review.decline_reason = reason.strip()
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
