"""What every question's field has beside WTForms' own: its question, its answer as it is stored, and who judges it."""

from __future__ import annotations

from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from portal.calls.answers import message_about
from portal.calls.form_definitions import Question, QuestionKind
from portal.calls.questions.setting import Setting
from portal.core.web import translate


class QuestionField(Field):
    """A question as a field. It parses what was typed; `portal.calls.answers` judges whether that can be stored.

    A draft may be incomplete, so nothing is required; `flags.required` only leaves out the word *(optional)*.
    """

    question: Question
    setting: Setting
    is_stored = True
    is_named_in_summary = True  # the same fault may stand at several questions
    is_left_out = False  # its answer has faults, but is not asked, given the other answers

    def __init__(self, question: Question, setting: Setting, **kwargs: Any) -> None:
        self.question, self.setting = question, setting
        super().__init__(label=question.label, description=question.hint or "", **kwargs)  # type: ignore[arg-type]  # a Text; the page translates it
        self.flags.required = question.is_required

    @property
    def partial(self) -> str:
        """Return the name of the template in components/questions that draws this question."""
        return str(self.question.kind)

    @property
    def is_posted(self) -> bool:
        """Return whether the request says anything about this question; if not, its answer stays."""
        return bool(self.raw_data)

    def stored(self) -> Any:
        """Return the answer as it is stored, None where there is none; what did not parse as it was typed."""
        return self.data or None

    def kept(self) -> Any:
        """Return what was typed, to be kept for its author where it cannot be stored."""
        return self.raw_data[0] if self.errors and self.raw_data else self.stored()

    def forget_errors(self) -> None:
        """Take no offence: the question is not asked, given the other answers."""
        self.errors, self.process_errors = [], []

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.process_errors or not self.is_posted:
            return
        message = message_about(self.question, self.stored(), self.setting.known)
        if message is not None:
            raise ValidationError(translate(message))


class ElsewhereField(QuestionField):
    """A question that is answered on a page of its own (documents, partners, budget), or only shown here: also what is calculated."""

    is_stored = False

    @property
    def partial(self) -> str:
        if self.question.per_partner is not None and self.question.kind is not QuestionKind.ATTACHMENT:
            return "per_partner"
        return super().partial

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take nothing: there is nothing to type here."""
        self.data, self.process_errors = None, []

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        return True
