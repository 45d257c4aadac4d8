"""What is known of the portal's state at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

BACKUP = "backup"  # the sign that a backup leaves when it is whole


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes where files lie."""

    free: int
    total: int


@dataclass(slots=True)
class Figures:
    """How much there is and how long it waits.

    ``counts`` by kind and state; ``waited`` by kind: how long the oldest that is due has been due; ``queues``: tasks in
    each queue, None where the broker does not answer; ``seen``: how long ago each worker of each queue gave a sign;
    ``missing``: the parts that do not answer (``database``, ``migrations``, ``queue``).
    """

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    waited: dict[str, timedelta] = field(default_factory=dict)
    seen: dict[str, timedelta] = field(default_factory=dict)
    queues: Mapping[str, int] | None = None
    backup: timedelta | None = None
    disk: Disk | None = None
    missing: list[str] = field(default_factory=list)
    has_scanner: bool = False
    is_unscanned_allowed: bool = False

    def count(self, kind: str, *states: str) -> int:
        """Return how many rows of ``kind`` stand in one of ``states``."""
        return sum(self.counts.get((kind, state), 0) for state in states)

    def last_sign_of(self, queue: str) -> timedelta | None:
        """Return how long ago any worker of ``queue`` gave a sign; None where none did within a day."""
        return min((ago for name, ago in self.seen.items() if name.endswith(f"/{queue}")), default=None)
