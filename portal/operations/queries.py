"""How the portal does, as PostgreSQL, the broker and the disk say at this moment: a fixed number of statements."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from portal.core.clock import machine_now
from portal.core.db import db
from portal.core.health import head_revision
from portal.core.heartbeat import Heartbeat
from portal.core.queue import Queue
from portal.core.switches import Switch, is_on
from portal.operations.figures import BACKUP, Disk, Figures

REMEMBERED = timedelta(days=1)  # a machine that was taken away a day ago is not missed any more
LATELY = timedelta(days=1)  # what failed before that was seen, or is asked for again

# What waits, by kind and state: how many, and since when the oldest could have been done (machine time). A row that is
# put off after a failure is not due, so that it is counted and does not look forgotten.
COUNTED = """
SELECT 'outbox' AS kind,
       CASE WHEN parked_at IS NOT NULL THEN 'parked' WHEN attempts > 0 THEN 'retrying' ELSE 'open' END AS state,
       count(*) AS number, min(next_attempt_at) FILTER (WHERE is_open) AS due_at
FROM outbox WHERE is_open OR parked_at IS NOT NULL GROUP BY 2
UNION ALL
SELECT 'delivery', state, count(*), min(next_attempt_at) FILTER (WHERE state = 'waiting') FROM delivery GROUP BY 2
UNION ALL
SELECT 'job', state, count(*), min(due_at) FILTER (WHERE state = 'requested') FROM job
WHERE state <> 'failed' OR due_at > :lately GROUP BY 2
UNION ALL
SELECT 'letter', state, count(*), min(due_at) FILTER (WHERE state = 'waiting') FROM letter GROUP BY 2
UNION ALL
SELECT 'paper', state, count(*), min(due_at) FILTER (WHERE state = 'waiting') FROM paper
WHERE state <> 'failed' OR due_at > :lately GROUP BY 2
UNION ALL
SELECT 'file', state, count(*), min(next_scan_at) FILTER (WHERE state = 'held') FROM stored_file GROUP BY 2
"""


def read_figures(extensions: Mapping[str, Any]) -> Figures:
    """Return the figures of this moment; ``extensions`` are the application's. What cannot be asked is named in ``missing``, and its figures are empty."""
    queue: Queue = extensions["portal.queue"]
    figures = Figures(
        queues=queue.depths(), disk=_disk(extensions), has_scanner=extensions["portal.scanner"] is not None
    )
    if figures.queues is None:
        figures.missing.append("queue")
    try:
        _ask_database(figures)
    except SQLAlchemyError:
        db.session.rollback()
        figures.missing.append("database")
    return figures


def _ask_database(figures: Figures) -> None:
    now = machine_now()
    if db.session.scalar(sa.text("SELECT version_num FROM alembic_version")) != head_revision():
        figures.missing.append("migrations")
    for row in db.session.execute(sa.text(COUNTED), {"lately": now - LATELY}):
        figures.counts[row.kind, row.state] = row.number
        _keep_longest(figures.waited, row.kind, row.due_at, now)
    signs = sa.select(Heartbeat.name, Heartbeat.seen_at)
    for name, seen_at in db.session.execute(signs.order_by(Heartbeat.name)):
        ago = max(now - seen_at, timedelta(0))
        if name == BACKUP:
            figures.backup = ago
        elif ago < REMEMBERED:
            figures.seen[name] = ago
    figures.is_unscanned_allowed = is_on(Switch.NO_SCANNER)


def _keep_longest(waited: dict[str, timedelta], kind: str, due_at: Any, now: Any) -> None:
    ago = timedelta(0) if due_at is None else max(now - due_at, timedelta(0))
    waited[kind] = max(ago, waited.get(kind, timedelta(0)))


def _disk(extensions: Mapping[str, Any]) -> Disk | None:
    """Return the room left where files lie; None for a bucket, or where the folder is not there."""
    settings = extensions["portal.settings"]
    if settings.s3 is not None:
        return None
    try:
        usage = shutil.disk_usage(settings.storage_path)
    except OSError:
        return None
    return Disk(usage.free, usage.total)
