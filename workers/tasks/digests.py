"""The daily digests, and what became of those that left."""

from __future__ import annotations

from portal.core.db import db
from portal.notifications.sending.digest import make_digests, settle_digests
from workers.base import task, task_ctx

MOST_BATCHES = 100


@task("digests.make")
def make_daily_digests() -> int:
    """Make the digests that are due; return of how many people. A second run finds none left."""
    ctx, total = task_ctx("digests"), 0
    settle_digests()
    db.session.commit()
    for _ in range(MOST_BATCHES):
        done = make_digests(ctx)
        db.session.commit()
        total += done
        if not done:
            break
    return total
