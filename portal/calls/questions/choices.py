"""Yes or no, one of a list, several of a list: also partners, cost categories and declarations."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.calls.form_definitions import Question
from portal.calls.questions.field import QuestionField
from portal.calls.questions.setting import Setting
from portal.core.text import _l

_ANSWERS = {"yes": True, "no": False}


class YesNoField(QuestionField, RadioField):
    """Yes or no, nothing chosen beforehand; stored as true or false."""

    def __init__(self, question: Question, setting: Setting, **kwargs: Any) -> None:
        choices = [SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))]
        super().__init__(question, setting, choices=choices, validate_choice=False, **kwargs)
        self.type = "RadioField"

    def process_data(self, value: Any) -> None:
        self.data = next((typed for typed, answer in _ANSWERS.items() if answer is value), None)

    def stored(self) -> Any:
        return _ANSWERS.get(self.data, self.data) if self.data else None


class SingleChoiceField(QuestionField, RadioField):
    """One of the question's options."""

    def __init__(self, question: Question, setting: Setting, **kwargs: Any) -> None:
        choices = [SelectChoice(each.code, each.label) for each in question.options]
        super().__init__(question, setting, choices=choices, validate_choice=False, **kwargs)
        self.type = "RadioField"

    def process_data(self, value: Any) -> None:
        self.data = value


class ListedField(QuestionField, SelectField):
    """One of a longer list, or of a list in a row: a select that begins with nothing chosen."""

    def __init__(self, question: Question, setting: Setting, **kwargs: Any) -> None:
        choices = [SelectChoice("", _("Choose")), *(SelectChoice(*each) for each in self.listed(question, setting))]
        super().__init__(question, setting, choices=choices, validate_choice=False, **kwargs)

    def listed(self, question: Question, setting: Setting) -> list[tuple[str, Any]]:
        """Return the choices as value and words."""
        return [(each.code, each.label) for each in question.options]

    def process_data(self, value: Any) -> None:
        self.data = value


class ListedYesNoField(ListedField):
    """Yes or no in a row."""

    def listed(self, question: Question, setting: Setting) -> list[tuple[str, Any]]:
        return [("yes", _l("Yes")), ("no", _l("No"))]

    def process_data(self, value: Any) -> None:
        self.data = next((typed for typed, answer in _ANSWERS.items() if answer is value), None)

    def stored(self) -> Any:
        return _ANSWERS.get(self.data, self.data) if self.data else None


class PartnerField(ListedField):
    """One of the application's organisations; stored as its number, in text."""

    def listed(self, question: Question, setting: Setting) -> list[tuple[str, Any]]:
        return list(setting.partners.items())


class CostCategoryField(ListedField):
    """One of the call's cost categories; stored as its code."""

    def listed(self, question: Question, setting: Setting) -> list[tuple[str, Any]]:
        return list(setting.categories.items())


class MultipleChoiceField(QuestionField, SelectMultipleField):
    """Several options. The page sends an empty value too, so that unticking all of them is an answer."""

    def __init__(self, question: Question, setting: Setting, **kwargs: Any) -> None:
        choices = [SelectChoice(each.code, each.label) for each in question.options]
        super().__init__(question, setting, choices=choices, validate_choice=False, **kwargs)
        self.type = "SelectMultipleField"

    def process_data(self, value: Any) -> None:
        self.data = [str(each) for each in value] if isinstance(value, list) else []

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = list(dict.fromkeys(each for each in valuelist if each))

    def stored(self) -> list[str]:
        return list(self.data or ())

    def kept(self) -> list[str]:
        return self.stored()


class DeclarationsField(MultipleChoiceField):
    """What is declared for all partners; the signer accepts each again when submitting."""
