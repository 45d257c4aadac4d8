"""Short and long texts, and account numbers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from wtforms.validators import ValidationError

from portal.calls.answers import count_words
from portal.calls.form_definitions import Question
from portal.calls.questions.field import QuestionField
from portal.calls.questions.setting import Setting
from portal.core.forms import LineField, ProseField

ENTERPRISE_DIGITS = 10


class TextField(QuestionField):
    """A text whose words are counted where the question limits them. A limit refuses with the excess, and never cuts."""

    def pre_validate(self, form: Any) -> None:
        limit, count = self.question.max_words, count_words(self.data or "")
        if limit is not None and count > limit:
            raise ValidationError(
                gettext(
                    "This is %(count)s words; the limit is %(limit)s. Shorten it by %(excess)s.",
                    count=count,
                    limit=limit,
                    excess=count - limit,
                )
            )
        super().pre_validate(form)


class ShortTextField(TextField, LineField):
    """One line. Longer than the question's limit is refused with the excess."""

    def pre_validate(self, form: Any) -> None:
        limit, length = self.question.max_characters, len(self.data or "")
        if limit is not None and length > limit:
            raise ValidationError(
                gettext(
                    "This is %(length)s characters; the limit is %(limit)s. Shorten it by %(excess)s.",
                    length=length,
                    limit=limit,
                    excess=length - limit,
                )
            )
        super().pre_validate(form)


class LongTextField(TextField, ProseField):
    """Prose, counted while one types. A text over the limit that was not touched does not stop a save."""

    def __init__(self, question: Question, setting: Setting, **kwargs: Any) -> None:
        super().__init__(question, setting, max_characters=question.max_characters, **kwargs)


class IbanField(QuestionField, LineField):
    """An account number, typed with or without spaces; stored without, shown in groups of four."""

    def stored(self) -> str | None:
        compact = "".join(self.data.split()).replace(".", "").replace("-", "").upper() if self.data else ""
        return compact or None

    def _value(self) -> str:
        if self.raw_data:
            return self.data or ""
        compact = self.stored() or ""
        return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))


class OrganisationField(QuestionField, LineField):
    """An organisation by its enterprise number, typed with or without points and BE; stored as its ten digits."""

    def stored(self) -> str | None:
        compact = "".join(self.data.split()).replace(".", "").replace("-", "").upper() if self.data else ""
        return compact.removeprefix("BE") or None

    def _value(self) -> str:
        number = self.stored() or ""
        if self.raw_data or len(number) != ENTERPRISE_DIGITS:
            return self.data or ""
        return f"{number[:4]}.{number[4:7]}.{number[7:]}"
