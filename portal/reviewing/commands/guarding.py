"""What is looked at again, after the lock, before anything happens to a review: time, state and conflicts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.applications.models import Application
from portal.applications.states import State
from portal.calls.rules import phase
from portal.core.advance import advance
from portal.core.context import Ctx
from portal.core.db import db, find_one
from portal.core.errors import IllegalTransition, Problem, RuleViolation
from portal.core.event_log import record
from portal.core.text import Msg
from portal.reviewing.commands.assessing import update_assessment
from portal.reviewing.conflicts import Evidence, find_conflicts
from portal.reviewing.events import ConflictFound
from portal.reviewing.models import Conflict, Review
from portal.reviewing.rules import is_under_review
from portal.reviewing.states import ConflictAction, ReviewAction, ReviewState


def refuse_unless_reviewed(ctx: Ctx, application: Application) -> None:
    """Raise IllegalTransition unless the application is admissible, its round has closed and its results are not out."""
    if is_under_review(application, ctx.now):
        return
    if application.state is not State.ADMISSIBLE:
        raise IllegalTransition("application", "review", str(application.state))
    round_ = application.round
    raise IllegalTransition("round", "review", str(phase(round_, ctx.now)), round_.results_published_at)


def refuse_unless(review: Review, action: str, states: frozenset[ReviewState]) -> None:
    """Raise IllegalTransition, with the moment, unless the review is in one of ``states``."""
    if review.state not in states:
        raise IllegalTransition("review", action, str(review.state), getattr(review, f"{review.state}_at", None))


def require_reason(reason: str, message: Msg, field: str = "reason") -> None:
    """Raise RuleViolation (reason-missing) where nothing was written."""
    if not reason.strip():
        raise RuleViolation([Problem("reason-missing", message, field)])


def is_sealed_by_conflict(ctx: Ctx, review: Review) -> bool:
    """Seal the review when a conflict has arisen since it was assigned; return whether it did.

    Nothing is raised: a refusal would roll the seal back. What was written stays in the row, unread and uncounted.
    """
    found = find_conflicts(review.application, [review.reviewer_id]).get(review.reviewer_id, ())
    for evidence in {each.kind: each for each in found}.values():
        settle(ctx, review.application_id, review.reviewer_id, evidence, ConflictAction.CONFIRM)
    if found:
        seal(ctx, review, reason=None)
    return bool(found)


def seal(ctx: Ctx, review: Review, *, reason: str | None) -> None:
    """Take the review out of the figures; a consensus its author took part in is opened again."""
    was_counted = review.state is ReviewState.SUBMITTED
    review.seal_reason = reason
    review.version += 1  # a form that is still open elsewhere has become stale
    advance(ctx, review, ReviewAction.SEAL)
    update_assessment(ctx, review.application, void_consensus=was_counted)


def settle(
    ctx: Ctx,
    application_id: int,
    person_id: int,
    evidence: Evidence,
    action: ConflictAction,
    *,
    sha256: str = "",
    reason: str = "",
) -> Conflict:
    """Take ``action`` on one kind of conflict of a person, with its event; what was not stored before is found first.

    ``evidence`` is kept in the row, ``sha256`` the digest of all that was decided on. IllegalTransition where the
    workflow has no such move.
    """
    kind = evidence.kind
    facts: dict[str, Any] = {"application_id": application_id, "person_id": person_id, "kind": str(kind)}
    stmt = sa.select(Conflict).where(
        Conflict.application_id == application_id, Conflict.person_id == person_id, Conflict.kind == kind
    )
    conflict = find_one(stmt.with_for_update(key_share=True).execution_options(populate_existing=True))
    if conflict is None:
        conflict = Conflict(application_id=application_id, person_id=person_id, kind=kind, found_at=ctx.now)
        db.session.add(conflict)
        db.session.flush()
        record(ctx, ConflictFound(conflict_id=conflict.id, **facts))
    conflict.organisation_id, conflict.explanation = evidence.organisation_id, evidence.explanation
    conflict.evidence_sha256, conflict.reason = sha256, reason.strip()
    conflict.decided_at, conflict.decided_by_id = ctx.now, ctx.actor.person_id
    advance(ctx, conflict, action, sha256=sha256, **facts)
    return conflict
