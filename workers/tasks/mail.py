"""Sending what waits. Each delivery is leased by one worker at a time, so that a second run finds nothing to do."""

from __future__ import annotations

from portal.notifications.sending.reach import clear_reached
from portal.notifications.sending.run import send_due
from workers.base import flask_app, task, task_ctx
from workers.queues import MAIL, URGENT
from workers.retry import judge_failure


@task("mail.send_due")
def send_due_mail() -> None:
    """Send what is due; a run that did not come to the end asks for the next."""
    if send_due(flask_app(), judge_failure, only_urgent=False):
        flask_app().extensions["portal.queue"].send("mail.send_due", queue=MAIL)


@task("mail.send_urgent")
def send_urgent_mail() -> None:
    """Send the urgent messages that are due, beside a long queue of others."""
    if send_due(flask_app(), judge_failure, only_urgent=True):
        flask_app().extensions["portal.queue"].send("mail.send_urgent", queue=URGENT)


@task("mail.clear_reached")
def clear_reached_people() -> int:
    """Clear the mark of people whom a message reached again; return how many. A second run finds none left."""
    return clear_reached(task_ctx("mail"))
