"""Waiting for what a worker does in its own time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(answer: Callable[[], T], seconds: float = 15) -> T:
    """Return what ``answer`` says once it says something; AssertionError when it does not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = answer()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")
