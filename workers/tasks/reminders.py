"""What the clock did, told once: natural keys make a second run find nothing new."""

from __future__ import annotations

from portal.calls.commands.rounds import tell_round_moments
from workers.base import task, task_ctx


@task("reminders.tell_round_moments")
def tell_what_rounds_did() -> int:
    """Record the rounds that opened and closed; return how many were news."""
    return tell_round_moments(task_ctx("reminders"))
