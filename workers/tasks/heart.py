"""A worker's sign of life."""

from __future__ import annotations

import socket

from portal.core.heartbeat import beat
from workers.base import task


@task("heart.beat")
def beat_heart() -> None:
    """Write that a worker on this machine is alive."""
    beat(f"worker@{socket.gethostname()}")
