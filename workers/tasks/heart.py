"""The workers' signs of life: one for each queue and machine, for a queue that nobody listens to looks like a calm one."""

from __future__ import annotations

import socket

import structlog
from celery import current_app

from portal.core import outbox
from portal.core.clock import machine_now
from portal.core.heartbeat import beat, set_back_since
from portal.notifications.sending import leasing
from workers.base import task
from workers.queues import NAMES, URGENT

log = structlog.get_logger(__name__)

STALE = 30  # seconds after which a sign that nobody took is thrown away


@task("heart.beat", is_quiet=True)
def beat_heart() -> None:
    """Write that a worker on this machine is alive, and ask the other queues for the same.

    Where the clock was set back meanwhile, what waits for a moment of before waits that much less.
    """
    sign = sign_of(URGENT)
    if (back := set_back_since(sign)) is not None:
        at = machine_now()
        rows = outbox.bring_forward(at, back) + leasing.bring_forward(at, back)
        log.warning("clock set back", seconds=round(back.total_seconds()), brought_forward=rows)
    beat(sign)
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
