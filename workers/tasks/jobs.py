"""Jobs, one at a time: each is leased by one worker, so that a second run finds nothing to do."""

from __future__ import annotations

from portal.core.job_making import expire_jobs, make_next
from workers.base import flask_app, task, task_ctx
from workers.queues import FILES


@task("jobs.make")
def make_jobs() -> int:
    """Make the next job that is due, and leave those after it to the next run; return how many were tried."""
    app = flask_app()
    if not make_next(app, task_ctx("maker")):
        return 0
    app.extensions["portal.queue"].send("jobs.make", queue=FILES)
    return 1


@task("jobs.expire")
def expire_old_jobs() -> int:
    """Delete the files of jobs whose week is over; return how many. A second run finds none left."""
    return expire_jobs(flask_app(), task_ctx("retention"))
