"""What happened to an application, read from the event log and told in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.applications.events import OutcomeRecorded
from portal.applications.states import OUTCOME_WORDS, Outcome
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
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline; ``exact`` shows its seconds."""

    title: Msg
    at: datetime
    text: str = ""
    exact: bool = True
    is_now: bool = False


def entries_of(application_id: int) -> list[Entry]:
    """Return the application's history, newest first; judgements of single rules are not told before the outcome."""
    rows = [row for row in list_timeline("application", application_id) if _title(row)]
    entries = [Entry(_title(row), row.occurred_at, is_now=row is rows[-1]) for row in rows]
    return entries[::-1]


def _title(row: EventRow) -> Msg:
    if row.topic == OutcomeRecorded.topic:
        return OUTCOME_WORDS[Outcome(row.payload["outcome"])].applicant
    return WORDS.get(row.topic, Msg(""))
