"""Reading an application whole: its answers in words, as they stand now or as a snapshot froze them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal.applications.answers_shown import Beside, ShownSection, shown_sections
from portal.applications.budget_view import EVERYTHING, ShownLine, Viewer, visible_lines, wages_of
from portal.applications.dossier import Dossier, Line, Part, amount_of, gathered
from portal.applications.models import Application
from portal.applications.states import VatStatus
from portal.calls.answers import municipalities_in
from portal.calls.form_definitions import FormDefinition, QuestionKind
from portal.core.money import ZERO, euro
from portal.core.text import Msg, Text
from portal.partnerships.states import STRATEGY
from portal.places.queries import list_municipalities_by_nis

_CONTACTS = (QuestionKind.PERSON, QuestionKind.IBAN)


def read_application(
    application: Application, dossier: Dossier, *, costs: Sequence[ShownLine] | None = None
) -> list[ShownSection]:
    """Return the sections as they stand (one statement: the names of municipalities).

    `costs` are the lines the reader may see; without them the budget is its total alone.
    """
    answers = dossier.answers or {}
    names = names_of(municipalities_in(dossier.form.questions, answers))
    return shown_sections(dossier.form, answers, beside_of(application, dossier, municipalities=names, costs=costs))


def beside_of(
    application: Application,
    dossier: Dossier,
    *,
    municipalities: Mapping[str, str] | None = None,
    costs: Sequence[ShownLine] | None = None,
) -> Beside:
    """Return what stands beside the answers as they are now; `municipalities` are names by NIS code."""
    return Beside(
        municipalities=municipalities or {},
        organisations=_organisations(application),
        categories={each.code: each.label for each in dossier.terms.cost_categories},
        promotor=application.promotor.name,
        strategy=_strategy(dossier),
        parts=dossier.parts,
        documents=dossier.documents,
        costs=costs,
        costs_amount=dossier.costs_amount,
    )


def read_snapshot(
    application: Application, dossier: Dossier, content: Mapping[str, Any], viewer: Viewer = EVERYTHING
) -> list[ShownSection]:
    """Return the sections as a snapshot froze them: what reviewers and case officers read (one statement).

    `viewer` says whose staff costs are shown line by line. `dossier` gives the form and the call; nothing else of it is read but the state of the strategy.
    """
    answers = {key: value for held in content.get("sections", {}).values() for key, value in held.items()}
    answers |= content.get("calculated", {})
    for question in dossier.form.questions:
        if question.kind is QuestionKind.DECLARATIONS and question.per_partner is None:
            answers[question.key] = content.get("declarations") or answers.get(question.key)
    numbers = {each.organisation.enterprise_number: each.organisation_id for each in application.parts}
    held = content.get("budget", ())
    lines = (Line.held(numbers.get(each["enterprise_number"], 0), each) for each in held)
    costs = visible_lines(lines, viewer, wages_of(application))
    beside = Beside(
        municipalities=names_of(municipalities_in(dossier.form.questions, answers)),
        organisations=_organisations(application),
        categories={each.code: each.label for each in dossier.terms.cost_categories},
        promotor=application.promotor.name,
        strategy=_strategy(dossier),
        parts=tuple(_part(each, numbers) for each in content.get("partners", ())),
        documents=gathered(
            ((each["kind"], numbers.get(each["enterprise_number"])), each["name"])
            for each in content.get("documents", ())
        ),
        costs=costs,
    )
    return shown_sections(dossier.form, answers, beside)


def names_of(codes: set[str]) -> dict[str, str]:
    """Return the municipalities' names by NIS code, of any period (one statement; none without codes)."""
    return {each.nis: each.name for each in list_municipalities_by_nis(codes)} if codes else {}


def _organisations(application: Application) -> dict[str, str]:
    partners = {str(each.organisation_id): each.organisation.name for each in application.partnership.partners}
    return partners | {str(each.organisation_id): each.organisation.name for each in application.parts}


def _strategy(dossier: Dossier) -> Msg | None:
    return STRATEGY.words[dossier.strategy_state].applicant if dossier.strategy_state else None


@dataclass(frozen=True, slots=True)
class FrozenDocument:
    """A document as a snapshot names it: the question it answers, whose it is where each partner gives one, and its digest."""

    label: Text | str
    organisation: str
    name: str
    size: int
    sha256: str


def frozen_documents(
    application: Application, form: FormDefinition, content: Mapping[str, Any]
) -> list[FrozenDocument]:
    """Return the documents of a snapshot, in the order in which they were attached."""
    labels = {each.key: each.label for each in form.questions}
    names = {each.organisation.enterprise_number: each.organisation.name for each in application.parts}
    return [
        FrozenDocument(
            labels.get(each["kind"], each["kind"]),
            names.get(each["enterprise_number"], each["enterprise_number"] or ""),
            each["name"],
            each["size"],
            each["sha256"],
        )
        for each in content.get("documents", ())
    ]


@dataclass(frozen=True, slots=True)
class FrozenSignOff:
    """A partner that had signed off on its part when the application was handed in: who signed for it, and when."""

    organisation: str
    signed_by: str
    signed_at: datetime


def frozen_sign_offs(application: Application, content: Mapping[str, Any]) -> list[FrozenSignOff]:
    """Return the sign-offs of a snapshot, the first to sign first; it holds signers by number, named as they are now."""
    names = {each.organisation.enterprise_number: each.organisation.name for each in application.parts}
    people = {each.signed_by_id: each.signed_by.name for each in application.sign_offs}
    found = [
        FrozenSignOff(
            names.get(each["enterprise_number"], each["enterprise_number"]),
            people.get(each["signed_by"], ""),
            datetime.fromisoformat(each["signed_at"]),
        )
        for each in content.get("sign_offs", ())
    ]
    return sorted(found, key=lambda each: each.signed_at)


def without_contacts(shown: Iterable[ShownSection], form: FormDefinition) -> list[ShownSection]:
    """Return the sections without contact persons and account numbers: who reviews needs neither."""
    asked = {each.key: each.kind for each in form.questions}
    kept = (
        replace(each, answers=tuple(one for one in each.answers if asked[one.key] not in _CONTACTS)) for each in shown
    )
    return [each for each in kept if each.answers]


def _part(held: Mapping[str, Any], numbers: Mapping[str, int]) -> Part:
    percent = held.get("recoverable_percent")
    return Part(
        organisation_id=numbers.get(held["enterprise_number"], 0),
        name=held["name"],
        enterprise_number=held["enterprise_number"],
        kind=held["kind"],
        role=held["role"],
        task=held["task"],
        receives_funds=held["receives_funds"],
        vat_status=VatStatus(held["vat_status"]) if held.get("vat_status") else None,
        recoverable_percent=Decimal(percent) if percent is not None else None,
        earlier_aid={int(year): euro(amount) for year, amount in held.get("earlier_aid", {}).items()},
        earlier_aid_amount=amount_of(held.get("earlier_aid_amount")),
        portal_aid_amount=amount_of(held.get("portal_aid_amount")) or ZERO,
        declarations=frozenset(held.get("declarations") or ()),
    )
