"""The hash chain's one writer."""

from __future__ import annotations

from portal.core.chain import BATCH, extend_chain
from portal.core.db import db
from workers.base import task

MOST_BATCHES = 20


@task("chain.extend")
def extend_event_chain() -> int:
    """Chain the events that are not chained yet; return how many. A second run finds none left."""
    total = 0
    for _ in range(MOST_BATCHES):
        count = extend_chain()
        db.session.commit()
        total += count
        if count < BATCH:
            break
    return total
