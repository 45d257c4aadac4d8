"""A worker's own moments: forget what must not cross a fork, and say that it lives."""

from __future__ import annotations

from typing import Any

from celery.signals import worker_process_init, worker_ready

from workers.base import use_app


@worker_process_init.connect  # type: ignore[untyped-decorator]  # celery is untyped
def forget_application(**_: Any) -> None:
    """A forked child builds its own application: connections must not be shared."""
    use_app(None)


@worker_ready.connect  # type: ignore[untyped-decorator]
def say_alive(sender: Any = None, **_: Any) -> None:
    """Beat the heart at once, so that readiness does not wait for the first tick."""
    sender.app.send_task("heart.beat", queue="urgent")
    sender.app.send_task("outbox.relay_events", queue="urgent")
