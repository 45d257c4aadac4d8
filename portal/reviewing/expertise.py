"""What a reviewer can know about, and what an application is about: the same subjects, so that the two can be matched.

The subjects are those the programmes ask of applicants already: their objectives, the target groups of their forms,
and the provinces. There is no second list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from portal.calls.definitions import ProgrammeDefinition
from portal.calls.form_definitions import FormDefinition, Option, Question, QuestionKind
from portal.core.text import Msg, Text, _l

TARGET_GROUPS = "target_groups"  # the key under which a form asks for them
PRIMARY, SECONDARY = Fraction(1), Fraction(1, 2)


class SubjectKind(StrEnum):
    """The three kinds of subject, in the order pages show them."""

    OBJECTIVE = "objective"  # code: "<programme>/<objective>", because every programme numbers its own
    TARGET_GROUP = "target_group"
    PROVINCE = "province"


class Level(StrEnum):
    """How well a reviewer knows a subject, from most to least. No level: not at all."""

    EXPERT = "expert"
    COMPETENT = "competent"
    AWARE = "aware"


class Language(StrEnum):
    """What a reviewer reads."""

    NL = "nl"
    EN = "en"
    FR = "fr"
    DE = "de"


class Subject(NamedTuple):
    """Something to know about."""

    kind: SubjectKind
    code: str


KINDS: dict[SubjectKind, Msg] = {
    SubjectKind.OBJECTIVE: _l("Objectives"),
    SubjectKind.TARGET_GROUP: _l("Target groups"),
    SubjectKind.PROVINCE: _l("Provinces"),
}
LEVELS: dict[Level, Msg] = {
    Level.EXPERT: _l("Expert"),
    Level.COMPETENT: _l("Competent"),
    Level.AWARE: _l("Aware"),
}
LANGUAGES: dict[Language, Msg] = {
    Language.NL: _l("Dutch"),
    Language.EN: _l("English"),
    Language.FR: _l("French"),
    Language.DE: _l("German"),
}


def objective_code(programme: str, objective: str) -> str:
    """Return the code of a programme's objective as a subject: digibanken/objective_1."""
    return f"{programme}/{objective}"


def objectives_of(programme: ProgrammeDefinition) -> dict[Subject, Text]:
    """Return a programme's objectives as subjects, with their labels."""
    return {
        Subject(SubjectKind.OBJECTIVE, objective_code(programme.code, each.code)): each.label
        for each in programme.objectives
    }


def target_groups_of(form: FormDefinition) -> dict[Subject, Text]:
    """Return the target groups that a form offers as subjects, with their labels."""
    return {
        Subject(SubjectKind.TARGET_GROUP, option.code): option.label
        for section in form.sections
        for question in section.questions
        for option in _groups_in(question)
    }


def groups_aimed_at(form: FormDefinition, answers: Mapping[str, Any]) -> dict[Subject, Fraction]:
    """Return the target groups of an application with their weight.

    Chosen in a list: 1. In a table of users: 1 from an even share of the users on, 1/2 below it; none without users.
    """
    found: dict[Subject, Fraction] = {}
    for question in (each for section in form.sections for each in section.questions):
        if not _groups_in(question):
            continue
        for code, weight in _weighed(question, answers.get(question.key)):
            subject = Subject(SubjectKind.TARGET_GROUP, code)
            found[subject] = max(weight, found.get(subject, weight))
    return found


def municipalities_aimed_at(form: FormDefinition, answers: Mapping[str, Any]) -> set[str]:
    """Return the NIS codes of the municipalities that an application names as its service area."""
    found: set[str] = set()
    for question in (each for section in form.sections for each in section.questions):
        answer = answers.get(question.key)
        if question.kind is QuestionKind.MUNICIPALITIES and isinstance(answer, list):
            found.update(str(nis) for nis in answer)
    return found


def _groups_in(question: Question) -> tuple[Option, ...]:
    asks = question.key == TARGET_GROUPS or question.kind is QuestionKind.TARGETS_PER_YEAR
    return question.options if asks else ()


def _weighed(question: Question, answer: Any) -> Iterable[tuple[str, Fraction]]:
    if isinstance(answer, list):
        return [(str(code), PRIMARY) for code in answer]
    if not isinstance(answer, dict):
        return []
    years = [year for year in answer.values() if isinstance(year, dict)]
    users = {each.code: sum(int(year.get(each.code) or 0) for year in years) for each in question.options}
    even = Fraction(sum(users.values()), len(users) or 1)
    return [(code, PRIMARY if count >= even else SECONDARY) for code, count in users.items() if count > 0]
