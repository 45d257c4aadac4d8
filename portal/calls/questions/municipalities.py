"""Municipalities: several by province, or one, by name or postal code."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import gettext
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.calls.form_definitions import Question
from portal.calls.questions.field import QuestionField
from portal.calls.questions.setting import Setting, Town
from portal.core.formats import format_enumeration
from portal.core.forms import LineField


class MunicipalitiesField(QuestionField, SelectMultipleField):
    """Several municipalities; stored as NIS codes, in the order of the list.

    `sought` is what somebody searches, by name or postal code; `found` are the NIS codes that it gave.
    """

    sought = ""
    found: Collection[str] = ()

    def __init__(self, question: Question, setting: Setting, **kwargs: Any) -> None:
        choices = [SelectChoice(each.nis, each.name) for each in setting.towns]
        super().__init__(question, setting, choices=choices, validate_choice=False, **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = [str(each) for each in value] if isinstance(value, list) else []

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = sorted({each for each in valuelist if each})

    def stored(self) -> list[str]:
        return list(self.data or ())

    def kept(self) -> list[str]:
        return self.stored()

    def chosen(self) -> list[str]:
        """Return the names of what is chosen, in the order of the list."""
        chosen = set(self.data or ())
        return [each.name for each in self.setting.towns if each.nis in chosen]


class MunicipalityField(QuestionField, LineField):
    """One municipality, typed by name or postal code with suggestions; stored as a list of one NIS code."""

    data: str

    def __init__(self, question: Question, setting: Setting, **kwargs: Any) -> None:
        super().__init__(question, setting, render_kw={"list": "municipalities"}, **kwargs)

    def process_data(self, value: Any) -> None:
        nis = value[0] if isinstance(value, list) and value else ""
        self.data = self.setting.town_names.get(nis, str(nis))

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        meant = self._meant()
        if len(meant) > 1:
            names = format_enumeration([each.name for each in meant])
            raise ValueError(
                gettext("Several municipalities have this postal code: %(names)s. Type a name.", names=names)
            )
        if self.data and not meant:
            raise ValueError(gettext("No municipality has this name or postal code. Choose one from the list."))

    def stored(self) -> list[str] | None:
        meant = self._meant()
        return [meant[0].nis] if len(meant) == 1 else None

    def _meant(self) -> list[Town]:
        return self.setting.towns_typed(self.data or "")
