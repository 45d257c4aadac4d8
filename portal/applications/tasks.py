"""An application as a list of tasks: what each section still asks, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from portal.applications.admissibility import Asked
from portal.applications.checklist import Machine, RuleState, problems_before_submission
from portal.applications.completeness import is_answered
from portal.applications.dossier import Dossier
from portal.calls.form_definitions import SHOWN_ONLY, Question, QuestionKind, Section
from portal.core.actor import Actor
from portal.core.errors import Problem
from portal.core.text import Msg, Text, _l
from portal.core.workflow import Tone

if TYPE_CHECKING:
    from portal.applications.models import Application

# What is only not there yet; every other problem is an answer that goes against a rule.
NOT_THERE_YET = {
    "answer-missing",
    "partner-task-missing",
    "vat-status-missing",
    "recoverable-share-missing",
    "budget-empty",
    "nothing-requested",
    "period-missing",
    "objective-missing",
    "document-missing",
    "no-municipality",
    "no-access-point",
}


class Progress(StrEnum):
    """How far a section is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"  # for the partner that it is assigned to
    COMPLETE = "complete"
    ATTENTION = "attention"


PROGRESS_WORDS: dict[Progress, tuple[Msg, Tone]] = {
    Progress.NOT_STARTED: (_l("Not started"), Tone.NONE),
    Progress.IN_PROGRESS: (_l("In progress"), Tone.PROGRESS),
    Progress.WAITING: (_l("Waiting for a partner"), Tone.WAIT),
    Progress.COMPLETE: (_l("Complete"), Tone.DONE),
    Progress.ATTENTION: (_l("Needs attention"), Tone.ATTENTION),
}
_BY_URGENCY = (Progress.ATTENTION, Progress.IN_PROGRESS, Progress.NOT_STARTED)


@dataclass(frozen=True, slots=True)
class Touch:
    """When a section was last saved, and by whom; ``version`` 0 means never."""

    version: int = 0
    saved_at: datetime | None = None
    saved_by: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One section: how far it is, what it still asks, and who touched it last.

    ``assigned_to`` names the partner that writes it; empty where all do.
    """

    code: str
    title: Text
    progress: Progress
    problems: tuple[Problem, ...]
    touch: Touch
    assigned_to: str = ""

    @property
    def words(self) -> Msg:
        if self.progress is Progress.WAITING:
            return _l("Waiting for %(organisation)s", organisation=self.assigned_to)
        return PROGRESS_WORDS[self.progress][0]

    @property
    def tone(self) -> Tone:
        return PROGRESS_WORDS[self.progress][1]


def tasks_of(dossier: Dossier, touches: Mapping[str, Touch], asked: Asked) -> list[Task]:
    """Return a task for each section of the form, in its order. Declarations are left to the submission."""
    everything = frozenset(each.code for each in dossier.terms.declarations)
    found = list(problems_before_submission(dossier, Asked(asked.at, asked.actor, everything)))
    return [
        _task(
            dossier,
            section,
            touches.get(section.code, Touch()),
            [each for each in found if each.link == section.code],
            asked.actor,
        )
        for section in dossier.form.sections
    ]


def next_task(tasks: Iterable[Task]) -> Task | None:
    """Return the one task to do next: what goes wrong first, then what was begun; None when nothing waits for oneself."""
    listed = list(tasks)
    for wanted in _BY_URGENCY:
        found = next((each for each in listed if each.progress is wanted), None)
        if found is not None:
            return found
    return None


@dataclass(frozen=True, slots=True)
class Changes:
    """How the partnership differs from the application's parts: who joined, who left, whose role changed."""

    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.joined or self.left or self.changed)


def partner_changes(application: Application) -> Changes:
    """Return what bringing the parts up to date would change; who left and still spends, stays until nothing is left."""
    present = {each.organisation_id: each for each in application.partnership.partners if each.ended_on is None}
    parts = {each.organisation_id: each for each in application.parts}
    spending = {each.organisation_id for each in application.lines}
    return Changes(
        tuple(each.organisation.name for number, each in present.items() if number not in parts),
        tuple(
            each.organisation.name
            for number, each in parts.items()
            if number not in present and (each.receives_funds or number not in spending)
        ),
        tuple(
            each.organisation.name
            for number, each in parts.items()
            if number in present and each.role != present[number].role
        ),
    )


def count_unmet(states: Iterable[RuleState]) -> int:
    """Return how many rules would keep the application from being admissible as it stands now."""
    return sum(each.machine is Machine.NOT_MET for each in states)


def _task(dossier: Dossier, section: Section, touch: Touch, problems: list[Problem], actor: Actor) -> Task:
    progress, assigned = _progress(dossier, section, touch, problems), (dossier.assigned or {}).get(section.code)
    if assigned and not actor.may_write_for([assigned]) and progress in (Progress.NOT_STARTED, Progress.IN_PROGRESS):
        progress = Progress.WAITING
    name = next((each.name for each in dossier.parts if each.organisation_id == assigned), "")
    return Task(section.code, section.title, progress, tuple(problems), touch, name)


def _progress(dossier: Dossier, section: Section, touch: Touch, problems: list[Problem]) -> Progress:
    if not problems:
        return Progress.COMPLETE
    begun = touch.version > 0 or any(_is_begun(dossier, each) for each in section.questions)
    if begun and any(each.code not in NOT_THERE_YET for each in problems):
        return Progress.ATTENTION
    return Progress.IN_PROGRESS if begun else Progress.NOT_STARTED


def _is_begun(dossier: Dossier, question: Question) -> bool:
    if question.kind in SHOWN_ONLY:
        return False
    if question.kind is QuestionKind.PARTNERS:
        return any(each.task.strip() for each in dossier.parts)
    if question.kind is QuestionKind.BUDGET:
        return bool(dossier.lines)
    if question.kind is QuestionKind.ATTACHMENT:
        return any(kind == question.key for kind, _ in dossier.documents)
    return is_answered(question, dossier.answer(question.key))
