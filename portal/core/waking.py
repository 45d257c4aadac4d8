"""After a commit: wake the workers for what it left them. A lost call costs a minute, since beat sweeps anyway."""

from __future__ import annotations

from portal.core.db import db
from portal.core.event_log import take_news
from portal.core.files import take_uploads
from portal.core.queue import Queue


def wake(queue: Queue, *, scans: bool) -> None:
    """Wake the relay where events were recorded, the scan where files came in and there is a scanner, and what was asked."""
    if take_news():
        queue.send("outbox.relay_events", queue="urgent")
    if take_uploads() and scans:
        queue.send("files.scan", queue="files")
    for task, name in sorted(db.session.info.pop("wakes", set())):
        queue.send(task, queue=name)


def wake_after_commit(task: str, *, queue: str) -> None:
    """Have ``task`` woken once this session's work is committed: before that a worker would find nothing to do."""
    db.session.info.setdefault("wakes", set()).add((task, queue))
