"""The lines of an application's budget."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from portal.applications.commands.signing import cancel_overtaken
from portal.applications.commands.unsent import keep_unsent_text
from portal.applications.commands.writing import (
    is_late,
    refuse_late_text,
    refuse_unless_being_written,
    refuse_unless_writable,
    unlocked,
)
from portal.applications.completion import BUDGET
from portal.applications.models import Application, BudgetLine
from portal.calls.answers import LONGEST_TEXT, MOST_DIGITS
from portal.calls.queries import terms_of
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound, Problem, StaleVersion, refuse_if
from portal.core.text import _l
from portal.partnerships.states import PartnerRole

MOST_UNITS = Decimal("99999999.99")  # numeric(10, 2)
MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Cost:
    """What a line says: ``quantity`` units of ``unit_price_amount`` euro, in a category of the call and a year."""

    organisation_id: int
    category: str
    year: int
    quantity: Decimal
    unit_price_amount: Decimal
    explanation: str = ""

    @classmethod
    def of(cls, line: BudgetLine) -> Cost:
        """Return what a stored line says."""
        return cls(
            line.organisation_id, line.category, line.year, line.quantity, line.unit_price_amount, line.explanation
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one line: without ``line_id`` it is added, without ``cost`` it is removed."""

    line_id: int | None
    base_version: int
    cost: Cost | None


def add_line(ctx: Ctx, application: Application, cost: Cost) -> BudgetLine:
    """Add a cost. RuleViolation for what cannot be stored, and ``round-closed`` after the deadline: it is kept then."""
    _refuse_unfit_or_late(ctx, application, cost)
    line = BudgetLine()
    _fill(line, cost)
    application.lines.append(line)
    db.session.flush()
    cancel_overtaken(ctx, application)
    return line


def save_line(ctx: Ctx, application: Application, line_id: int, cost: Cost, base_version: int) -> BudgetLine:
    """Change a cost; refusals as for ``add_line``, NotFound for a line of another application, and StaleVersion where
    somebody saved it since ``base_version``.
    """
    line = _line(application, line_id)
    _refuse_unfit_or_late(ctx, application, cost)
    if base_version != line.version:
        raise StaleVersion(base_version, line.version)
    _fill(line, cost)
    line.version += 1
    db.session.flush()
    cancel_overtaken(ctx, application)
    return line


def remove_line(ctx: Ctx, application: Application, line_id: int) -> None:
    """Remove a cost; NotFound for a line of another application, RuleViolation after the deadline."""
    refuse_unless_writable(ctx, application, BUDGET)
    line = _line(application, line_id)
    db.session.delete(line)
    application.lines.remove(line)
    db.session.flush()
    cancel_overtaken(ctx, application)


def save_lines(
    ctx: Ctx, application: Application, organisation_ids: Collection[int], changes: Sequence[Change]
) -> None:
    """Add, change and remove costs of these organisations, all of them or none.

    RuleViolation for what cannot be stored, each problem at ``lines-<place in changes>-<field>``, and ``round-closed``
    after the deadline: the costs are kept then. StaleVersion where somebody changed or removed one since. NotFound for
    a line of another organisation.
    """
    refuse_unless_being_written(application)
    standing = {each.id: each for each in application.lines}
    if any(
        each.line_id in standing and standing[each.line_id].organisation_id not in organisation_ids for each in changes
    ):
        raise NotFound
    refuse_if(_problems_with_changes(application, organisation_ids, changes))
    _refuse_late_changes(ctx, application, changes)
    for each in changes:
        present = standing[each.line_id].version if each.line_id in standing else 0
        if each.base_version != present:
            raise StaleVersion(each.base_version, present)
    for each in changes:
        _apply(application, standing.get(each.line_id or 0), each.cost)
    db.session.flush()
    cancel_overtaken(ctx, application)


def _apply(application: Application, line: BudgetLine | None, cost: Cost | None) -> None:
    if line is None:
        if cost is not None:
            added = BudgetLine()
            _fill(added, cost)
            application.lines.append(added)
    elif cost is None:
        application.lines.remove(line)
        db.session.delete(line)
    else:
        _fill(line, cost)
        line.version += 1


def _problems_with_changes(
    application: Application, organisation_ids: Collection[int], changes: Sequence[Change]
) -> Iterator[Problem]:
    roles = {each.organisation_id: each.role for each in application.parts}
    for place, each in enumerate(changes):
        for problem in problems_with_cost(application, each.cost) if each.cost else ():
            yield replace(problem, field=f"lines-{place}-{problem.field}")
        if each.cost and each.cost.organisation_id not in organisation_ids:
            yield Problem("not-a-partner", _l("Choose a partner of this application."), f"lines-{place}-organisation")
        elif each.cost and each.line_id is None and roles.get(each.cost.organisation_id) == PartnerRole.NETWORK:
            message = _l("A network partner receives no funds, so it has no costs.")
            yield Problem("network-partner-spends", message, f"lines-{place}-organisation")
    yield from problems_with_size(application, changes)


def problems_with_size(application: Application, changes: Sequence[Change]) -> Iterator[Problem]:
    """Yield that the budget would hold more lines than it can."""
    grows = sum((each.cost is not None) - (each.line_id is not None) for each in changes)
    if grows > 0 and len(application.lines) + grows > MOST_LINES:
        yield Problem("too-many-lines", _l("A budget holds at most %(most)s lines.", most=MOST_LINES))


def _refuse_late_changes(ctx: Ctx, application: Application, changes: Sequence[Change]) -> None:
    if is_late(ctx, application) or not unlocked(application).holds(BUDGET):
        for each in changes:
            if each.cost:
                keep_unsent_text(ctx, application.id, BUDGET, _typed(each.cost))
        refuse_unless_writable(ctx, application, BUDGET)


def _typed(cost: Cost) -> dict[str, Any]:
    return asdict(cost) | {"quantity": str(cost.quantity), "unit_price_amount": str(cost.unit_price_amount)}


def _refuse_unfit_or_late(ctx: Ctx, application: Application, cost: Cost) -> None:
    refuse_unless_being_written(application)
    refuse_if(problems_with_cost(application, cost))
    refuse_late_text(ctx, application, BUDGET, _typed(cost))


def _line(application: Application, line_id: int) -> BudgetLine:
    found = next((each for each in application.lines if each.id == line_id), None)
    if found is None:
        raise NotFound
    return found


def _fill(line: BudgetLine, cost: Cost) -> None:
    line.organisation_id, line.category, line.year = cost.organisation_id, cost.category, cost.year
    line.quantity, line.unit_price_amount, line.explanation = cost.quantity, cost.unit_price_amount, cost.explanation


def problems_with_cost(application: Application, cost: Cost) -> Iterator[Problem]:
    """Yield why the cost cannot be stored, each problem at its field."""
    if cost.organisation_id not in {each.organisation_id for each in application.parts}:
        yield Problem("not-a-partner", _l("Choose a partner of this application."), "organisation")
    if cost.category not in {each.code for each in terms_of(application.round).cost_categories}:
        yield Problem("category-unknown", _l("Choose a cost category of this call."), "category")
    programme = application.round.call.programme
    if not programme.starts_on.year <= cost.year <= programme.ends_on.year:
        yield Problem("year-outside-programme", _l("Choose a year of the programme."), "year")
    if not (cost.quantity.is_finite() and Decimal("0.01") <= cost.quantity <= MOST_UNITS):
        yield Problem("quantity-unfit", _l("Fill in a quantity above 0."), "quantity")
    elif not (cost.unit_price_amount.is_finite() and 0 <= cost.unit_price_amount <= MOST_DIGITS):
        yield Problem("price-unfit", _l("Fill in a price of 0 euro or more."), "unit_price_amount")
    elif cost.quantity * cost.unit_price_amount > MOST_DIGITS:
        yield Problem("cost-too-large", _l("This cost is too large. Check quantity and price."), "quantity")
    if len(cost.explanation) > LONGEST_TEXT or "\x00" in cost.explanation:
        message = _l("Shorten this text to %(limit)s characters.", limit=LONGEST_TEXT)
        yield Problem("answer-unfit", message, "explanation")
