"""What a call's reminders come to in its running rounds: when the next one goes out, and to how many people today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.accounts.queries import list_lead_ids
from portal.applications.reminding import list_completions_due, list_near_drafts, list_sign_offs_due
from portal.calls.models import Reminder
from portal.calls.reminders import Waiting, list_reminders
from portal.calls.reminding import ReminderKind, Reminding, next_moment
from portal.decisions.reminding import list_awards_to_answer
from portal.reviewing.reminding import list_due_reviews, list_invitations_due


@dataclass(frozen=True, slots=True)
class Next:
    """The next time that a reminder goes out as things stand: when, for which rounds, and to how many people."""

    at: datetime
    rounds: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Row:
    """A reminder of a call, and what it comes to; None where nothing waits for it."""

    reminder: Reminder
    next: Next | None


WAITING: dict[ReminderKind, Callable[[datetime], Sequence[Waiting]]] = {
    ReminderKind.DRAFT: list_near_drafts,
    ReminderKind.SIGN_OFF: lambda at: list_sign_offs_due(list_near_drafts(at)),
    ReminderKind.COMPLETION: lambda at: [each for _, each in list_completions_due(at)],
    ReminderKind.INVITATION: lambda at: [each for each, _ in list_invitations_due(at)],
    ReminderKind.REVIEW: lambda at: [each for each, _ in list_due_reviews(at)],
    ReminderKind.AWARD: lambda at: [each for each, _ in list_awards_to_answer(at)],
}


def rows_of(call_id: int, at: datetime) -> dict[ReminderKind, list[Row]]:
    """Return a call's reminders by kind, each with its next time; a fixed number of statements for each kind."""
    reminders = list_reminders(call_id)
    found: dict[ReminderKind, list[Row]] = {}
    for kind in ReminderKind:
        mine = [each for each in reminders if each.kind is kind]
        waiting = [each for each in WAITING[kind](at) if each.call_id == call_id] if mine else []
        leads = list_lead_ids({number for each in waiting for number in each.organisation_ids})
        found[kind] = [Row(each, _next(each, waiting, leads, at)) for each in mine]
    return found


def _next(
    reminder: Reminder, waiting: Sequence[Waiting], leads: dict[int, frozenset[int]], at: datetime
) -> Next | None:
    if not reminder.is_on:
        return None
    reminding = Reminding(reminder.lead, reminder.set_at)
    moments = [(next_moment(reminding, each.deadline, each.since, at), each) for each in waiting]
    coming = [(moment, each) for moment, each in moments if moment is not None]
    if not coming:
        return None
    first = min(moment for moment, _ in coming)
    told = [each for moment, each in coming if moment == first]
    people = {person for each in told for person in _people(each, leads)}
    return Next(first, tuple(sorted({each.round_code for each in told})), len(people))


def _people(waiting: Waiting, leads: dict[int, frozenset[int]]) -> set[int]:
    if waiting.person_id is not None:
        return {waiting.person_id}
    return {person for number in waiting.organisation_ids for person in leads.get(number, frozenset())}
