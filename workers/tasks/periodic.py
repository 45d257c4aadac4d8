"""The dispatcher: from rows that are due to tasks, each once per period."""

from __future__ import annotations

import structlog
from celery import current_app

from portal.core.clock import machine_now
from portal.core.db import db
from portal.core.periodic import sync_tasks, take_due
from workers.base import task
from workers.periodic import HEADER
from workers.schedule import SCHEDULE

log = structlog.get_logger(__name__)
LONGEST_WAIT = 3 * 3600  # seconds: what is due once a day may wait for a busy worker


@task("periodic.dispatch", is_quiet=True)
def dispatch() -> int:
    """Send the tasks that are due, after the commit that says so; return how many. A second run finds them sent."""
    sync_tasks(SCHEDULE)
    due = take_due(machine_now())
    db.session.commit()
    for each in due:
        expires = each.every - 5 if each.every and each.every < LONGEST_WAIT else LONGEST_WAIT
        try:
            current_app.send_task(
                each.name, queue=each.queue, expires=expires, headers={HEADER: each.period.isoformat()}, retry=False
            )
        except Exception as fault:  # noqa: BLE001 - the broker is away: sent again at the next period, or when lost
            log.warning("periodic task not sent", task=each.name, error=repr(fault))
    return len(due)
