"""What happened to a round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.core.events import Event


@dataclass(frozen=True)
class RoundDrafted(Event, topic="round.drafted"):
    round_id: int


@dataclass(frozen=True)
class RoundAnnounced(Event, topic="round.announced"):
    round_id: int


@dataclass(frozen=True)
class AnnouncementWithdrawn(Event, topic="round.announcement-withdrawn"):
    round_id: int


@dataclass(frozen=True)
class RoundCancelled(Event, topic="round.cancelled"):
    round_id: int


@dataclass(frozen=True)
class DeadlineMoved(Event, topic="round.deadline-moved"):
    round_id: int
    old_closes_at: datetime
    new_closes_at: datetime


@dataclass(frozen=True)
class RoundOpened(Event, topic="round.opened"):
    round_id: int
    opens_at: datetime


@dataclass(frozen=True)
class RoundClosed(Event, topic="round.closed"):
    round_id: int
    closes_at: datetime


@dataclass(frozen=True)
class ReminderSet(Event, topic="reminder.set"):
    """A reminder of a call was added, changed or switched: how long before, and whether it is on now."""

    reminder_id: int
    call_id: int
    kind: str
    amount: int
    unit: str
    is_on: bool


@dataclass(frozen=True)
class RoundInReview(Event, topic="round.in-review"):
    round_id: int


@dataclass(frozen=True)
class ResultsPublished(Event, topic="round.results-published"):
    round_id: int
