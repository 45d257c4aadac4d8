"""A process with all its children, that a test kills and starts anew."""

import os
import signal
import subprocess
from contextlib import suppress

from tests.world.waiting import PATIENCE


class Killable:
    """Whoever inherits says in ``start`` what runs, in a session of its own, and in ``processes`` how many die at once."""

    processes = 1

    def __init__(self) -> None:
        self.kills = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        raise AssertionError("say what runs")

    def kill_all(self) -> None:
        """SIGKILL the process and all that it started at once, and start anew."""
        self.end()
        self.kills += self.processes
        self.start()

    def end(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(PATIENCE)
            self._process = None
