"""What waits for somebody: pure values, put in order of urgency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.core.text import Msg

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing that waits for the person: ``due_at`` in domain time, or None where no date presses.

    ``acting_as`` is the role and the organisation for which the person would do it. ``since`` is when it began to wait,
    where that is known; ``application_id`` of a draft, whose deadline can move. ``carries_token``: its link stands for
    the person, and is shown to nobody else.
    """

    title: Msg
    subject: str
    url: str
    button: Msg
    due_at: datetime | None = None
    acting_as: tuple[Msg, str] | None = None
    since: datetime | None = None
    application_id: int | None = None
    carries_token: bool = False


@dataclass(frozen=True, slots=True)
class Agenda:
    """A person's work: due within a week, later (or without a date), and how many in all."""

    soon: Sequence[WorkItem]
    later: Sequence[WorkItem]

    @property
    def count(self) -> int:
        return len(self.soon) + len(self.later)

    @property
    def most_urgent(self) -> WorkItem | None:
        dated = [each for each in (*self.soon, *self.later) if each.due_at is not None]
        return dated[0] if dated else None


def agenda(items: Iterable[WorkItem], at: datetime) -> Agenda:
    """Return ``items`` by deadline, the nearest first; what has no date comes last, in the order it was given."""
    given = list(items)
    dated = sorted((each for each in given if each.due_at is not None), key=lambda each: (each.due_at, each.subject))
    soon = [each for each in dated if each.due_at is not None and each.due_at - at <= SOON]
    undated = [each for each in given if each.due_at is None]
    return Agenda(soon, [*dated[len(soon) :], *undated])
