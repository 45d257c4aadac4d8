"""What happened to an application, read from the event log and told in plain words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from portal.applications.closing import closes_at_for, is_not_submitted
from portal.applications.events import ApplicationExtended, OutcomeRecorded
from portal.applications.extensions import list_extensions
from portal.applications.models import Application
from portal.applications.states import NOT_SUBMITTED, OUTCOME_WORDS, Outcome
from portal.core.event_log import EventRow, list_timeline
from portal.core.text import Msg, _l

WORDS: dict[str, Msg] = {
    "application.begun": _l("Application begun"),
    "application.submitted": _l("Application submitted"),
    "application.reopened": _l("Application reopened"),
    "application.returned": _l("Completion asked"),
    "application.completed": _l("Completion handed in"),
    "application.withdrawn": _l("Application withdrawn"),
    "application.admitted": _l("Found admissible"),
    "application.found-inadmissible": _l("Found inadmissible"),
    "application.signed-off": _l("A partner signed off on its part"),
    "application.sign-off-cancelled": _l("A change cancelled a partner’s sign-off"),
    "application.sign-off-asked": _l("A partner was asked to sign off"),
    "application.funds-left-out": _l("Goes on without funds for a partner"),
    "application.funds-taken-in": _l("The costs of a partner count again"),
    "application.handed-over": _l("Passed to a colleague"),
    "application.section-assigned": _l("Section assigned"),
    "application.file-attached": _l("Document attached"),
    "application.file-removed": _l("Document removed"),
    "application.submission-refused": _l("Submission refused"),
    "application.extended": _l("More time to submit"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline; ``exact`` shows its seconds."""

    title: Msg
    at: datetime
    text: Msg | str = ""
    exact: bool = True
    is_now: bool = False


def entries_of(application: Application, at: datetime) -> list[Entry]:
    """Return the application's history, newest first; judgements of single rules are not told before the outcome.

    That it was not submitted is no event: it follows from the deadline, for as long as there is no other.
    """
    rows = [row for row in list_timeline("application", application.id) if _title(row)]
    texts = _texts(application, rows)
    entries = [Entry(_title(row), row.occurred_at, texts.get(row.id, "")) for row in rows]
    if is_not_submitted(application, at):
        entries.append(Entry(NOT_SUBMITTED.applicant, closes_at_for(application)))
    entries.sort(key=lambda each: each.at)
    return [replace(each, is_now=each is entries[-1]) for each in reversed(entries)]


def _texts(application: Application, rows: list[EventRow]) -> dict[int, Msg]:
    """Return what is told beside a title, by event: until when and why the application was given more time."""
    told = {row.payload["extension_id"]: row.id for row in rows if row.topic == ApplicationExtended.topic}
    if not told:
        return {}
    return {
        told[each.id]: _l(
            "Until %(new)s, instead of %(old)s. %(reason)s",
            new=each.new_closes_at,
            old=each.old_closes_at,
            reason=each.reason,
        )
        for each in list_extensions(application.id)
        if each.id in told
    }


def _title(row: EventRow) -> Msg:
    if row.topic == OutcomeRecorded.topic:
        return OUTCOME_WORDS[Outcome(row.payload["outcome"])].applicant
    return WORDS.get(row.topic, Msg(""))
