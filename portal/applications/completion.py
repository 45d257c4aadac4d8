"""What a case officer can ask to complete, by name: only that opens again, everything else stays as it was handed in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.applications.document_slots import slots_of
from portal.applications.dossier import Dossier
from portal.calls.form_definitions import SHOWN_ONLY, Question, QuestionKind, Section
from portal.core.errors import Problem
from portal.core.text import Msg, Text, _l

BUDGET = "budget"
PARTNERS = "partners"  # who takes part: never asked as a completion, a change of it is a request of its own
LONGEST_ASK = 1500
_APART = {QuestionKind.ATTACHMENT, QuestionKind.BUDGET, QuestionKind.PARTNERS, *SHOWN_ONLY}


@dataclass(frozen=True, slots=True)
class Askable:
    """One thing that can be opened again: a section's answers, the budget, a partner's part, or a document.

    ``key`` is what the commands know it by; ``organisation`` is its name where each partner has one of its own.
    """

    key: str
    label: Text | Msg
    section: Section
    organisation: str = ""
    organisation_id: int | None = None
    question: str = ""

    @property
    def name(self) -> str:
        """The key as a name in a form."""
        return self.key.replace(":", "-")


def part_key(organisation_id: int) -> str:
    """Return the key of a partner's part."""
    return f"part:{organisation_id}"


def askables_of(dossier: Dossier) -> list[Askable]:
    """Return everything that can be asked, section by section in the form's order."""
    return [each for section in dossier.form.sections for each in _of_section(dossier, section)]


def _of_section(dossier: Dossier, section: Section) -> Iterator[Askable]:
    if any(_is_answered_here(each) for each in section.questions):
        yield Askable(section.code, _l("The answers of this section"), section)
    kinds = {each.kind for each in section.questions}
    if QuestionKind.BUDGET in kinds:
        yield Askable(BUDGET, _l("The costs of all partners"), section)
    if QuestionKind.PARTNERS in kinds:
        for part in dossier.parts:
            label = _l("The part of %(organisation)s", organisation=part.name)
            yield Askable(part_key(part.organisation_id), label, section, organisation_id=part.organisation_id)
    keys = {each.key for each in section.questions}
    for slot in slots_of(dossier, ()):
        if slot.question.key in keys:
            number = slot.part.organisation_id if slot.part else None
            yield Askable(
                slot.key,
                slot.question.label,
                section,
                slot.part.name if slot.part else "",
                number,
                slot.question.key,
            )


def _is_answered_here(question: Question) -> bool:
    """Whether the section's own page asks it; what each partner says stands in its part, declarations with the submission."""
    return (
        question.kind not in _APART and question.per_partner is None and question.kind is not QuestionKind.DECLARATIONS
    )


def problems_before_asking(
    asked: Mapping[str, str], known: Collection[str], infected: Collection[str], due_at: datetime, at: datetime
) -> Iterator[Problem]:
    """Yield why this cannot be asked: no time, nothing named, too long, or a refused document that nobody could replace."""
    if due_at <= at:
        yield Problem("due-in-the-past", _l("Choose a moment that lies ahead."), "due_at")
    if not asked:
        yield Problem("nothing-asked", _l("Name at least one section, part or document, and say what is missing."))
    if not set(asked) <= set(known):
        yield Problem(
            "asked-unknown", _l("This application has no such section, part or document. Open the page again.")
        )
    for key, text in asked.items():
        if not text.strip() or len(text) > LONGEST_ASK:
            yield Problem(
                "ask-unfit", _l("Say what is missing, in at most %(limit)s characters.", limit=LONGEST_ASK), key
            )
    if set(infected) - set(asked):
        message = _l("The virus scanner refused a document. Ask for it too: without it nothing can be handed in.")
        yield Problem("infected-not-asked", message)


def asked_of(dossier: Dossier, asked: Mapping[str, str]) -> list[tuple[Askable, str]]:
    """Return what was asked, each with its text, in the form's order."""
    return [(each, asked[each.key]) for each in askables_of(dossier) if each.key in asked]
