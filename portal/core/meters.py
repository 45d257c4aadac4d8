"""What web and workers count: requests and tasks, how many and how long, added up in Valkey over all processes.

A process adds up in memory and hands its sums to Valkey every few seconds from a thread of its own, so that no request
and no task waits for it. Workers on every machine write into the same hash, and one scrape sees them all. A process that is
killed takes its last seconds with it; an emptied Valkey begins again at zero, as a restarted counter may. What must
not be lost is not counted here: it stands in PostgreSQL and is read there (``portal.operations``).
"""

from __future__ import annotations

import atexit
import json
import os
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import redis
import structlog

BOUNDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 240.0)  # seconds, the last one open
EVERY = 5.0  # seconds between two writes to Valkey
KEY = "portal:meters"
SUM = "us"  # the field of a duration that holds the sum, in whole microseconds

log = structlog.get_logger(__name__)
Labels = tuple[str, ...]


@dataclass(slots=True)
class Duration:
    """How long something took: how many within each bound (the last number: longer), and the sum in seconds."""

    within: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0


@dataclass(slots=True)
class Sums:
    """What was counted and measured so far, by name and labels."""

    counts: dict[str, dict[Labels, int]] = field(default_factory=dict)
    durations: dict[str, dict[Labels, Duration]] = field(default_factory=dict)


class Meters:
    """The counters of one process, and the way to the sums of all."""

    def __init__(self, redis_url: str) -> None:
        self._client = redis.Redis.from_url(redis_url, socket_timeout=0.5, socket_connect_timeout=0.5)
        self._pending: Counter[str] = Counter()
        self._is_away = False
        self._begin()
        atexit.register(self.flush)

    def count(self, name: str, *labels: str) -> None:
        """Count one more of ``name``. Labels come from a short list of ours: endpoints, states, never what people type."""
        self._add({json.dumps(["count", name, *labels]): 1})

    def measure(self, name: str, *labels: str, seconds: float) -> None:
        """Note that one ``name`` took ``seconds``."""
        bucket = str(bisect_left(BOUNDS, seconds))
        self._add(
            {
                json.dumps(["time", name, bucket, *labels]): 1,
                json.dumps(["time", name, SUM, *labels]): round(seconds * 1_000_000),
            }
        )

    def flush(self) -> bool:
        """Hand over what was counted; return whether Valkey took it. What it did not take is kept for the next time."""
        with self._lock:
            pending, self._pending = self._pending, Counter()
        if not pending:
            return True
        try:
            with self._client.pipeline() as pipe:
                for name, number in pending.items():
                    pipe.hincrby(KEY, name, number)
                pipe.execute()
        except redis.RedisError as fault:
            with self._lock:
                self._pending.update(pending)
            if not self._is_away:  # once, and not every five seconds until it is back
                log.warning("meters away", error=str(fault))
            self._is_away = True
            return False
        self._is_away = False
        return True

    def read(self) -> Sums | None:
        """Return the sums of all processes; None where Valkey does not answer."""
        self.flush()
        try:
            return _parsed(self._client.hgetall(KEY))  # type: ignore[arg-type]  # not the asynchronous client
        except redis.RedisError:
            return None

    def _begin(self) -> None:
        self._pid, self._lock = os.getpid(), threading.Lock()
        self._pending = Counter()
        self._thread: threading.Thread | None = None

    def _add(self, numbers: Mapping[str, int]) -> None:
        if self._pid != os.getpid():  # after a fork: the thread stayed behind, and somebody may have held the lock
            self._begin()
        with self._lock:
            self._pending.update(numbers)
            if self._thread is None:
                self._thread = threading.Thread(target=self._hand_over, name="meters", daemon=True)
                self._thread.start()

    def _hand_over(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(EVERY)
            self.flush()


def _parsed(stored: Mapping[bytes, bytes]) -> Sums:
    sums = Sums()
    for name, number in stored.items():
        kind, what, *rest = json.loads(name)
        if kind == "count":
            sums.counts.setdefault(what, {})[tuple(rest)] = int(number)
            continue
        bucket, *labels = rest
        duration = sums.durations.setdefault(what, {}).setdefault(tuple(labels), Duration())
        if bucket == SUM:
            duration.seconds = int(number) / 1_000_000
        else:
            duration.within[int(bucket)] = int(number)
    return sums
