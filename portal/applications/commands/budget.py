"""The lines of an application's budget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal

from portal.applications.commands.writing import refuse_late_text, refuse_unless_being_written, refuse_unless_writable
from portal.applications.models import Application, BudgetLine
from portal.calls.answers import LONGEST_TEXT, MOST_DIGITS
from portal.calls.queries import terms_of
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound, Problem, StaleVersion, refuse_if
from portal.core.text import _l

MOST_UNITS = Decimal("99999999.99")  # numeric(10, 2)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a line says: ``quantity`` units of ``unit_price_amount`` euro, in a category of the call and a year."""

    organisation_id: int
    category: str
    year: int
    quantity: Decimal
    unit_price_amount: Decimal
    explanation: str = ""


def add_line(ctx: Ctx, application: Application, cost: Cost) -> BudgetLine:
    """Add a cost. RuleViolation for what cannot be stored, and ``round-closed`` after the deadline: it is kept then."""
    _refuse_unfit_or_late(ctx, application, cost)
    line = BudgetLine()
    _fill(line, cost)
    application.lines.append(line)
    db.session.flush()
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
    return line


def remove_line(ctx: Ctx, application: Application, line_id: int) -> None:
    """Remove a cost; NotFound for a line of another application, RuleViolation after the deadline."""
    refuse_unless_writable(ctx, application)
    db.session.delete(_line(application, line_id))
    db.session.flush()
    db.session.expire(application, ["lines"])


def _refuse_unfit_or_late(ctx: Ctx, application: Application, cost: Cost) -> None:
    refuse_unless_being_written(application)
    refuse_if(_problems(application, cost))
    typed = asdict(cost) | {"quantity": str(cost.quantity), "unit_price_amount": str(cost.unit_price_amount)}
    refuse_late_text(ctx, application, "budget", typed)


def _line(application: Application, line_id: int) -> BudgetLine:
    found = next((each for each in application.lines if each.id == line_id), None)
    if found is None:
        raise NotFound
    return found


def _fill(line: BudgetLine, cost: Cost) -> None:
    line.organisation_id, line.category, line.year = cost.organisation_id, cost.category, cost.year
    line.quantity, line.unit_price_amount, line.explanation = cost.quantity, cost.unit_price_amount, cost.explanation


def _problems(application: Application, cost: Cost) -> Iterator[Problem]:
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
