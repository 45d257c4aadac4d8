"""Waiting for what comes in its own time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60  # seconds: more than the slowest machine needs, so that only a failure takes it whole
PATIENCE_MS = PATIENCE * 1000  # as Playwright counts


def until(answer: Callable[[], T]) -> T:
    """Return what ``answer`` says once it says something; AssertionError when it does not in time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = answer()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")
