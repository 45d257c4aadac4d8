"""What whoever puts a new version in place does: gunicorn's HUP, and a worker that ends warm and is started again."""

import http.client
import os
import signal
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Self

from tests.faults.web_under_fire import Web
from tests.faults.workers_under_fire import Workers

LONGEST = 90.0  # seconds: a run of mails goes on for a minute at most


def children_of(pid: int) -> set[int]:
    """Return the processes that ``pid`` started."""
    return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()}


def listens(pid: int) -> bool:
    """Return whether ``pid`` catches TERM: till then a TERM kills it, and that it has children says nothing.

    Its imports look for C libraries, each by a child that lives for a moment.
    """
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught, 16) & 1 << (signal.SIGTERM - 1))


def reload_web(web: Web) -> None:
    """HUP: new processes with the new code, and the old ones end once they answered; return when only new ones are left."""
    pid = web._process.pid
    before, until = children_of(pid), time.monotonic() + LONGEST
    os.kill(pid, signal.SIGHUP)
    while not (now := children_of(pid)) or now & before:
        assert time.monotonic() < until, "the old processes stay"
        time.sleep(0.05)


def restart_workers(workers: Workers) -> float:
    """TERM to the parent alone: its children finish what they do, and give back what they only held. Then a new one.

    Return how long the ending took, in seconds. One that has not begun its work yet has nothing to end: it is waited for.
    """
    process, until = workers._process, time.monotonic() + LONGEST
    while not (listens(process.pid) and children_of(process.pid)):
        assert time.monotonic() < until, "the worker does not begin"
        time.sleep(0.05)
    began = time.monotonic()
    os.kill(process.pid, signal.SIGTERM)
    code = process.wait(LONGEST)
    assert code == 0, (
        f"a warm end is no failure, and this one ended with {code}: {workers.log.read_text('utf-8')[-3000:]}"
    )
    workers._process = None
    workers.start()
    return time.monotonic() - began


class Readers:
    """People who open pages all the while, each on a connection of its own, as nginx does."""

    def __init__(self, base: str, paths: tuple[str, ...], at_once: int = 3) -> None:
        self.answers: Counter[str] = Counter()
        self._host, self._paths, self._over = base.removeprefix("http://"), paths, threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._read, daemon=True) for _ in range(at_once)]

    def __enter__(self) -> Self:
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for each in self._threads:
            each.join(60)

    def _read(self) -> None:
        turn = 0
        while not self._over.is_set():
            answer = self._ask(self._paths[turn % len(self._paths)])
            with self._lock:
                self.answers[answer] += 1
            turn += 1
            time.sleep(0.01)

    def _ask(self, path: str) -> str:
        try:
            with closing(http.client.HTTPConnection(self._host, timeout=60)) as connection:
                connection.request("GET", path, headers={"Connection": "close"})
                answer = connection.getresponse()
                answer.read()
                return str(answer.status)
        except (OSError, http.client.HTTPException) as fault:
            return repr(fault)
