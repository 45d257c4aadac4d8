"""The form of many costs of one partner at once: a row for each, filled, blank, changed or ticked to be removed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Form, FormField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from portal.applications.commands.budget import Change, Cost
from portal.applications.models import BudgetLine
from portal.applications.views.forms_inside import QuantityField
from portal.applications.views.inside import BudgetQuestion
from portal.core.errors import Problem
from portal.core.forms import EuroField, PortalForm, ProseField, RowsField
from portal.core.money import ZERO, euro
from portal.core.web import translate

_FIELDS = ("category", "year", "quantity", "unit_price_amount", "explanation")


class CostRow(Form):
    """One cost. ``was`` is the digest of what the row showed, so that a row nobody touched overwrites nothing."""

    number = IntegerField(widget=HiddenInput())
    version = IntegerField(widget=HiddenInput())
    was = HiddenField()
    category = SelectField(_("Cost category"), [InputRequired(_("Choose a cost category."))])
    year = SelectField(_("Year"), [InputRequired(_("Choose a year."))], coerce=int)
    quantity = QuantityField(_("Quantity"), [InputRequired(_("Fill in a quantity above 0."))])
    unit_price_amount = EuroField(_("Unit price"), [InputRequired(_("Fill in a price of 0 euro or more."))])
    explanation = ProseField(_("Explanation"))
    remove = BooleanField(_("Remove this cost"))

    theirs: BudgetLine | None = None
    """What stands now, where somebody else saved the line since this page was opened."""
    is_gone = False
    """Whether somebody else removed the line since."""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed in a row that stands for no line yet: its choices alone say nothing."""
        typed = (self[name] for name in ("quantity", "unit_price_amount", "explanation") if name in self)
        return self.number.data is None and not any(
            str(each.raw_data[0] or "").strip() if each.raw_data else each.data for each in typed
        )

    @property
    def amount(self) -> Decimal | None:
        """What the row comes to, where it can be read."""
        quantity = self.quantity.data if "quantity" in self else Decimal(1)
        price = self.unit_price_amount.data
        return None if quantity is None or price is None else euro(quantity * price)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask nothing of a row that is blank or goes away."""
        return True if self.is_blank or self.remove.data else bool(super().validate(extra_validators))

    def stand_on(self, line: BudgetLine | None) -> None:
        """Let the row, with what was typed in it, stand for the line as it is now; for a new one where it is gone."""
        self.theirs, self.is_gone = line, line is None
        for field, value in zip(
            (self.number, self.version, self.was), _identity(line) if line else (None, None, ""), strict=True
        ):
            field.data, field.raw_data = value, None


class CostsForm(PortalForm):
    lines = RowsField(FormField(CostRow))

    def rows(self) -> list[CostRow]:
        """Return the rows, in the order of the page."""
        return [each.form for each in self.lines]

    def changed(self) -> list[CostRow]:
        """Return the rows that stand for a change, in their order: the places that the command's problems name."""
        return [
            each for each in self.rows() if not each.is_blank and (each.number.data is not None or not each.remove.data)
        ]

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each problem at the cell it speaks of."""
        rows, elsewhere = self.told, []
        for each in problems:
            _lines, _, rest = (each.field or "").partition("-")
            place, _, name = rest.partition("-")
            if place.isdigit() and int(place) < len(rows):
                row = rows[int(place)]
                field = row[name if name in row else "explanation"]
                field.errors = [*field.errors, translate(each.message)]
                self.problems.append(each)
            else:
                elsewhere.append(each)
        super().show_problems(elsewhere)

    told: Sequence[CostRow] = ()
    """The rows whose changes were told to the command."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a row chooses from, and what a new one begins with."""

    asked: BudgetQuestion
    categories: Mapping[str, Any]
    years: Sequence[int]
    category: str | None
    year: int

    def dress(self, row: CostRow) -> None:
        """Give the row its choices, and take from it what this call does not ask."""
        row.category.choices = [SelectChoice("", gettext("Choose a category"))]
        row.category.choices += [SelectChoice(code, translate(label)) for code, label in self.categories.items()]
        row.explanation.max_characters = self.asked.longest_explanation
        for name in _FIELDS:
            if name in row:
                row[name].flags.required = True
        if self.asked.asks_year:
            row.year.choices = [SelectChoice(each, str(each)) for each in self.years]
        else:
            del row.year
        if not self.asked.asks_quantity:
            del row.quantity
            row.unit_price_amount.label.text = gettext("Amount")

    def add_row(self, form: CostsForm) -> None:
        """Put a blank row under the others."""
        form.lines.append_entry({"category": self.category or "", "year": self.year})
        self.dress(form.rows()[-1])


def costs_form(lines: Sequence[BudgetLine], choices: Choices, *, blank: int) -> CostsForm:
    """Return the form with a row for each line and ``blank`` more, or with what was posted."""
    is_posted = request.method == "POST"  # what was posted is whole: the lines may stand in another order by now
    form = CostsForm(data={"lines": [] if is_posted else [_shown(each) for each in lines]})
    for row in form.rows():
        choices.dress(row)
    if not is_posted:
        for _more in range(blank):
            choices.add_row(form)
    return form


def changes_in(form: CostsForm, organisation_id: int, choices: Choices) -> list[Change]:
    """Return what the command must do; a row that says what it showed is left alone, whoever changed the line since."""
    told, changes = [], []
    for row in form.changed():
        cost = None if row.remove.data else _cost(row, organisation_id, choices)
        if cost is None or row.number.data is None or digest(cost) != row.was.data:
            told.append(row)
            changes.append(Change(row.number.data, row.version.data or 0, cost))
    form.told = told
    return changes


def digest(cost: Cost) -> str:
    """Return a short fingerprint of what a cost says."""
    said = [f"{each:f}" if isinstance(each, Decimal) else str(each) for each in astuple(cost)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _cost(row: CostRow, organisation_id: int, choices: Choices) -> Cost:
    return Cost(
        organisation_id,
        row.category.data,
        row.year.data if "year" in row else choices.year,
        euro(row.quantity.data or ZERO) if "quantity" in row else Decimal("1.00"),
        euro(row.unit_price_amount.data or ZERO),
        row.explanation.data or "",
    )


def _shown(line: BudgetLine) -> dict[str, Any]:
    number, version, was = _identity(line)
    return {"number": number, "version": version, "was": was} | {name: getattr(line, name) for name in _FIELDS}


def _identity(line: BudgetLine) -> tuple[int, int, str]:
    return line.id, line.version, digest(Cost.of(line))
