"""A budget that comes back as a workbook: what it would add, change and remove, or what is wrong in which cell.

Nothing is stored here: the plan is shown first, and `budget.save_lines` carries it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from openpyxl.utils import get_column_letter

from portal.applications.budget_sheet import (
    AMOUNT,
    CATEGORY,
    EXPLANATION,
    LINE,
    MARK,
    ONLY_PRICE,
    PARTNER,
    QUANTITY,
    REFERENCE,
    UNIT_PRICE,
    YEAR,
    mark_of,
)
from portal.applications.commands.budget import MOST_LINES, Change, Cost, problems_with_cost, problems_with_size
from portal.applications.models import Application, BudgetLine
from portal.core.errors import Problem, RuleViolation, refuse_if
from portal.core.forms import parse_euro
from portal.core.spreadsheet import Cell, Sheet, read_sheet
from portal.core.text import Msg, Text, _l

MOST_ROWS = 2 * MOST_LINES
_COLUMN_OF = {
    "organisation": PARTNER,
    "category": CATEGORY,
    "year": YEAR,
    "quantity": QUANTITY,
    "explanation": EXPLANATION,
}


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong in one cell, and how to mend it; ``column`` is its letter."""

    row: int
    column: str
    name: Text
    message: Msg


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose costs may come in (``partners``, by number), whose are left alone, and what the call's form asks."""

    partners: Mapping[int, str]
    others: Sequence[str]
    categories: Mapping[str, Text]
    columns: Sequence[Text]
    longest_explanation: int | None
    year: int
    """The year of a cost in a call that does not ask it."""


@dataclass(slots=True)
class Plan:
    """What the file would do, and ``problems`` where it cannot."""

    added: list[Cost] = field(default_factory=list)
    changed: list[tuple[BudgetLine, Cost]] = field(default_factory=list)
    removed: list[BudgetLine] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    unchanged: int = 0
    left_alone: int = 0
    """How many rows are of partners that the reader does not write for."""

    @property
    def changes(self) -> list[Change]:
        return [
            *(Change(line.id, line.version, cost) for line, cost in self.changed),
            *(Change(line.id, line.version, None) for line in self.removed),
            *(Change(None, 0, cost) for cost in self.added),
        ]


def plan_import(application: Application, scope: Scope, content: bytes) -> Plan:
    """Return what the workbook would do to the costs of the partners in ``scope``.

    RuleViolation for a file that is no export of this budget (``not-an-export``, ``of-another-application``), that is
    older than the budget (``budget-changed-since``), or lacks a column (``column-missing``).
    """
    sheet = read_sheet(content, hidden=MARK, most_rows=MOST_ROWS)
    refuse_if(_problems_with_mark(application, scope, sheet.said))
    plan = _Reader(application, scope, sheet).read()
    refuse_if(problems_with_size(application, plan.changes))
    return plan


def _problems_with_mark(application: Application, scope: Scope, said: Mapping[str, str]) -> Iterator[Problem]:
    if REFERENCE not in said:
        message = _l(
            "This file was not exported from this budget. Export the budget, change that file, and choose it here."
        )
        yield Problem("not-an-export", message, "file")
        return
    if said[REFERENCE] != application.reference:
        message = _l("This file is of application %(other)s, not of this one.", other=said[REFERENCE])
        yield Problem("of-another-application", message, "file")
        return
    yield from problems_with_age(application, scope.partners, said)


def problems_with_age(
    application: Application, partners: Mapping[int, str], said: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield each partner whose costs are not those from which the file, or the plan, was made."""
    standing = mark_of(application.reference, partners, application.lines)
    for number, name in partners.items():
        if said.get(f"partner-{number}") != standing[f"partner-{number}"]:
            message = _l(
                "The costs of %(organisation)s changed since this file was exported. Export the budget again and change that file.",
                organisation=name,
            )
            yield Problem("budget-changed-since", message, "file")


class _Reader:
    """Reads the rows one by one; a row with a problem becomes no part of the plan."""

    def __init__(self, application: Application, scope: Scope, sheet: Sheet) -> None:
        self.application, self.scope, self.sheet = application, scope, sheet
        self.lines = {each.id: each for each in application.lines if each.organisation_id in scope.partners}
        self.by_name = {name.casefold(): number for number, name in scope.partners.items()}
        self.others = {name.casefold() for name in scope.others}
        self.categories = {
            word.casefold(): code for code, label in scope.categories.items() for word in (label.nl, label.en, code)
        }
        self.plan, self.seen = Plan(), set[int]()
        self.places: Mapping[Text, int] = {}
        self.row, self.cells, self.found = 0, sheet.rows[0][1] if sheet.rows else (), list[CellProblem]()

    def read(self) -> Plan:
        if not self.sheet.rows:
            raise RuleViolation([Problem("column-missing", _l("This workbook is empty."), "file")])
        self.places = self._places(self.sheet.rows[0][1])
        for number, cells in self.sheet.rows[1:]:
            self.row, self.cells, self.found = number, cells, []
            self._read_row()
            self.plan.problems += self.found
        self.plan.removed = (
            [] if self.plan.problems else [each for each in self.lines.values() if each.id not in self.seen]
        )
        return self.plan

    def _places(self, head: Sequence[Cell]) -> dict[Text, int]:
        named = {_text(each).casefold(): place for place, each in enumerate(head)}
        found = {
            column: named[word.casefold()]
            for column in self.scope.columns
            for word in (column.nl, column.en)
            if word.casefold() in named
        }
        missing = [each for each in self.scope.columns if each not in found and each is not AMOUNT]
        refuse_if(
            Problem("column-missing", _l("The first row lacks the column “%(column)s”.", column=each), "file")
            for each in missing
        )
        return found

    def _read_row(self) -> None:
        typed = self._typed(PARTNER)
        if typed.casefold() in self.others and not self._names_own_line():
            self.plan.left_alone += 1
            return
        line = self._line()
        cost = self._cost(typed)
        if line is not None:
            self.seen.add(line.id)
        if self.found or cost is None:
            return
        if line is None:
            self.plan.added.append(cost)
        elif Cost.of(line) == cost:
            self.plan.unchanged += 1
        else:
            self.plan.changed.append((line, cost))

    def _names_own_line(self) -> bool:
        value = self._cell(LINE).value
        return isinstance(value, int) and value in self.lines

    def _line(self) -> BudgetLine | None:
        cell = self._cell(LINE)
        if cell.is_empty:
            return None
        number = int(cell.value) if _is_whole(cell.value) else None
        line = None if number is None or cell.is_formula else self.lines.get(number)
        if line is None:
            self._wrong(
                LINE, _l("There is no such line of yours. Leave this cell empty to add the cost as a new line.")
            )
        elif line.id in self.seen:
            self._wrong(
                LINE, _l("This line stands in the file twice. Leave this cell empty to add the cost as a new line.")
            )
        return line

    def _cost(self, partner: str) -> Cost | None:
        organisation_id = self.by_name.get(partner.casefold())
        if organisation_id is None:
            self._wrong(PARTNER, self._about_partner(partner))
        category = self.categories.get(self._typed(CATEGORY).casefold())
        if category is None:
            self._wrong(CATEGORY, _l("Choose a cost category of this call, spelled as in the export."))
        year = self._year()
        price_column = ONLY_PRICE if ONLY_PRICE in self.places else UNIT_PRICE
        quantity = self._number(QUANTITY) if QUANTITY in self.places else Decimal("1.00")
        price, explanation = self._number(price_column), self._explanation()
        if self.found or None in (organisation_id, category, year, quantity, price):
            return None
        cost = Cost(
            organisation_id or 0, category or "", year or 0, quantity or Decimal(0), price or Decimal(0), explanation
        )
        for each in problems_with_cost(self.application, cost):
            self._wrong(_COLUMN_OF.get(each.field or "", price_column), each.message)
        return cost

    def _about_partner(self, partner: str) -> Msg:
        if partner.casefold() in self.others:
            return _l("You do not write for this partner, so none of your lines can become one of its costs.")
        return _l("Choose a partner of this application that can have costs, spelled as in the export.")

    def _year(self) -> int | None:
        if YEAR not in self.places:
            return self.scope.year
        value = self._value(YEAR)
        if _is_whole(value):
            return int(value)
        self._wrong(YEAR, _l("Fill in a year, such as 2023."))
        return None

    def _number(self, column: Text) -> Decimal | None:
        number = _decimal(self._value(column))
        if number is None:
            self._wrong(column, _l("Fill in a number with at most two decimals, such as 12 or 0,5."))
        return number

    def _explanation(self) -> str:
        text, longest = self._typed(EXPLANATION).replace("\r\n", "\n").strip(), self.scope.longest_explanation
        if longest is not None and len(text) > longest:
            self._wrong(EXPLANATION, _l("Shorten this text to %(limit)s characters.", limit=longest))
        return text

    def _typed(self, column: Text) -> str:
        value = self._value(column)
        return "" if value is None else _text(Cell(value))

    def _value(self, column: Text) -> Any:
        cell = self._cell(column)
        if cell.is_formula:
            self._wrong(
                column, _l("This cell holds a formula. Put its result in the cell: copy it, and paste it as a value.")
            )
            return None
        return cell.value

    def _cell(self, column: Text) -> Cell:
        place = self.places[column]
        return self.cells[place] if place < len(self.cells) else Cell()

    def _wrong(self, column: Text, message: Msg) -> None:
        letter = get_column_letter(self.places[column] + 1)
        if not any(each.column == letter for each in self.found):  # the first thing that is wrong in a cell is enough
            self.found.append(CellProblem(self.row, letter, column, message))


def _text(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _is_whole(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().isascii() and value.strip().isdigit() and len(value.strip()) < 19
    return (
        not isinstance(value, bool)
        and isinstance(value, int | float)
        and float(value).is_integer()
        and abs(value) < 1e15
    )


def _decimal(value: Any) -> Decimal | None:
    """Return a figure as it stands in a cell, or as somebody typed it in a text cell; None where it is no such number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = parse_euro(value) if isinstance(value, str) else Decimal(repr(value))
        if not number.is_finite() or number != number.quantize(Decimal("0.01")):
            return None
        return number.quantize(Decimal("0.01"))
    except (InvalidOperation, ValueError):
        return None
