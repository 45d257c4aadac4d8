"""What every command is given first: who asks, and when the request arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Ctx:
    """One request or task. ``now`` is its arrival in domain time; every decision about time uses it."""

    now: datetime
    actor: Actor
    request_id: str = ""
    seen_at: datetime | None = None  # when our own process first saw it; ``now`` may be a trusted proxy's earlier stamp
    is_overdue: bool = False  # the body was not complete within two minutes of ``now``: late, whatever the stamp says
