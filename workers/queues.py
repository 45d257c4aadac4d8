"""The queues, and the adapter that the web process wakes them with."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from celery import Celery
from kombu.entity import Queue as KombuQueue

from portal.core import logs

log = structlog.get_logger(__name__)

URGENT, MAIL, FILES, PERIODIC = "urgent", "mail", "files", "periodic"
NAMES = (URGENT, MAIL, FILES, PERIODIC)
CAUSE = "portal_cause"  # the header of a task with the id of the request that woke it
QUEUES = tuple(KombuQueue(name) for name in NAMES)  # type: ignore[no-untyped-call]  # kombu is untyped


class CeleryQueue:
    """Publishes by name, and never holds a request up: half a second at most, failures logged and swallowed."""

    def __init__(self, redis_url: str) -> None:
        self.celery = Celery("publisher", broker=redis_url)
        self.celery.conf.update(
            task_publish_retry=False,
            task_queues=QUEUES,
            task_ignore_result=True,
            broker_connection_retry_on_startup=False,
            # Celery's defaults kept a request hanging for 15 seconds and more on a frozen broker.
            broker_transport_options={"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "max_retries": 0},
        )

    def send(self, task: str, *, queue: str = PERIODIC, **arguments: str | int) -> None:
        """Send ``task`` with its arguments; beat's sweep makes up for a lost call within a minute."""
        try:
            headers = {CAUSE: logs.cause()}
            self.celery.send_task(task, kwargs=arguments, queue=queue, retry=False, headers=headers)
        except Exception as fault:  # noqa: BLE001 - whatever the broker does, the page answers
            log.warning("kick lost", task=task, error=repr(fault))

    def is_alive(self) -> bool:
        """Return whether the broker answers within half a second."""
        try:
            with self.celery.connection_for_write() as connection:
                connection.ensure_connection(max_retries=1, timeout=0.5, interval_start=0)
                connection.default_channel.client.ping()
        except Exception:  # noqa: BLE001 - any failure means: not alive
            return False
        return True

    def depths(self) -> Mapping[str, int] | None:
        """Return how many tasks wait in each queue, those that a worker holds left out; None without an answer."""
        try:
            with self.celery.connection_for_write() as connection:
                connection.ensure_connection(max_retries=1, timeout=0.5, interval_start=0)
                client = connection.default_channel.client
                return {name: int(client.llen(name)) for name in NAMES}
        except Exception:  # noqa: BLE001 - any failure means: not alive
            return None
