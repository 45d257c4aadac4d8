"""Reminding reviewers, as the call says, of reviews that are due and of invitations to answer."""

from __future__ import annotations

from datetime import date

from portal.calls.reminders import Waiting, remindings_of
from portal.calls.reminding import ReminderKind, newest_due
from portal.core.context import Ctx
from portal.core.event_log import record
from portal.reviewing.events import InvitationDue, ReviewDue
from portal.reviewing.reminding import list_due_reviews, list_invitations_due


def remind_due_reviews(ctx: Ctx) -> int:
    """Record ReviewDue for each review still to be done of which a reminder is due; return how many were new.

    Only the newest reminder, so that nobody gets two at a time; none once the day is past.
    """
    told = 0
    for each, day, code, days in _due(ctx, ReminderKind.REVIEW, list_due_reviews(ctx.now)):
        event = ReviewDue(review_id=each.subject_id, due_on=day, days=days)
        key = f"review-due:{each.subject_id}:{day.isoformat()}:{code}"
        told += record(ctx, event, natural_key=key) is not None
    return told


def remind_invitations(ctx: Ctx) -> int:
    """Record InvitationDue for each invitation that is not answered when a reminder of it is due; how many were new."""
    told = 0
    for each, day, code, days in _due(ctx, ReminderKind.INVITATION, list_invitations_due(ctx.now)):
        event = InvitationDue(review_id=each.subject_id, answer_due_on=day, days=days)
        key = f"invitation-due:{each.subject_id}:{day.isoformat()}:{code}"
        told += record(ctx, event, natural_key=key) is not None
    return told


def _due(ctx: Ctx, kind: ReminderKind, waiting: list[tuple[Waiting, date]]) -> list[tuple[Waiting, date, str, int]]:
    remindings = remindings_of(kind)
    found = []
    for each, day in waiting:
        lead = newest_due(remindings.get(each.call_id, ()), day, each.since, ctx.now)
        if lead is not None:
            found.append((each, day, lead.code, lead.days))
    return found
