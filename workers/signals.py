"""A worker's own moments: forget what must not cross a fork, and say that it lives."""

from __future__ import annotations

from typing import Any

from celery.signals import setup_logging, worker_process_init, worker_process_shutdown, worker_ready

from portal.core.logs import configure_libraries
from workers.base import hand_over_counts, use_app


@worker_process_init.connect  # type: ignore[untyped-decorator]  # celery is untyped
def forget_application(**_: Any) -> None:
    """A forked child builds its own application: connections must not be shared."""
    use_app(None)


@worker_ready.connect  # type: ignore[untyped-decorator]
def say_alive(sender: Any = None, **_: Any) -> None:
    """Beat the heart at once, so that readiness does not wait for the first tick."""
    sender.app.send_task("heart.beat", queue="urgent")
    sender.app.send_task("outbox.relay_events", queue="urgent")
    sender.app.send_task("periodic.dispatch", queue="urgent")


@worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def leave_nothing_uncounted(**_: Any) -> None:
    """A child that ends well hands over what it counted since the last time."""
    hand_over_counts()


@setup_logging.connect  # type: ignore[untyped-decorator]
def write_lines(loglevel: int, **_: Any) -> None:
    """Celery's own lines are JSON as ours are; worker and beat ask this once."""
    configure_libraries(loglevel)
