"""Municipalities: several by province, or one by its name."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.calls.form_definitions import Question
from portal.calls.questions.field import QuestionField
from portal.calls.questions.setting import Setting
from portal.core.forms import LineField
from portal.places.search_key import search_key


class MunicipalitiesField(QuestionField, SelectMultipleField):
    """Several municipalities; stored as NIS codes, in the order of the list."""

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
    """One municipality, typed by name with suggestions; stored as a list of one NIS code."""

    data: str

    def __init__(self, question: Question, setting: Setting, **kwargs: Any) -> None:
        super().__init__(question, setting, render_kw={"list": "municipalities"}, **kwargs)

    def process_data(self, value: Any) -> None:
        nis = value[0] if isinstance(value, list) and value else ""
        self.data = self.setting.town_names.get(nis, str(nis))

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data and self.stored() is None:
            raise ValueError(gettext("No municipality has this name. Choose one from the list."))

    def stored(self) -> list[str] | None:
        typed = (self.data or "").strip()
        nis = typed if typed in self.setting.town_names else self.setting.towns_by_key.get(search_key(typed))
        return [nis] if nis else None
