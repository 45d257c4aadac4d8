"""Uploaded files: scanned as they come in, and again every minute while something waits."""

from __future__ import annotations

from portal.core.clock import monotonic
from portal.core.db import db
from portal.core.scanner import NotScanned, Scanner
from portal.core.scanning import AWAY, scan_next
from workers.base import flask_app, task, task_ctx
from workers.queues import FILES
from workers.retry import SCAN_AGAIN

LONGEST_RUN = 60.0  # seconds, then the next run goes on: together with one slow scan it stays under the time limit


@task("files.scan")
def scan_held_files() -> int:
    """Scan the held files that are due; return how many got a verdict. A second run finds none left.

    Without a scanner nothing happens: files stay held, or an administrator's switch lets them through.
    """
    app, began, judged = flask_app(), monotonic(), 0
    scanner: Scanner | None = app.extensions["portal.scanner"]
    if scanner is None:
        return 0
    ctx = task_ctx("scanner")
    while monotonic() - began < LONGEST_RUN:
        verdict = scan_next(ctx, scanner, app.extensions["portal.storage"], SCAN_AGAIN)
        db.session.commit()
        if verdict is None or verdict == NotScanned(AWAY):
            return judged
        judged += not isinstance(verdict, NotScanned)
    app.extensions["portal.queue"].send("files.scan", queue=FILES)
    return judged
