"""What the clock did, told once: natural keys make a second run find nothing new."""

from __future__ import annotations

from portal.applications.commands.deadlines import (
    tell_completions_due,
    tell_near_deadlines,
    tell_not_submitted,
    tell_sign_offs_due,
)
from portal.calls.commands.rounds import tell_round_moments
from portal.decisions.commands.following import tell_answer_due
from portal.notifications.mailings.commands import release_due
from portal.reviewing.commands.expiring import expire_invitations
from portal.reviewing.commands.reminding import remind_due_reviews, remind_invitations
from workers.base import task, task_ctx


@task("reminders.tell_round_moments")
def tell_what_rounds_did() -> int:
    """Record the rounds that opened and closed; return how many were news."""
    return tell_round_moments(task_ctx("reminders"))


@task("reminders.tell_near_deadlines")
def tell_drafts_of_near_deadlines() -> int:
    """Record the drafts, sign-offs and completions of which a reminder is due; return how many were news."""
    ctx = task_ctx("reminders")
    return tell_near_deadlines(ctx) + tell_sign_offs_due(ctx) + tell_completions_due(ctx)


@task("reminders.tell_not_submitted")
def tell_drafts_that_came_to_nothing() -> int:
    """Record the drafts whose deadline passed before they were submitted; return how many were news."""
    return tell_not_submitted(task_ctx("reminders"))


@task("reminders.remind_due_reviews")
def remind_reviewers() -> int:
    """Record the reviews and the invitations of which a reminder is due; return how many were news."""
    ctx = task_ctx("reminders")
    return remind_due_reviews(ctx) + remind_invitations(ctx)


@task("reminders.expire_invitations")
def let_invitations_expire() -> int:
    """Let the invitations expire whose last day is past, and ask the alternates; return how many expired."""
    return expire_invitations(task_ctx("reminders"))


@task("reminders.tell_answer_due")
def tell_who_has_an_award_to_answer() -> int:
    """Record the awards of which a reminder is due, and the overdue ones; return how many were news."""
    return tell_answer_due(task_ctx("reminders"))


@task("reminders.release_mailings")
def send_mailings_whose_moment_came() -> int:
    """Send the mailings whose moment has come; return how many."""
    return release_due(task_ctx("reminders"))
