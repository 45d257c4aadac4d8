"""What the pages inside an application share: whether it can be written now, who left, and what its budget asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.applications.commands.writing import Unlocked, is_late, unlocked
from portal.applications.dossier import Dossier
from portal.applications.models import Application
from portal.applications.states import State
from portal.applications.tasks import Touch
from portal.calls.form_definitions import FormDefinition, Option, Question, QuestionKind
from portal.core.web import ctx


@dataclass(frozen=True, slots=True)
class BudgetQuestion:
    """What the form asks of a cost: ``columns`` by key. A form may ask an amount only, without year and quantity."""

    question: Question | None
    columns: Mapping[str, Question]

    @classmethod
    def of(cls, dossier: Dossier) -> BudgetQuestion:
        """Return the form's budget question; without one, nothing is asked."""
        found = next((each for each in dossier.form.questions if each.kind is QuestionKind.BUDGET), None)
        return cls(found, {each.key: each for each in found.columns} if found else {})

    @property
    def asks_year(self) -> bool:
        return "year" in self.columns

    @property
    def asks_quantity(self) -> bool:
        return "quantity" in self.columns

    @property
    def shortest_explanation(self) -> int:
        column = self.columns.get("explanation")
        return (column.min_characters or 0) if column else 0

    @property
    def longest_explanation(self) -> int | None:
        column = self.columns.get("explanation")
        return column.max_characters if column else None


@dataclass(frozen=True, slots=True)
class PartQuestions:
    """What the form asks of each partner: the columns of its partners by key, its earlier aid, what it declares."""

    columns: Mapping[str, Question]
    earlier_aid: Question | None
    declarations: tuple[Option, ...]

    @classmethod
    def of(cls, form: FormDefinition) -> PartQuestions:
        """Return what the form asks; without a question about partners, nothing."""
        found = next((each for each in form.questions if each.kind is QuestionKind.PARTNERS), None)
        aid = next((q for q in form.questions if q.key == "earlier_aid" and q.per_partner), None)
        declared = (q for q in form.questions if q.kind is QuestionKind.DECLARATIONS and q.per_partner)
        options = tuple(option for question in declared for option in question.options)
        return cls({each.key: each for each in found.columns} if found else {}, aid, options)


NOTHING = Unlocked(frozenset())


def written_now(application: Application) -> Unlocked:
    """Return what can be changed at the moment of the request, whoever asks."""
    is_open = application.state in (State.DRAFT, State.RETURNED) and not is_late(ctx(), application)
    return unlocked(application) if is_open else NOTHING


def is_written_now(application: Application, key: str | None) -> bool:
    """Return whether ``key`` (a section, ``budget``, a part, a document) can be changed at the moment of the request.

    None asks whether the application is being written at all.
    """
    found = written_now(application)
    return found is not NOTHING if key is None else found.holds(key)


def first_year(application: Application, dossier: Dossier) -> int:
    """Return the year in which the project starts: as it is answered, or else as the round foresees."""
    duration = next((rule for rule in dossier.terms.rules if rule.check == "duration"), None)
    start = dossier.day(str(duration.parameters["start"])) if duration else None
    return (start or application.round.projects_start_on).year


def left_of(application: Application) -> frozenset[int]:
    """Return the organisations that have a part in the application but are no longer in its partnership."""
    present = {each.organisation_id for each in application.partnership.partners if each.ended_on is None}
    return frozenset(each.organisation_id for each in application.parts) - present


def touches_of(application: Application) -> dict[str, Touch]:
    """Return when each section was last saved, and by whom, by its code."""
    return {
        each.code: Touch(each.version, each.saved_at, each.saved_by.name if each.saved_by else "")
        for each in application.sections
    }
