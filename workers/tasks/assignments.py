"""Assignments of reviewers: each is leased by one worker, so that a second start finds nothing to do."""

from __future__ import annotations

from portal.reviewing.assignment_making import make_next
from workers.base import task, task_ctx


@task("reviewing.make_assignment", soft_time_limit=170, time_limit=180)
def make_assignment() -> int:
    """Make the next assignment that was asked for; return how many were tried: one, or none."""
    return int(make_next(task_ctx("assigner")))
