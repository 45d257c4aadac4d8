"""A reviewer writes, submits, and gets a review back to change it."""

from __future__ import annotations

from portal.calls.queries import terms_of
from portal.core.advance import advance
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.digests import canonical, digest
from portal.core.errors import Problem, RuleViolation, StaleVersion, refuse_if
from portal.core.text import _l
from portal.reviewing.commands.assessing import update_assessment
from portal.reviewing.commands.guarding import (
    is_sealed_by_conflict,
    refuse_unless,
    refuse_unless_reviewed,
    require_reason,
)
from portal.reviewing.evidence import content_of
from portal.reviewing.models import Review, ReviewVersion
from portal.reviewing.queries import find_consensus, find_draft
from portal.reviewing.rules import (
    NOTHING_JUDGED,
    ReviewAnswers,
    problems_before_submitting_review,
    problems_with_answers,
    read_scores,
    review_total,
    rounded,
    write_scores,
)
from portal.reviewing.states import UNDER_WAY, ReviewAction, ReviewState

DRAFT_LEFT = Problem(
    "draft-left", _l("Something you typed is not saved yet. Save it, or throw it away, and then submit the review.")
)
_WRITTEN = frozenset({ReviewState.DRAFTING, ReviewState.REOPENED})


def save_review(ctx: Ctx, review: Review, answers: ReviewAnswers, base_version: int) -> None:
    """Store the whole review as a new version; the first save begins it. Also after ``due_on``.

    A conflict that arose meanwhile seals the review, with this text in it: look at its state. StaleVersion where it
    was saved since ``base_version``; RuleViolation for what cannot be stored; IllegalTransition unless it is under
    way and the round's results are not out.
    """
    refuse_unless(review, "save", UNDER_WAY)
    refuse_unless_reviewed(ctx, review.application)
    if base_version != review.version:
        raise StaleVersion(base_version, review.version)
    refuse_if(problems_with_answers(terms_of(review.application.round).criteria, answers))
    review.scores = write_scores(answers.scores)
    review.strengths, review.weaknesses = answers.strengths, answers.weaknesses
    review.private_note, review.confidence = answers.private_note, answers.confidence
    review.version += 1
    _forget_draft(review)
    if is_sealed_by_conflict(ctx, review):
        return
    if review.state is ReviewState.ACCEPTED:
        advance(ctx, review, ReviewAction.BEGIN)
    db.session.flush()


def submit_review(ctx: Ctx, review: Review) -> None:
    """Submit what was saved last: total, kept version, the application's figures, and consensus where it is asked.

    A conflict that arose meanwhile seals the review instead: look at its state. RuleViolation for every score, reason
    or text that misses, and while something typed is not saved yet (``draft-left``); IllegalTransition unless it is being written and the round's results are not out.
    """
    refuse_unless(review, "submit", _WRITTEN)
    refuse_unless_reviewed(ctx, review.application)
    if is_sealed_by_conflict(ctx, review):
        return
    if find_draft(review) is not None:
        raise RuleViolation([DRAFT_LEFT])
    criteria = terms_of(review.application.round).criteria
    scores = read_scores(review.scores)
    refuse_if(problems_before_submitting_review(criteria, scores, review.strengths, review.weaknesses))
    exact = review_total(scores, criteria)
    if exact is None:
        raise RuleViolation([NOTHING_JUDGED])
    review.total = rounded(exact)
    review.version += 1
    content = content_of(review)
    advance(
        ctx,
        review,
        ReviewAction.SUBMIT,
        application_id=review.application_id,
        total=review.total,
        version=review.version,
        sha256=digest(canonical(content)),
    )
    db.session.add(ReviewVersion(review_id=review.id, number=review.version, content=content, submitted_at=ctx.now))
    update_assessment(ctx, review.application)


def _forget_draft(review: Review) -> None:
    """Take the draft away: it is in what is saved now."""
    draft = find_draft(review)
    if draft is not None:
        db.session.delete(draft)


def reopen_review(ctx: Ctx, review: Review, reason: str) -> None:
    """Give a submitted review back to its reviewer; until it is submitted again it does not count.

    RuleViolation without a reason, or once a consensus was recorded that leans on it; IllegalTransition unless it is
    submitted and the round's results are not out.
    """
    require_reason(reason, _l("Say what the reviewer should look at again."))
    refuse_unless_reviewed(ctx, review.application)
    consensus = find_consensus(review.application_id)
    if consensus is not None and consensus.recorded_at is not None:
        message = _l("A consensus is recorded: the reviews it leans on no longer change.")
        raise RuleViolation([Problem("consensus-recorded", message)])
    review.reopen_reason, review.total = reason.strip(), None
    review.version += 1
    advance(ctx, review, ReviewAction.REOPEN)
    update_assessment(ctx, review.application)
