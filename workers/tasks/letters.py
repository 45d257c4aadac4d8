"""Letters, one after another: each is leased by one worker at a time, so that a second run finds nothing to do."""

from __future__ import annotations

from portal.core.clock import monotonic
from portal.decisions.letter_printing import make_next
from workers.base import flask_app, task, task_ctx
from workers.queues import FILES

LONGEST_RUN = 60.0  # seconds, then the next run goes on: together with one slow letter it stays under the time limit


@task("letters.make")
def make_letters() -> int:
    """Make the letters that were told and are due; return how many were tried."""
    app, began, count = flask_app(), monotonic(), 0
    while monotonic() - began < LONGEST_RUN:
        if not make_next(app, task_ctx("printer")):
            return count
        count += 1
    app.extensions["portal.queue"].send("letters.make", queue=FILES)
    return count
