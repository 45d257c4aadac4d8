"""One's own deadlines as a calendar (RFC 5545), for a program that reads it again and again.

The body changes only when a deadline does: what is written as the moment of a change is a fact of the portal, and never
the moment of the answer. A calendar holds what My work shows, and so hides what My work hides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import url_for
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from portal.core.actor import Actor
from portal.core.clock import BRUSSELS
from portal.core.text import Msg, _l
from portal.core.web import translate
from portal.desk.decision_queries import list_decisions_expected
from portal.desk.queries import count_moves
from portal.desk.rules import WorkItem
from portal.desk.work import items_for

READ_AGAIN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Entry:
    """One date of a calendar. ``at``: a moment, or a whole day. ``moves``: how often it was moved, the last at ``changed_at``."""

    title: Msg
    subject: str
    path: str
    key: str
    at: datetime | date
    changed_at: datetime
    moves: int = 0


def entries_for(actor: Actor, at: datetime, since: datetime, first_page: str) -> list[Entry]:
    """Return the actor's dates at ``at``, the first one first, in a fixed number of statements.

    ``since`` is when the calendar was made: what does not say when it began is as old as that. ``first_page`` stands for
    a link that a calendar must not hold.
    """
    dated = [each for each in items_for(actor, at) if each.due_at is not None]
    moved = count_moves({each.application_id for each in dated if each.application_id is not None})
    entries = [_of_item(each, moved, since, first_page) for each in dated]
    for reference, name, day, at_ in list_decisions_expected([each.organisation_id for each in actor.mandates]):
        title, path = _l("Decision expected"), url_for("applications.application", ref=reference)
        entries.append(Entry(title, f"{name}, {reference}", path, f"decision:{reference}", day, at_ or since))
    return sorted(entries, key=lambda each: (_day(each.at), each.key))


def _of_item(item: WorkItem, moved: Mapping[int, tuple[int, datetime]], since: datetime, first_page: str) -> Entry:
    count, moved_at = moved.get(item.application_id or 0, (0, None))
    began = item.since or since
    return Entry(
        title=item.title,
        subject=item.subject,
        path=first_page if item.carries_token else item.url,
        key=f"{item.title}|{item.url}",
        at=item.due_at or since,
        changed_at=max(began, moved_at) if moved_at else began,
        moves=count,
    )


def _day(at: datetime | date) -> str:
    return at.astimezone(UTC).isoformat() if isinstance(at, datetime) else at.isoformat()


def write_calendar(entries: Iterable[Entry], base_url: str, host: str) -> bytes:
    """Return the calendar in the language of the present locale; equal entries give equal bytes."""
    calendar = Calendar()
    name = translate(_l("Digibank portal: my deadlines"))
    calendar.add("prodid", "-//Digibankportaal//Deadlines//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", str(BRUSSELS))
    calendar.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", READ_AGAIN)
    calendar.add_component(_brussels())
    for each in entries:
        calendar.add_component(_event(each, base_url, host))
    return bytes(calendar.to_ical())


def _event(entry: Entry, base_url: str, host: str) -> Event:
    event, address = Event(), f"{base_url.rstrip('/')}{entry.path}"
    event.add("uid", f"{hashlib.sha256(entry.key.encode()).hexdigest()[:32]}@{host}")
    event.add("summary", f"{translate(entry.title)}: {entry.subject}")
    event.add("dtstart", entry.at.astimezone(BRUSSELS) if isinstance(entry.at, datetime) else entry.at)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.moves)
    event.add("description", address)
    event.add("url", address)
    event.add("transp", "TRANSPARENT")  # a deadline does not make its reader busy
    return event


def _brussels() -> Timezone:
    """Return the zone by its rule: the library would write each change of the clock apart, and only for some years."""
    zone = Timezone()
    zone.add("tzid", str(BRUSSELS))
    summer, winter = timedelta(hours=2), timedelta(hours=1)
    for part, name, begins, month, before, after in (
        (TimezoneStandard(), "CET", datetime(1996, 10, 27, 3), 10, summer, winter),  # noqa: DTZ001 - local by definition
        (TimezoneDaylight(), "CEST", datetime(1996, 3, 31, 2), 3, winter, summer),  # noqa: DTZ001
    ):
        part.add("dtstart", begins)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        zone.add_component(part)
    return zone
