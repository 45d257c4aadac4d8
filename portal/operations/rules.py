"""When a figure is good, when somebody should look, and when somebody must act. ``docs/deploy/alerts.yml`` has the same lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from portal.operations.figures import Figures

T = TypeVar("T", float, timedelta)


class Level(StrEnum):
    """How bad it is, in the order of urgency."""

    GOOD = "good"
    LOOK = "look"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the page: what was looked at, how bad it is, and its figures."""

    code: str
    level: Level
    number: int = 0
    waited: timedelta = timedelta(0)
    about: str = ""  # a queue's name


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WAITS = {  # how long the oldest that is due may wait: look after the first, act after the second
    "outbox": (3 * MINUTE, 15 * MINUTE),
    "delivery": (15 * MINUTE, HOUR),
    "job": (10 * MINUTE, HOUR),
    "letter": (10 * MINUTE, HOUR),
    "paper": (10 * MINUTE, HOUR),
}
OPEN = {
    "outbox": ("open", "retrying"),
    "delivery": ("waiting",),
    "job": ("requested", "running"),
    "letter": ("waiting",),
    "paper": ("waiting",),
}
SIGNS = (2 * MINUTE, 10 * MINUTE)
DEPTHS = (200, 2000)  # beat's own wake-ups are ten a minute and go stale by themselves
BACKUPS = (26 * HOUR, 50 * HOUR)  # one a night, and one may fail
FREE = (0.2, 0.05)  # of the disk where files lie
QUEUES = ("urgent", "mail", "files", "periodic")


def findings(figures: Figures) -> Iterator[Finding]:
    """Yield a finding for each thing that is looked at, in the order of the page."""
    missing = set(figures.missing)
    yield Finding("database", _act_if("database" in missing))
    if "database" not in missing:
        yield Finding("migrations", _act_if("migrations" in missing))
    yield Finding("broker", _act_if("queue" in missing))
    if "database" not in missing:
        yield from _messages(figures)
        yield from _made(figures)
        yield from _workers(figures)
        yield _backup(figures)
    for name, number in (figures.queues or {}).items():
        yield Finding("queue", _level(number, DEPTHS), number, about=name)
    if figures.disk is not None:
        share = figures.disk.free / max(figures.disk.total, 1)
        yield Finding("disk", _level(-share, (-FREE[0], -FREE[1])), round(100 * share))


def _messages(figures: Figures) -> Iterator[Finding]:
    yield _waiting(figures, "outbox")
    yield _waiting(figures, "delivery")
    for kind in ("outbox", "delivery"):
        parked = figures.count(kind, "parked")
        yield Finding(f"{kind}-parked", _look_if(parked), parked)


def _made(figures: Figures) -> Iterator[Finding]:
    for kind in ("letter", "paper", "job"):
        yield _waiting(figures, kind)
        failed = figures.count(kind, "failed")
        yield Finding(f"{kind}-failed", _look_if(failed), failed)
    held, is_meant = figures.count("file", "held"), figures.is_unscanned_allowed
    level = Level.GOOD if is_meant or not held else Level.LOOK if figures.has_scanner else Level.ACT
    yield Finding("file-held-open" if is_meant else "file-held", level, held)


def _workers(figures: Figures) -> Iterator[Finding]:
    for name in QUEUES:
        ago = figures.last_sign_of(name)
        if ago is None:
            yield Finding("worker-none", Level.ACT, about=name)
        else:
            yield Finding("worker", _level(ago, SIGNS), waited=ago, about=name)


def _backup(figures: Figures) -> Finding:
    if figures.backup is None:
        return Finding("backup-none", Level.LOOK)
    return Finding("backup", _level(figures.backup, BACKUPS), waited=figures.backup)


def _waiting(figures: Figures, kind: str) -> Finding:
    waited = figures.waited.get(kind, timedelta(0))
    return Finding(kind, _level(waited, WAITS[kind]), figures.count(kind, *OPEN[kind]), waited)


def _level(value: T, lines: tuple[T, T]) -> Level:
    return Level.ACT if value >= lines[1] else Level.LOOK if value >= lines[0] else Level.GOOD


def _act_if(wrong: bool) -> Level:
    return Level.ACT if wrong else Level.GOOD


def _look_if(number: int) -> Level:
    return Level.LOOK if number else Level.GOOD
