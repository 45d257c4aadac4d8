"""What happened to an application, read from the event log and told in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from portal.accounts.queries import list_organisations
from portal.applications.change_models import ChangeRequest
from portal.applications.change_requests import list_changes
from portal.applications.closing import closes_at_for, is_not_submitted
from portal.applications.events import ApplicationExtended, OutcomeRecorded, SectionAssigned
from portal.applications.extensions import list_extensions
from portal.applications.models import Application
from portal.applications.queries import whose_documents
from portal.applications.states import NOT_SUBMITTED, OUTCOME_WORDS, ChangeKind, ChangeState, Outcome
from portal.calls.form_definitions import FormDefinition
from portal.calls.queries import form_of
from portal.core.event_log import EventRow, list_timeline
from portal.core.text import Msg, Text, _l

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
    "application.review-asked": _l("Review asked"),
    "application.review-upheld": _l("Review upheld"),
    "application.review-dismissed": _l("Review dismissed"),
    "application.review-withdrawn": _l("Request for review withdrawn"),
    "application.decision-replaced": _l("New decision after the review"),
}


CHANGE_ASKED: dict[ChangeKind, Msg] = {
    ChangeKind.PROMOTOR: _l("Change of lead partner asked"),
    ChangeKind.LEAVING: _l("Asked that a partner leaves"),
}
CHANGE_TOLD: dict[ChangeState, Msg] = {
    ChangeState.AGREED: _l("Both sides agree with the change"),
    ChangeState.DECLINED: _l("The other side does not agree with the change"),
    ChangeState.WITHDRAWN: _l("Request for a change withdrawn"),
    ChangeState.GRANTED: _l("Change granted"),
    ChangeState.REFUSED: _l("Change not granted"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline; ``exact`` shows its seconds."""

    title: Msg
    at: datetime
    text: Msg | Text | str = ""
    exact: bool = True
    is_now: bool = False


def entries_of(application: Application, at: datetime) -> list[Entry]:
    """Return the application's history, newest first; judgements of single rules are not told before the outcome.

    That it was not submitted is no event: it follows from the deadline, for as long as there is no other.
    """
    rows = [row for row in list_timeline("application", application.id) if _title(row)]
    texts = _subjects(application, rows) | _extensions(application, rows)
    entries = [Entry(_title(row), row.occurred_at, texts.get(row.id, "")) for row in rows]
    entries += [entry for each in list_changes(application.id) for entry in _of_change(each)]
    if is_not_submitted(application, at):
        entries.append(Entry(NOT_SUBMITTED.applicant, closes_at_for(application)))
    entries.sort(key=lambda each: each.at)
    return [replace(each, is_now=each is entries[-1]) for each in reversed(entries)]


def _of_change(change: ChangeRequest) -> Iterator[Entry]:
    """Yield what was asked of the partnership, and each answer to it, with its reason."""
    yield Entry(CHANGE_ASKED[change.kind], change.asked_at, _asked(change))
    for state, title in CHANGE_TOLD.items():
        at = getattr(change, f"{state}_at")
        if at is not None:
            is_judged = state in (ChangeState.GRANTED, ChangeState.REFUSED)
            yield Entry(title, at, change.judgement or "" if is_judged else "")


def _asked(change: ChangeRequest) -> Msg:
    if change.kind is ChangeKind.LEAVING:
        return _l("%(organisation)s. %(reason)s", organisation=change.organisation.name, reason=change.reason)
    return _l(
        "%(organisation)s instead of %(promotor)s. %(reason)s",
        organisation=change.organisation.name,
        promotor=change.promotor.name,
        reason=change.reason,
    )


def _subjects(application: Application, rows: list[EventRow]) -> dict[int, Msg | Text | str]:
    """Return what an event is about, by event: the document, the section and the partner that it names."""
    form, attached = form_of(application.round), whose_documents(application.id)
    partners = {row.id: _partner_of(row, attached) for row in rows}
    names = {
        each.id: each.name for each in list_organisations({each for each in partners.values() if each is not None})
    }
    return {row.id: _subject(row, form, names.get(partners[row.id] or 0, "")) for row in rows}


def _partner_of(row: EventRow, attached: Mapping[int, int | None]) -> int | None:
    if "attachment_id" in row.payload:
        return attached.get(row.payload["attachment_id"])
    partner: int | None = row.payload.get("organisation_id")
    return partner


def _subject(row: EventRow, form: FormDefinition, partner: str) -> Msg | Text | str:
    if "attachment_id" in row.payload:
        document = form.question(row.payload["kind"]).label
        return _l("%(document)s, %(organisation)s", document=document, organisation=partner) if partner else document
    if row.topic == SectionAssigned.topic:
        section = form.section(row.payload["section"])
        who = partner or _l("All who write for the partnership")
        return _l("%(code)s %(title)s: %(who)s", code=section.code, title=section.title, who=who)
    return partner


def _extensions(application: Application, rows: list[EventRow]) -> dict[int, Msg | Text | str]:
    """Return until when and why the application was given more time, by event."""
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
