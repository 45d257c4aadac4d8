"""What happened to a section's answers, read from its versions: who changed which question, and when. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from portal.applications.merging import is_same
from portal.applications.states import RevisionKind
from portal.core.text import Msg, _l

if TYPE_CHECKING:
    from portal.applications.models import SectionRevision
    from portal.calls.form_definitions import Question

# Somebody who pauses longer than this has, for who reads the history, stopped and begun again.
PAUSE = timedelta(minutes=10)
WRITING = frozenset({RevisionKind.SAVED, RevisionKind.AUTOSAVED})
KIND_WORDS: dict[RevisionKind, Msg] = {
    RevisionKind.BEGUN: _l("What the draft began with"),
    RevisionKind.SAVED: _l("Written"),
    RevisionKind.AUTOSAVED: _l("Written"),
    RevisionKind.SET_ASIDE: _l("Set aside for another's text"),
    RevisionKind.RESTORED: _l("An earlier version put back"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One version without its answers."""

    version: int
    kind: RevisionKind
    saved_at: datetime
    person_id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Versions that one person wrote in one go: ``before`` is the version that stood until then, None at the start."""

    before: int | None
    last: Mark
    began_at: datetime

    @property
    def words(self) -> Msg:
        return KIND_WORDS[self.last.kind]

    @property
    def stood(self) -> bool:
        """Return whether its last version was ever the section's."""
        return self.last.kind is not RevisionKind.SET_ASIDE


@dataclass(frozen=True, slots=True)
class Change:
    """One question that a stretch answered otherwise."""

    question: Question
    before: Any
    after: Any


def stretches_of(marks: Sequence[Mark]) -> list[Stretch]:
    """Return the stretches of writing, newest first; ``marks`` are all versions, oldest first."""
    found: list[Stretch] = []
    standing: int | None = None
    for mark in marks:
        last = found[-1] if found else None
        if last is not None and _goes_on(last.last, mark):
            found[-1] = Stretch(last.before, mark, last.began_at)
        else:
            found.append(Stretch(standing, mark, mark.saved_at))
        standing = standing if mark.kind is RevisionKind.SET_ASIDE else mark.version
    return found[::-1]


def _goes_on(last: Mark, mark: Mark) -> bool:
    is_same_person = last.person_id is not None and last.person_id == mark.person_id
    is_writing = last.kind in WRITING and mark.kind in WRITING
    return is_same_person and is_writing and mark.saved_at - last.saved_at <= PAUSE


def changes_between(questions: Iterable[Question], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return the questions that two versions answer differently, in their order."""
    return [
        Change(each, before.get(each.key), after.get(each.key))
        for each in questions
        if not is_same(before.get(each.key), after.get(each.key))
    ]


def last_change(revisions: Sequence[SectionRevision], key: str) -> SectionRevision | None:
    """Return the latest of these versions (oldest first) that changed the answer to `key`; None where none did.

    Version 1 as the oldest was written over nothing: a section that began with answers has a version 0.
    """
    answers: Any = None
    changed: SectionRevision | None = None
    standing = [each for each in revisions if each.kind is not RevisionKind.SET_ASIDE]
    for place, each in enumerate(standing):
        is_known = place > 0 or revisions[0].version == 1
        if is_known and not is_same(answers, each.answers.get(key)):
            changed = each
        answers = each.answers.get(key)
    return changed
