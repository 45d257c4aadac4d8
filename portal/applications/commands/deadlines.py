"""Reminding of drafts, sign-offs and completions as their call says, and telling that a draft's deadline has passed."""

from __future__ import annotations

import sqlalchemy as sa

from portal.applications.events import ApplicationNotSubmitted, CompletionDue, DeadlineNear, SignOffDue
from portal.applications.models import Application
from portal.applications.queries import closing_moment
from portal.applications.reminding import (
    list_completions_due,
    list_near_drafts,
    list_sign_offs_due,
    told_sign_offs,
)
from portal.applications.states import State
from portal.calls.models import Round
from portal.calls.reminders import remindings_of
from portal.calls.reminding import ReminderKind, end_of, newest_due
from portal.calls.states import RoundState
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow, record


def tell_near_deadlines(ctx: Ctx) -> int:
    """Record DeadlineNear for each draft of which a reminder is due; return how many were new.

    Only the newest reminder of each draft, once for each moment of closing: a moved deadline or an extension is another
    moment, and what its mover told then is not told again.
    """
    remindings, told = remindings_of(ReminderKind.DRAFT), 0
    for each in list_near_drafts(ctx.now):
        lead = newest_due(remindings.get(each.call_id, ()), each.deadline, each.since, ctx.now)
        if lead is not None:
            closes_at = end_of(each.deadline)
            event = DeadlineNear(application_id=each.subject_id, days=lead.days, closes_at=closes_at)
            key = f"deadline-near:{each.subject_id}:{closes_at.isoformat()}:{lead.code}"
            told += record(ctx, event, natural_key=key) is not None
    return told


def tell_sign_offs_due(ctx: Ctx) -> int:
    """Record SignOffDue for each partner whose sign-off is missing when a reminder of it is due; return how many were new."""
    remindings, drafts = remindings_of(ReminderKind.SIGN_OFF), list_near_drafts(ctx.now)
    due = {
        each.subject_id: newest_due(remindings.get(each.call_id, ()), each.deadline, each.since, ctx.now)
        for each in drafts
    }
    # A draft is read with all its costs: only where this reminder of it was not told yet.
    told_at = told_sign_offs([number for number, lead in due.items() if lead])
    asked = {
        each.subject_id: (each, lead)
        for each in drafts
        if (lead := due[each.subject_id])
        and not (each.subject_id in told_at and told_at[each.subject_id] >= lead.before(each.deadline))
    }
    told = 0
    for each in list_sign_offs_due(draft for draft, _ in asked.values()):
        lead, (organisation_id,), closes_at = asked[each.subject_id][1], each.organisation_ids, end_of(each.deadline)
        key = f"sign-off-due:{each.subject_id}:{organisation_id}:{closes_at.isoformat()}:{lead.code}"
        event = SignOffDue(
            application_id=each.subject_id, organisation_id=organisation_id, days=lead.days, closes_at=closes_at
        )
        told += record(ctx, event, natural_key=key) is not None
    return told


def tell_completions_due(ctx: Ctx) -> int:
    """Record CompletionDue for each request for completion that is not answered when a reminder is due; how many were new."""
    remindings, told = remindings_of(ReminderKind.COMPLETION), 0
    for request_id, each in list_completions_due(ctx.now):
        lead = newest_due(remindings.get(each.call_id, ()), each.deadline, each.since, ctx.now)
        if lead is not None:
            due_at = end_of(each.deadline)
            event = CompletionDue(
                application_id=each.subject_id, completion_request_id=request_id, days=lead.days, due_at=due_at
            )
            key = f"completion-due:{request_id}:{due_at.isoformat()}:{lead.code}"
            told += record(ctx, event, natural_key=key) is not None
    return told


def tell_not_submitted(ctx: Ctx) -> int:
    """Record ApplicationNotSubmitted for each draft whose deadline passed; return how many were new.

    The draft itself stays as it is: that it was not submitted is computed, and an extension takes it back.
    """
    closing = closing_moment()
    is_told = sa.exists().where(
        EventRow.subject == ApplicationNotSubmitted.subject,
        EventRow.subject_id == Application.id,
        EventRow.topic == ApplicationNotSubmitted.topic,
        EventRow.occurred_at > closing,
    )
    stmt = (
        sa.select(Application.id, closing)
        .join(Round, Round.id == Application.round_id)
        .where(
            Application.state == State.DRAFT,
            Round.state == RoundState.ANNOUNCED,
            closing < ctx.now,
            ~is_told,  # the natural key alone would insert in vain for every old draft, every minute
        )
        .order_by(Application.id)
    )
    told = 0
    for application_id, closes_at in db.session.execute(stmt).all():
        event = ApplicationNotSubmitted(application_id=application_id, closes_at=closes_at)
        told += record(ctx, event, natural_key=f"not-submitted:{application_id}:{closes_at.isoformat()}") is not None
    return told
