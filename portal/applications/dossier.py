"""What the rules read of an application: plain values, so that every rule is a pure function of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from portal.applications.states import State, VatStatus
from portal.calls.definitions import CallDefinition
from portal.calls.form_definitions import FormDefinition, Question, shown_questions
from portal.core.money import ZERO, euro, rounded, total
from portal.partnerships.states import StrategyState


@dataclass(frozen=True, slots=True)
class Part:
    """One organisation's part. ``portal_aid_amount`` is its part of what this portal awarded for forming strategies."""

    organisation_id: int
    name: str
    enterprise_number: str
    kind: str
    role: str
    task: str = ""
    receives_funds: bool = False
    vat_status: VatStatus | None = None
    recoverable_percent: Decimal | None = None
    earlier_aid: Mapping[int, Decimal] = field(default_factory=dict)  # by year; empty where it is one amount
    earlier_aid_amount: Decimal | None = None
    missing_aid_years: tuple[int, ...] = ()
    portal_aid_amount: Decimal = ZERO
    declarations: frozenset[str] = frozenset()

    @property
    def must_prove_vat(self) -> bool:
        return self.receives_funds and self.vat_status in (VatStatus.EXEMPT, VatStatus.MIXED)


@dataclass(frozen=True, slots=True)
class Line:
    """One cost of the budget."""

    organisation_id: int
    category: str
    year: int
    quantity: Decimal
    unit_price_amount: Decimal
    explanation: str

    @property
    def amount(self) -> Decimal:
        return euro(self.quantity * self.unit_price_amount)

    @classmethod
    def held(cls, organisation_id: int, held: Mapping[str, Any]) -> Line:
        """Return a line as a snapshot holds it, of the organisation given."""
        return cls(
            organisation_id,
            held["category"],
            held["year"],
            Decimal(held["quantity"]),
            Decimal(held["unit_price_amount"]),
            held["explanation"],
        )


@dataclass(frozen=True, slots=True)
class Dossier:
    """An application as the rules see it. ``answers`` are by question key; ``documents`` are names by (kind, organisation).

    ``decided_on`` is the day the grant is decided: while that is not known, the day the round's decision is due.
    ``assigned`` is the partner that writes a section, by its code; a section that is not there is everybody's.
    ``signed`` is the digest of what each partner signed off on and nobody cancelled, by organisation.
    ``has_award``: the partnership carries out a strategy with a grant of this programme already.
    """

    terms: CallDefinition
    form: FormDefinition
    closes_at: datetime
    decided_on: date
    earliest_start_on: date
    latest_end_on: date
    minimum_months: int | None
    promotor_id: int
    state: State = State.DRAFT
    submitted_at: datetime | None = None
    answers: Mapping[str, Any] | None = None
    parts: tuple[Part, ...] = ()
    lines: tuple[Line, ...] = ()
    documents: Mapping[tuple[str, int | None], Sequence[str]] = field(default_factory=dict)
    strategy_state: StrategyState | None = None
    has_award: bool = False
    assigned: Mapping[str, int] | None = None
    signed: Mapping[int, str] | None = None

    def answer(self, key: str) -> Any:
        """Return the answer to the question ``key``, or None."""
        return (self.answers or {}).get(key)

    def day(self, key: str) -> date | None:
        """Return a date answer (ISO text), or None where it is missing or unfit."""
        try:
            return date.fromisoformat(str(self.answer(key)))
        except ValueError:
            return None

    def shown(self) -> list[Question]:
        """Return the questions that are asked, given the answers."""
        return list(shown_questions(self.form, self.answers or {}))

    def section_of(self, key: str) -> str | None:
        """Return the code of the section that asks ``key``, or None."""
        return next((each.code for each in self.form.sections for q in each.questions if q.key == key), None)

    @property
    def funded(self) -> list[Part]:
        return [part for part in self.parts if part.receives_funds]

    @property
    def costs_amount(self) -> Decimal:
        return total(line.amount for line in self.lines)

    @property
    def other_income_amount(self) -> Decimal:
        rows = self.answer("other_income")
        listed = rows if isinstance(rows, list) else []
        return total(amount_of(row.get("amount")) or ZERO for row in listed if isinstance(row, dict))

    @property
    def requested_amount(self) -> Decimal:
        """Costs minus other income, by the call's support rate."""
        net = self.costs_amount - self.other_income_amount
        return rounded(Fraction(net) * Fraction(self.terms.support_rate_percent) / 100)

    @property
    def minimum_amount(self) -> Decimal | None:
        """The lowest grant with which the project is still possible; None means no reduction."""
        return amount_of(self.answer("lowest_grant"))

    def without_costs_of(self, organisation_id: int) -> Dossier:
        """Return the dossier as it would be without one organisation's costs."""
        return replace(self, lines=tuple(each for each in self.lines if each.organisation_id != organisation_id))

    def share_of(self, part: Part) -> Decimal:
        """Return the part's own share of the requested grant, in proportion to its costs."""
        if not self.costs_amount:
            return ZERO
        own = total(line.amount for line in self.lines if line.organisation_id == part.organisation_id)
        return rounded(Fraction(own) * Fraction(self.requested_amount) / Fraction(self.costs_amount))


def gathered(documents: Iterable[tuple[tuple[str, int | None], str]]) -> dict[tuple[str, int | None], list[str]]:
    """Return the documents' names by (kind, organisation)."""
    found: dict[tuple[str, int | None], list[str]] = {}
    for key, name in documents:
        found.setdefault(key, []).append(name)
    return found


def amount_of(value: Any) -> Decimal | None:
    """Return a stored amount (text such as ``"12500.50"``, or a number) as euro; None where it is empty or unfit."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        return euro(Decimal(str(value)))
    except InvalidOperation:
        return None
