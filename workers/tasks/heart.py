"""The workers' signs of life: one for each queue and machine, for a queue that nobody listens to looks like a calm one."""

from __future__ import annotations

import socket

from celery import current_app

from portal.core.heartbeat import beat
from workers.base import task
from workers.queues import NAMES, URGENT

STALE = 30  # seconds after which a sign that nobody took is thrown away


@task("heart.beat", is_quiet=True)
def beat_heart() -> None:
    """Write that a worker on this machine is alive, and ask the other queues for the same."""
    beat(sign_of(URGENT))
    for name in NAMES:
        if name != URGENT:
            current_app.send_task("heart.answer", kwargs={"queue": name}, queue=name, expires=STALE)


@task("heart.answer", is_quiet=True)
def answer(*, queue: str) -> None:
    """Write that a worker on this machine took this from ``queue``."""
    beat(sign_of(queue))


def sign_of(queue: str) -> str:
    """Return the name under which this machine's workers of ``queue`` give their signs."""
    return f"worker@{socket.gethostname()}/{queue}"
