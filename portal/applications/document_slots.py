"""Which documents an application asks, of whom, and what is attached for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.applications.dossier import Dossier, Part
from portal.calls.definitions import CallDefinition, DocumentDefinition
from portal.calls.form_definitions import Question, QuestionKind

if TYPE_CHECKING:
    from portal.applications.models import Attachment


@dataclass(frozen=True, slots=True)
class Slot:
    """One document that is asked, of one partner where the form asks each: ``attached`` is what stands there for it."""

    question: Question
    part: Part | None
    attached: Sequence[Attachment]

    @property
    def key(self) -> str:
        return document_key(self.question.key, self.part.organisation_id if self.part else None)

    @property
    def is_answered(self) -> bool:
        """Whether one of them counts: what the scanner refused does not."""
        return any(each.counts for each in self.attached)


def document_key(question: str, organisation_id: int | None) -> str:
    """Return the key of the documents that answer a question, of one partner where each gives its own."""
    return f"document:{question}" if organisation_id is None else f"document:{question}:{organisation_id}"


def slots_of(dossier: Dossier, attachments: Iterable[Attachment]) -> list[Slot]:
    """Return a slot for each document that is asked, in the form's order and the parts'."""
    standing = [each for each in attachments if each.removed_at is None]
    return [
        Slot(question, part, [each for each in standing if _fits(each, question, part)])
        for question in dossier.shown()
        if question.kind is QuestionKind.ATTACHMENT
        for part in _asked_of(dossier, question)
    ]


def template_for(terms: CallDefinition, question: Question) -> DocumentDefinition | None:
    """Return the call's template of the document that ``question`` asks: its slug is the question's key, with dashes."""
    slug = question.key.replace("_", "-")
    return next((each for each in terms.documents if each.slug == slug and each.kind == "template"), None)


def unasked(slots: Iterable[Slot], attachments: Iterable[Attachment]) -> list[Attachment]:
    """Return what is attached although nothing asks it any more, such as of a partner that receives no funds now."""
    asked = {each.id for slot in slots for each in slot.attached}
    return [each for each in attachments if each.removed_at is None and each.id not in asked]


def _asked_of(dossier: Dossier, question: Question) -> Iterator[Part | None]:
    if question.per_partner is None:
        yield None
        return
    for part in dossier.funded:
        if question.per_partner != "funded_exempt_or_mixed" or part.must_prove_vat:
            yield part


def _fits(attachment: Attachment, question: Question, part: Part | None) -> bool:
    return attachment.kind == question.key and attachment.organisation_id == (part.organisation_id if part else None)
