"""What somebody may see of a budget, and its totals: a partner reads another's staff costs only as one total (domain §3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from portal.core.actor import Actor, Role
from portal.core.money import ZERO, total

if TYPE_CHECKING:
    from portal.applications.dossier import Line
    from portal.applications.models import Application, BudgetLine

_READS_ALL = (Role.CASE_OFFICER, Role.REVIEWER, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose eyes: all lines, or other organisations' staff costs as totals only."""

    sees_all: bool
    organisation_ids: frozenset[int] = frozenset()
    is_reviewer: bool = False  # reads every cost, but nobody's contact person or account number
    alias: str = ""  # what a reviewer in a blind round knows the application by; its names are replaced

    def sees_detail(self, organisation_id: int, category: str, wages: frozenset[str]) -> bool:
        """Return whether this viewer reads single lines of the organisation's costs in ``category``.

        ``wages`` are the categories that the call says hold them (``wages_of``).
        """
        return category not in wages or self.reads_wages_of(organisation_id)

    def reads_wages_of(self, organisation_id: int) -> bool:
        """Return whether this viewer reads the organisation's wages line by line."""
        return self.sees_all or organisation_id in self.organisation_ids

    @property
    def key(self) -> str:
        """What a stored view is found by: everything, or the organisations whose staff costs stand line by line."""
        if self.is_reviewer:
            return f"{FOR_REVIEW}:{self.alias}" if self.alias else FOR_REVIEW
        return ALL if self.sees_all else ",".join(str(each) for each in sorted(self.organisation_ids))

    @classmethod
    def named(cls, key: str) -> Viewer:
        """Return the viewer whose `key` this is."""
        if key in (ALL, FOR_REVIEW):
            return EVERYTHING if key == ALL else REVIEWER
        if key.startswith(f"{FOR_REVIEW}:"):
            return reviewer_who_knows(key.partition(":")[2])
        return cls(sees_all=False, organisation_ids=frozenset(int(each) for each in key.split(",") if each))

    def may_open(self, key: str) -> bool:
        """Return whether what was made for the viewer with this key shows this one nothing more than it may see."""
        return (self.sees_all and not self.is_reviewer) or key in (self.key, NOBODY.key)


ALL, FOR_REVIEW = "all", "review"
EVERYTHING = Viewer(sees_all=True)
REVIEWER = Viewer(sees_all=True, is_reviewer=True)


def reviewer_who_knows(alias: str) -> Viewer:
    """Return a reviewer who knows the application by ``alias`` alone."""
    return Viewer(sees_all=True, is_reviewer=True, alias=alias)


NOBODY = Viewer(sees_all=False)
"""Every organisation's staff costs as totals: what all who take part may see."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A cost as it is shown. A total of several has no year, quantity, price or explanation.

    ``number`` is the stored line's, where there is one (a snapshot has none); ``position`` is the line's place in the whole budget, from 1, by which the checklist speaks of it.
    """

    organisation_id: int
    category: str
    amount: Decimal
    number: int | None = None
    year: int | None = None
    quantity: Decimal | None = None
    unit_price_amount: Decimal | None = None
    explanation: str = ""
    position: int | None = None

    @property
    def is_total(self) -> bool:
        return self.quantity is None


def viewer_of(actor: Actor, application: Application) -> Viewer:
    """Return how the actor reads this application's budget: a role of the department opens nothing to a partner's own."""
    mine = {each.organisation_id for each in actor.mandates}
    taking_part = {each.organisation_id for each in application.parts}
    if application.promotor_id in mine:
        return Viewer(sees_all=True)
    return Viewer(actor.has(*_READS_ALL) and mine.isdisjoint(taking_part), frozenset(mine & taking_part))


def wages_of(application: Application) -> frozenset[str]:
    """Return the cost categories that hold wages, as the application's round froze them."""
    round_ = application.round
    terms = round_.terms if round_.terms is not None else round_.call.definition
    return frozenset(each.code for each in terms.cost_categories if each.is_wages)


def visible_lines(lines: Iterable[BudgetLine | Line], viewer: Viewer, wages: frozenset[str]) -> list[ShownLine]:
    """Return the lines the viewer may see, in their order; the wages of another organisation as one total a category."""
    shown: list[ShownLine] = []
    hidden: dict[tuple[int, str], Decimal] = {}
    for position, each in enumerate(lines, start=1):
        if viewer.sees_detail(each.organisation_id, each.category, wages):
            shown.append(_shown(each, position))
        else:
            key = (each.organisation_id, each.category)
            hidden[key] = hidden.get(key, ZERO) + each.amount
    return shown + [ShownLine(*key, amount) for key, amount in hidden.items()]


def amount_in(lines: Iterable[ShownLine], category: str | None = None, year: int | None = None) -> Decimal:
    """Return the sum of the lines, of one category and year where they are given."""
    return total(
        each.amount
        for each in lines
        if (category is None or each.category == category) and (year is None or each.year == year)
    )


@dataclass(frozen=True, slots=True)
class RemovedLine:
    """A cost that somebody removed while another was writing it: what the other typed says whose it would be."""

    application: Application
    organisation_id: int
    category: str


@dataclass(frozen=True, slots=True)
class PartnerBudget:
    """One organisation's costs; ``years`` are those in which it has a line that is shown."""

    organisation_id: int
    lines: Sequence[ShownLine]

    @property
    def amount(self) -> Decimal:
        return amount_in(self.lines)

    @property
    def years(self) -> list[int]:
        return sorted({each.year for each in self.lines if each.year is not None})

    @property
    def has_totals_only(self) -> bool:
        """Whether part of it is shown as a total, so that a sum per year would give it away."""
        return any(each.is_total for each in self.lines)

    def is_total_only(self, category: str) -> bool:
        """Return whether ``category`` is shown as a total, without lines and years."""
        return any(each.is_total and each.category == category for each in self.lines)

    def of(self, category: str, year: int | None = None) -> Decimal:
        """Return what it spends on ``category``, in ``year`` where it is given."""
        return amount_in(self.lines, category, year)


def per_partner(organisation_ids: Iterable[int], lines: Sequence[ShownLine]) -> list[PartnerBudget]:
    """Return a budget for each organisation, in the order given; one without lines costs nothing."""
    return [
        PartnerBudget(number, [each for each in lines if each.organisation_id == number]) for number in organisation_ids
    ]


def _shown(line: BudgetLine | Line, position: int) -> ShownLine:
    return ShownLine(
        line.organisation_id,
        line.category,
        line.amount,
        getattr(line, "id", None),
        line.year,
        line.quantity,
        line.unit_price_amount,
        line.explanation,
        position,
    )
