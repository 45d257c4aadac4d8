"""The workers' Celery application on a machine whose clock a test moves: the seconds stand in a file.

``celery -A tests.faults.jumping_worker worker``. Everything that reads the machine's time imports it from the clock, so
that it is replaced before anything else is imported.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from portal.core import clock

_real, _offset = clock.machine_now, Path(os.environ["PORTAL_FAULTS_CLOCK"])


def _jumped() -> datetime:
    return _real() + timedelta(seconds=float(_offset.read_text(encoding="ascii") or 0))


clock.machine_now = _jumped
clock.Clock.machine_now = lambda _clock: _jumped()

from workers.app import celery  # noqa: E402

__all__ = ["celery"]
