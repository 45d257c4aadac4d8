"""Several programs under one roof: their lines marked with their name, restarted when one falls, ended together."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from portal.embedded import process

END_SECONDS = 8.0
SETTLED_SECONDS = 5.0  # one that falls sooner after its start would only fall again
NAME_WIDTH = 8
ROUTINE = ("debug", "info")


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """One program to keep running; ``pass_fds`` are the bound sockets that it inherits."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    pass_fds: tuple[int, ...] = ()


class Runner:
    """Starts programs, watches them, and ends them all when it is told to or when one cannot be kept alive.

    ``output`` shows what a person should read; ``log``, where there is one, keeps every line.
    """

    def __init__(
        self,
        cwd: Path,
        output: TextIO = sys.stdout,
        *,
        log: TextIO | None = None,
        settled_seconds: float = SETTLED_SECONDS,
        end_seconds: float = END_SECONDS,
    ) -> None:
        self.cwd, self.output, self.log = cwd, output, log
        self.settled_seconds, self.end_seconds = settled_seconds, end_seconds
        self.over = threading.Event()
        self.failed = False
        self._running: dict[Program, tuple[subprocess.Popen[bytes], float]] = {}

    def say(self, name: str, line: str, *, is_routine: bool = False) -> None:
        for each in (self.log, None if is_routine else self.output):
            if each is not None:
                with suppress(OSError):  # a full disk must not stop whoever reads the programs' lines
                    each.write(f"{name:<{NAME_WIDTH}}| {line}\n")
                    each.flush()

    def start(self, program: Program) -> None:
        reading, writing = os.pipe()
        child = process.start(
            program.command,
            at_our_death=signal.SIGTERM,
            cwd=self.cwd,
            env=program.env,
            output=writing,
            pass_fds=program.pass_fds,
        )
        os.close(writing)
        self._running[program] = (child, time.monotonic())
        threading.Thread(target=self._relay, args=(program.name, reading), daemon=True).start()

    def watch(self) -> None:
        """Keep the programs alive until ``over``; sets ``failed`` where one falls right after its start."""
        while not self.over.wait(0.2):
            for program, (child, begun) in list(self._running.items()):
                if child.poll() is None:
                    continue
                process.kill_group(child.pid)
                if time.monotonic() - begun < self.settled_seconds:
                    self.say(program.name, f"does not stay up (exit {child.returncode}): the portal stops.")
                    self.failed = True
                    self.over.set()
                    break
                self.say(program.name, f"ended (exit {child.returncode}) and is started again.")
                self.start(program)

    def end(self) -> None:
        """Ask all of them to end, the last started first, and kill what has not in time."""
        children = [child for child, _ in reversed(self._running.values())]
        for child in children:
            with suppress(ProcessLookupError):
                child.terminate()
        until = time.monotonic() + self.end_seconds
        for child in children:
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, until - time.monotonic()))
            process.kill_group(child.pid)
            child.wait(5)
        self._running.clear()

    def _relay(self, name: str, reading: int) -> None:
        with os.fdopen(reading, "rb") as lines:
            for each in lines:
                line = each.decode(errors="replace").rstrip()
                self.say(name, line, is_routine=_is_routine(line))


def _is_routine(line: str) -> bool:
    """Return whether a program says in JSON, as ours do, that something went as it should."""
    try:
        said = json.loads(line)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("level") in ROUTINE
