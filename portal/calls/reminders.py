"""Reading a call's reminders, and what waits for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.calls.models import Call, Reminder, RoundMove
from portal.calls.reminding import MOST, LeadUnit, ReminderKind, Reminding
from portal.core.db import db, get_one

FARTHEST = timedelta(days=MOST[LeadUnit.DAYS])  # no reminder is sent longer before than this


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that is not done yet: its deadline, since when that holds, and who would be reminded.

    Those who may sign for ``organisation_ids`` are, or else the one ``person_id``.
    """

    subject_id: int
    call_id: int
    round_code: str
    deadline: datetime | date
    since: datetime
    organisation_ids: tuple[int, ...] = ()
    person_id: int | None = None


def remindings_of(kind: ReminderKind) -> Mapping[int, Sequence[Reminding]]:
    """Return the reminders of ``kind`` that are switched on, by call; a call without any has an empty list."""
    stmt = sa.select(Reminder).where(Reminder.kind == kind, Reminder.is_on)
    found: dict[int, list[Reminding]] = defaultdict(list)
    for each in db.session.scalars(stmt):
        found[each.call_id].append(Reminding(each.lead, each.set_at))
    return found


def list_reminders(call_id: int) -> list[Reminder]:
    """Return the reminders of a call, those that are switched off too, the earliest first within each kind."""
    rows = db.session.scalars(sa.select(Reminder).where(Reminder.call_id == call_id))
    kinds = list(ReminderKind)
    hours = {LeadUnit.DAYS: 24, LeadUnit.HOURS: 1}
    return sorted(rows, key=lambda each: (kinds.index(each.kind), -each.amount * hours[each.unit], each.id))


def get_reminder(number: int, *, lock: bool = False) -> Reminder:
    """Return a reminder with its call and programme; NotFound where there is none such."""
    stmt = sa.select(Reminder).where(Reminder.id == number)
    return get_one(stmt.options(joinedload(Reminder.call).joinedload(Call.programme)), lock=lock)


def moved_at(round_id: sa.ColumnElement[int]) -> sa.ScalarSelect[datetime]:
    """Return when a round's deadline was moved last; null where it never was."""
    return sa.select(sa.func.max(RoundMove.moved_at)).where(RoundMove.round_id == round_id).scalar_subquery()
