"""Targets per year: a whole number for each group and year."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from wtforms import Form, FormField, StringField

from portal.calls.answers import message_about_count
from portal.calls.form_definitions import Question
from portal.calls.questions.field import QuestionField
from portal.calls.questions.setting import Setting
from portal.core.forms import LineField
from portal.core.web import translate


class CountField(LineField):
    """A whole number; dots between the thousands may be typed. `count` is None where nothing was, or no number."""

    is_named_in_summary = True

    def process_data(self, value: Any) -> None:
        self.data = "" if value is None else str(value)

    @property
    def count(self) -> int | None:
        """Return the number that was typed."""
        digits = "".join((self.data or "").replace(".", "").split())
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


class TargetsPerYearField(QuestionField, FormField):  # type: ignore[type-arg]  # generic in its stubs alone
    """Stored as counts by year and code of the option; years and groups without a number are left out."""

    def __init__(self, question: Question, setting: Setting, **kwargs: Any) -> None:
        year_form = type("YearForm", (Form,), {each.code: CountField(each.label) for each in question.options})
        years = type("YearsForm", (Form,), {str(year): FormField(year_form) for year in setting.years})
        super().__init__(question, setting, form_class=years, **kwargs)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        known = {str(year): counts for year, counts in data.items()} if isinstance(data, dict) else {}
        super().process(formdata, {year: known.get(year) or {} for year in map(str, self.setting.years)})

    @property
    def is_posted(self) -> bool:
        return any(cell.raw_data for _year, _code, cell in self.cells())

    def cells(self) -> list[tuple[str, str, CountField]]:
        """Return every cell with its year and code, year by year."""
        return [(year.short_name, cell.short_name, cell) for year in self.form for cell in year.form]

    def cell(self, year: int, code: str) -> StringField:
        """Return the cell of one year and group."""
        found: StringField = self.form[str(year)].form[code]
        return found

    def stored(self) -> dict[str, dict[str, int]] | None:
        counts: dict[str, dict[str, int]] = {}
        for year, code, cell in self.cells():
            if cell.count is not None:
                counts.setdefault(year, {})[code] = cell.count
        return counts or None

    def kept(self) -> Any:
        typed: dict[str, dict[str, str]] = {}
        for year, code, cell in self.cells():
            if cell.data:
                typed.setdefault(year, {})[code] = cell.data
        return typed or None

    def forget_errors(self) -> None:
        for _year, _code, cell in self.cells():
            cell.errors = []

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        for _year, _code, cell in self.cells():
            cell.errors = []
            if cell.data and cell.count is None:
                cell.errors = [gettext("Fill in a whole number, such as 120.")]
            elif (message := message_about_count(self.question, cell.count)) is not None:
                cell.errors = [translate(message)]
        return not self.errors
