"""What is decided about conflicts of interest: confirmed, dismissed, waived; and who advised a partnership."""

from __future__ import annotations

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.applications.models import Application
from portal.calls.rules import phase
from portal.core.context import Ctx
from portal.core.db import db, find_one
from portal.core.errors import IllegalTransition, Problem, RuleViolation, explain_constraint, refuse_if
from portal.core.event_log import record
from portal.core.text import _l
from portal.partnerships.models import Partnership
from portal.reviewing.commands.guarding import require_reason, seal, settle
from portal.reviewing.conflicts import Case
from portal.reviewing.events import AdviceRecorded
from portal.reviewing.models import Advice, Review
from portal.reviewing.rules import problems_with_judging, problems_with_waiving
from portal.reviewing.states import COUNTED, ConflictAction

_TWICE = _l("It is recorded already that this person advised the partnership.")
explain_constraint("uq_advice_partnership_id_person_id", "advice-recorded", _TWICE, "reviewer")
_REASON = _l("Give the reason: it is kept with the decision.")


def confirm_conflict(ctx: Ctx, application: Application, case: Case, reason: str) -> None:
    """Confirm a conflict: the person is blocked from this application, and a review of theirs is sealed.

    ``application`` comes with its round. RuleViolation without a reason, or for a kind that blocks by itself;
    IllegalTransition once results are out, or where it was confirmed before.
    """
    _refuse_unless_open(ctx, application)
    require_reason(reason, _REASON)
    refuse_if(problems_with_judging(case.kind))
    settle(
        ctx, application.id, case.person_id, case.evidence[0], ConflictAction.CONFIRM, sha256=case.sha256, reason=reason
    )
    stmt = sa.select(Review).where(Review.application_id == application.id, Review.reviewer_id == case.person_id)
    review = find_one(stmt.with_for_update(key_share=True).execution_options(populate_existing=True))
    if review is not None and review.state in COUNTED:
        review.application = application
        seal(ctx, review, reason=reason.strip())


def dismiss_conflict(ctx: Ctx, application: Application, case: Case, reason: str) -> None:
    """Dismiss a candidate: it stays dismissed until its evidence changes. Refusals as for ``confirm_conflict``."""
    _refuse_unless_open(ctx, application)
    require_reason(reason, _REASON)
    refuse_if(problems_with_judging(case.kind))
    settle(
        ctx, application.id, case.person_id, case.evidence[0], ConflictAction.DISMISS, sha256=case.sha256, reason=reason
    )


def waive_conflict(ctx: Ctx, application: Application, case: Case, reason: str) -> None:
    """Set aside a computed conflict between organisations; it blocks again once its evidence changes.

    RuleViolation without a reason, or for a kind that nobody may waive; IllegalTransition once results are out, or where
    it sealed a review before.
    """
    _refuse_unless_open(ctx, application)
    require_reason(reason, _REASON)
    refuse_if(problems_with_waiving(case.kind))
    settle(
        ctx, application.id, case.person_id, case.evidence[0], ConflictAction.WAIVE, sha256=case.sha256, reason=reason
    )


def take_back_waiver(ctx: Ctx, application: Application, case: Case, reason: str) -> None:
    """Let a waived conflict block again. Refusals as for ``waive_conflict``."""
    _refuse_unless_open(ctx, application)
    require_reason(reason, _REASON)
    settle(
        ctx,
        application.id,
        case.person_id,
        case.evidence[0],
        ConflictAction.RECONSIDER,
        sha256=case.sha256,
        reason=reason,
    )


def record_advice(ctx: Ctx, partnership: Partnership, person: Person, explanation: str) -> Advice:
    """Record that ``person`` advised the partnership: a candidate on each of its applications.

    RuleViolation without an explanation, or where it was recorded before (advice-recorded).
    """
    if not explanation.strip():
        raise RuleViolation([Problem("explanation-missing", _l("Say what the advice was, and when."), "explanation")])
    advice = Advice(
        partnership_id=partnership.id,
        person_id=person.id,
        explanation=explanation.strip(),
        recorded_at=ctx.now,
        recorded_by_id=ctx.actor.person_id,
    )
    db.session.add(advice)
    db.session.flush()
    record(ctx, AdviceRecorded(advice_id=advice.id, partnership_id=partnership.id, person_id=person.id))
    return advice


def _refuse_unless_open(ctx: Ctx, application: Application) -> None:
    round_ = application.round
    if round_.results_published_at is not None:
        raise IllegalTransition("round", "judge-conflict", str(phase(round_, ctx.now)), round_.results_published_at)
