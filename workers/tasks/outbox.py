"""The relay: from events to deliveries."""

from __future__ import annotations

from portal.core.clock import monotonic
from portal.core.db import db
from portal.notifications.sending.relay import relay_batch
from workers.base import flask_app, task, task_ctx
from workers.queues import MAIL, URGENT

LONGEST_RUN = 2.0  # seconds, then the next run goes on: the urgent messages' turn comes between


@task("outbox.relay_events")
def relay_events() -> int:
    """Expand the events that wait and wake the mail tasks; return how many. A second run finds none left."""
    ctx, queue, total = task_ctx("relay"), flask_app().extensions["portal.queue"], 0
    began = monotonic()
    while monotonic() - began < LONGEST_RUN:
        done = relay_batch(ctx)
        db.session.commit()
        if done.urgent:
            queue.send("mail.send_urgent", queue=URGENT)
        if done.made > done.urgent:
            queue.send("mail.send_due", queue=MAIL)
        total += done.rows
        if not done.rows:
            return total
    queue.send("outbox.relay_events", queue=URGENT)
    return total
