"""PDFs, one after another: each is leased by one worker at a time, so that a second run finds nothing to do."""

from __future__ import annotations

from portal.applications.printing import make_next
from portal.core.clock import monotonic
from workers.base import flask_app, task, task_ctx
from workers.queues import FILES

LONGEST_RUN = 60.0  # seconds, then the next run goes on: together with one slow PDF it stays under the time limit


@task("papers.make")
def make_papers() -> int:
    """Make the PDFs that were asked for and are due; return how many were tried."""
    app, began, count = flask_app(), monotonic(), 0
    while monotonic() - began < LONGEST_RUN:
        if not make_next(app, task_ctx("printer")):
            return count
        count += 1
    app.extensions["portal.queue"].send("papers.make", queue=FILES)
    return count
