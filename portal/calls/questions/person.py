"""A person to call or e-mail: name, e-mail address and telephone number."""

from __future__ import annotations

from typing import Any

from wtforms import Form, FormField

from portal.calls.answers import PERSON_PARTS, message_about_person
from portal.calls.form_definitions import Question
from portal.calls.questions.field import QuestionField
from portal.calls.questions.setting import Setting
from portal.core.forms import LineField
from portal.core.text import _l
from portal.core.web import translate


class PersonForm(Form):
    name = LineField(_l("Name"))
    email = LineField(_l("E-mail address"))
    phone = LineField(_l("Telephone number"))


class PersonField(QuestionField, FormField):  # type: ignore[type-arg]  # generic in its stubs alone
    """Stored as a mapping of the three; None where all are empty."""

    def __init__(self, question: Question, setting: Setting, **kwargs: Any) -> None:
        super().__init__(question, setting, form_class=PersonForm, **kwargs)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        known = {part: data.get(part) for part in PERSON_PARTS} if isinstance(data, dict) else {}
        super().process(formdata, known)
        for each in self.form:
            each.flags.required = self.question.is_required

    @property
    def is_posted(self) -> bool:
        return any(each.raw_data for each in self.form)

    def stored(self) -> dict[str, str] | None:
        typed = {part: self.form[part].data or "" for part in PERSON_PARTS}
        return typed if any(typed.values()) else None

    def kept(self) -> Any:
        return self.stored()

    def forget_errors(self) -> None:
        for each in self.form:
            each.errors = []

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        for part in PERSON_PARTS:
            field = self.form[part]
            message = message_about_person(part, field.data)
            field.errors = [translate(message)] if message is not None else []
        return not self.errors
