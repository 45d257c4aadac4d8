"""The edge to the task queue. Portal never imports Celery: ``wsgi.py`` passes the adapter in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Queue(Protocol):
    """Wakes workers after a commit. A lost call costs a minute, never a message: beat sweeps anyway."""

    def send(self, task: str, *, queue: str = "periodic", **arguments: str | int) -> None:
        """Send ``task`` by name; half a second at most, failures logged and swallowed."""

    def is_alive(self) -> bool:
        """Return whether the broker answers."""

    def depths(self) -> Mapping[str, int] | None:
        """Return how many tasks wait in each queue; None where the broker does not answer."""


class SilentQueue:
    """A queue for commands that run without one, such as ``flask init``: beat finds what it leaves."""

    def send(self, task: str, *, queue: str = "periodic", **arguments: str | int) -> None:
        """Do nothing: the periodic sweep picks the work up."""

    def is_alive(self) -> bool:
        return True

    def depths(self) -> Mapping[str, int] | None:
        return {}
