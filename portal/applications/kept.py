"""A text that was kept for its author, read question by question, whatever page it was typed on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.applications.answers_shown import Beside, Shape, ShownAnswer, Value, value_of
from portal.calls.form_definitions import FormDefinition, Question
from portal.core.text import Msg, Text, _l

# What the pages of the budget and of a partner's part call what the form's own columns ask.
_COLUMNS = {"organisation_id": "partner", "unit_price_amount": "unit_price", "earlier_aid_amount": "earlier_aid"}


def kept_answers(form: FormDefinition, answers: Mapping[str, Any], beside: Beside) -> list[ShownAnswer]:
    """Return what was typed, in its order; what no question asks is shown under the word it came with."""
    asked = {column.key: column for question in form.questions for column in question.columns}
    asked |= {question.key: question for question in form.questions}
    return [_shown(key, asked.get(_COLUMNS.get(key, key)), answer, beside) for key, answer in answers.items()]


def where_typed(form: FormDefinition, code: str, beside: Beside) -> tuple[str, Text | Msg | str]:
    """Return the code and the words of the page a text was typed on: a section, the budget, a partner's part."""
    kind, _, number = code.partition(":")
    if kind == "part":
        return "", beside.organisations.get(number, number)
    if kind == "budget":
        return "", _l("Project budget")
    return code, next((each.title for each in form.sections if each.code == code), "")


def _shown(key: str, question: Question | None, answer: Any, beside: Beside) -> ShownAnswer:
    if key.startswith("aid_"):
        year = key.removeprefix("aid_")
        label = Text(f"DAEB-de-minimissteun van {year}", f"De-minimis aid of {year}")
        return ShownAnswer(key, label, Value(Shape.PROSE, str(answer)))
    if question is None:
        return ShownAnswer(key, Text(key, key), Value(Shape.PROSE, str(answer)) if answer else Value(Shape.BLANK))
    return ShownAnswer(key, question.label, value_of(question, answer, beside))
