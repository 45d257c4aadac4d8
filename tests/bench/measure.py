"""Figures of one page: median and p95 at one client, answers a second at eight, statements and bytes."""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.client import Answer

ROOT = Path(__file__).resolve().parents[2]
WARM_UP = 5
CLIENTS = 8
SECONDS_AT_EIGHT = 3.0
Ask = Callable[[], Answer]


@dataclass(frozen=True)
class Figures:
    """Milliseconds, answers a second, SQL statements (the most of any answer), bytes (median)."""

    median_ms: float
    p95_ms: float
    per_second: float
    statements: int
    size: int


def measure(make_asker: Callable[[], Ask], times: int) -> Figures:
    """Ask ``times`` times one after another, then with eight clients at once; ``make_asker`` gives one client."""
    ask = make_asker()
    for _ in range(WARM_UP):
        ask()
    answers = [ask() for _ in range(times)]
    spans = sorted(each.seconds * 1000 for each in answers)
    return Figures(
        median_ms=round(statistics.median(spans), 2),
        p95_ms=round(spans[int(len(spans) * 0.95)], 2),
        per_second=round(_at_once(make_asker), 1),
        statements=max(each.statements for each in answers),
        size=int(statistics.median(each.size for each in answers)),
    )


def _at_once(make_asker: Callable[[], Ask]) -> float:
    askers = [make_asker() for _ in range(CLIENTS)]
    counts = [0] * CLIENTS
    until = time.perf_counter() + SECONDS_AT_EIGHT

    def go(number: int) -> None:
        while time.perf_counter() < until:
            askers[number]()
            counts[number] += 1

    began = time.perf_counter()
    threads = [threading.Thread(target=go, args=(number,)) for number in range(CLIENTS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sum(counts) / (time.perf_counter() - began)


def measured_apart(module: str, arguments: list[str], env: dict[str, str]) -> dict[str, Any]:
    """Return what ``python -m tests.bench.<module>`` prints last, as JSON: measured in a process of its own."""
    command = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
    answer = subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr[-2000:]
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found
