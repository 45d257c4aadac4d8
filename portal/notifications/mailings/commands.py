"""Writing to many: draft, send now or at a moment, drop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.calls.models import Programme, Round
from portal.core.advance import advance
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import IllegalTransition, Problem, RuleViolation, refuse_if
from portal.core.event_log import record
from portal.core.text import _l
from portal.notifications.events import MailingDrafted
from portal.notifications.mailings.models import Mailing
from portal.notifications.mailings.queries import lock_due
from portal.notifications.mailings.states import Audience, MailingAction, MailingState
from portal.notifications.rules import problems_with_mailing


@dataclass(frozen=True, slots=True)
class MailingPlan:
    """What an administrator fills in; ``round`` or ``programme`` as the audience asks. English may be empty, as a whole."""

    audience: Audience
    round: Round | None
    programme: Programme | None
    subject_nl: str
    body_nl: str
    subject_en: str = ""
    body_en: str = ""


def draft_mailing(ctx: Ctx, plan: MailingPlan) -> Mailing:
    """Draft a mailing; RuleViolation where it has no round or programme, no Dutch, or half of the English."""
    mailing = Mailing(drafted_at=ctx.now, drafted_by_id=ctx.actor.person_id)
    _fill(mailing, plan)
    db.session.add(mailing)
    db.session.flush()
    record(ctx, MailingDrafted(mailing_id=mailing.id, kind=str(mailing.audience)))
    return mailing


def edit_mailing(ctx: Ctx, mailing: Mailing, plan: MailingPlan) -> None:
    """Change a draft; IllegalTransition for a mailing that has a moment or has left."""
    del ctx  # a draft's changes are nobody's news
    if mailing.state is not MailingState.DRAFT:
        raise IllegalTransition("mailing", "edit", mailing.state, mailing.released_at)
    _fill(mailing, plan)
    db.session.flush()


def _fill(mailing: Mailing, plan: MailingPlan) -> None:
    refuse_if(problems_with_mailing(plan))
    mailing.audience, mailing.round, mailing.programme = plan.audience, plan.round, plan.programme
    mailing.subject_nl, mailing.body_nl = plan.subject_nl, plan.body_nl
    mailing.subject_en, mailing.body_en = plan.subject_en, plan.body_en


def schedule_mailing(ctx: Ctx, mailing: Mailing, send_at: datetime) -> None:
    """Let a mailing leave at ``send_at``, to its audience of that moment."""
    if send_at <= ctx.now:
        raise RuleViolation([Problem("moment-past", _l("Choose a moment that is still to come."), "send_at")])
    mailing.send_at = send_at
    advance(ctx, mailing, MailingAction.SCHEDULE, due_at=send_at)


def postpone_mailing(ctx: Ctx, mailing: Mailing) -> None:
    """Take a mailing's moment away: it is a draft again."""
    advance(ctx, mailing, MailingAction.POSTPONE)
    mailing.send_at = None


def release_mailing(ctx: Ctx, mailing: Mailing) -> None:
    """Send a mailing to its audience of this moment."""
    advance(ctx, mailing, MailingAction.RELEASE)


def drop_mailing(ctx: Ctx, mailing: Mailing) -> None:
    """Drop a mailing that has not left; its text is kept."""
    advance(ctx, mailing, MailingAction.DROP)


def release_due(ctx: Ctx) -> int:
    """Send the mailings whose moment has come; return how many. A second run finds them sent."""
    due = lock_due(ctx.now)
    for each in due:
        release_mailing(ctx, each)
    return len(due)
