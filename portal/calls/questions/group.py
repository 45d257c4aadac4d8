"""Rows of a table, such as access points: added and removed by a button, with or without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import Form, FormField

from portal.calls.answers import MOST_ROWS, is_blank, message_about_rows
from portal.calls.form_definitions import Question
from portal.calls.questions.field import QuestionField
from portal.calls.questions.setting import Setting
from portal.core.forms import RowsField
from portal.core.web import translate


class RepeatingGroupField(QuestionField, RowsField):
    """Stored as a list of rows by column; a row in which nothing is filled in is left out."""

    def __init__(
        self, question: Question, setting: Setting, *, column_field: Callable[[Question, Setting], Any], **kwargs: Any
    ) -> None:
        row = type("Row", (Form,), {each.key: column_field(each, setting) for each in question.columns})
        super().__init__(question, setting, unbound_field=FormField(row), max_entries=MOST_ROWS + 1, **kwargs)
        self._is_posted = False

    @property
    def marker(self) -> str:
        """Return the name of the hidden field that says that the rows were on the page, were there none left."""
        return f"{self.name}-rows"

    @property
    def is_posted(self) -> bool:
        return self._is_posted

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self._is_posted = bool(formdata) and self.marker in formdata
        rows = [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []
        # A row that was posted is whole: the rows that are stored may stand in another order by now.
        super().process(formdata if self._is_posted else None, [] if self._is_posted else rows)
        if not self.entries and self.question.is_required and not self._is_posted:
            self.append_entry()

    def add(self) -> None:
        """Put an empty row under the others; nothing where there are as many as a table can hold."""
        if len(self.entries) < MOST_ROWS:
            self.append_entry()

    def remove(self, place: int) -> None:
        """Take out the row at `place`, counted from 0; nothing where there is none."""
        if 0 <= place < len(self.entries):
            del self.entries[place]

    def filled_rows(self) -> list[Any]:
        """Return the rows in which anything is filled in, in their order: what is stored, row by row."""
        return [
            entry for entry in self.entries if any(not is_blank(each.stored()) or each.errors for each in entry.form)
        ]

    def stored(self) -> list[dict[str, Any]]:
        return [{each.short_name: each.stored() for each in entry.form} for entry in self.filled_rows()]

    def kept(self) -> list[dict[str, Any]]:
        return [{each.short_name: each.kept() for each in entry.form} for entry in self.filled_rows()]

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        super().validate(form)
        message = message_about_rows(self.question, self.stored())
        if message is not None:
            self.errors = [translate(message), *self.errors]
        return not self.errors
