"""After a commit: wake the workers for what it left them. A lost call costs a minute, since beat sweeps anyway."""

from __future__ import annotations

from portal.core.event_log import take_news
from portal.core.files import take_uploads
from portal.core.queue import Queue


def wake(queue: Queue, *, scans: bool) -> None:
    """Wake the relay where events were recorded, and the scan where files came in and there is a scanner."""
    if take_news():
        queue.send("outbox.relay_events", queue="urgent")
    if take_uploads() and scans:
        queue.send("files.scan", queue="files")
