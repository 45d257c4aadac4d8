"""What a new draft takes over: from the partnership's strategy and area, from its formation, from an earlier application.

Pure. Each answer keeps where it came from and what it was, so that the section shows what changed since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from portal.calls.answers import Known, is_blank, is_stored_in_section, problems_with_answers
from portal.calls.form_definitions import FormDefinition, Question, QuestionKind, Section
from portal.core.text import Msg, Text, _l

if TYPE_CHECKING:
    from portal.applications.dossier import Line
    from portal.applications.models import BudgetLine

STRATEGY, PARTNERSHIP, FORMATION, APPLICATION = "strategy", "partnership", "formation", "application"
SOURCE_WORDS: dict[str, Msg] = {
    STRATEGY: _l("Taken over from the strategy"),
    PARTNERSHIP: _l("Taken over from the partnership"),
    FORMATION: _l("Taken over from the strategy formation"),
    APPLICATION: _l("Taken over from the earlier application"),
}
# A declaration is made anew, and the days of another round's project are not those of this one.
NOT_COPIED = frozenset({QuestionKind.DECLARATIONS, QuestionKind.DATE})


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a new draft's answers can come from, each by question key; ``earlier`` only where one asks to copy."""

    topics: Mapping[str, Any] = field(default_factory=dict)
    area: Collection[str] = ()
    formation: Mapping[str, Any] = field(default_factory=dict)
    earlier: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Carried:
    """One answer that was taken over, and from where."""

    source: str
    answer: Any

    def as_json(self) -> dict[str, Any]:
        return {"source": self.source, "answer": self.answer}


def carried_answers(section: Section, sources: Sources, known: Known) -> dict[str, Carried]:
    """Return what the section begins with, by question key; what the form cannot store any more is left out."""
    found = {each.key: carried for each in section.questions if (carried := _carried(each, sources)) is not None}
    return {
        key: each for key, each in found.items() if not any(problems_with_answers(section, {key: each.answer}, known))
    }


def _carried(question: Question, sources: Sources) -> Carried | None:
    if not is_stored_in_section(question):
        return None
    owner, _, key = (question.carry_from or "").partition(".")
    candidates: Iterable[tuple[str, Any]] = (
        (APPLICATION, None if question.kind in NOT_COPIED else sources.earlier.get(question.key)),
        (STRATEGY, sources.topics.get(key) if owner == STRATEGY else None),
        (FORMATION, sources.formation.get(key) if owner == FORMATION else None),
        (PARTNERSHIP, list(sources.area) if owner == PARTNERSHIP else None),
    )
    return next((Carried(source, answer) for source, answer in candidates if not is_blank(answer)), None)


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Something of the earlier application that the new draft did not take over, and why."""

    what: Text | Msg
    why: Msg


def answers_left_behind(
    earlier_form: FormDefinition, earlier: Mapping[str, Any], carried: Collection[str]
) -> Iterator[LeftBehind]:
    """Yield each answered question of the earlier application whose answer is not in the new draft."""
    for question in earlier_form.questions:
        if not is_stored_in_section(question) or question.key in carried or is_blank(earlier.get(question.key)):
            continue
        if question.kind is QuestionKind.DECLARATIONS:
            why = _l("A declaration is made anew.")
        elif question.kind is QuestionKind.DATE:
            why = _l("The project of this round has other days.")
        else:
            why = _l("This form does not ask it, or asks it in another way.")
        yield LeftBehind(question.label, why)


def may_be_copied(
    line: BudgetLine | Line, *, partners: Collection[int], categories: Collection[str], years: Collection[int]
) -> bool:
    """Return whether a cost of an earlier application can be one of the new draft."""
    return line.organisation_id in partners and line.category in categories and line.year in years


def project_years(starts_on: date, ends_on: date) -> range:
    """Return the years in which a project of the round can have costs."""
    return range(starts_on.year, ends_on.year + 1)
