"""Whether an answer can be stored at all: its type, its bounds of size, and only what the form asks.

A draft may be incomplete, so nothing here asks for an answer; completeness is the checklist's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.calls.form_definitions import SHOWN_ONLY, Question, QuestionKind, Section
from portal.core.errors import Problem
from portal.core.text import Msg, _l

MOST_DIGITS = Decimal("9999999999.99")  # numeric(12, 2): what an amount column holds
LONGEST_TEXT = 100_000  # characters: a draft may exceed its limit, to be shortened later, but not without end
MOST_ROWS = 200
_NUMERIC = {QuestionKind.NUMBER, QuestionKind.MONEY}
_LISTS = {QuestionKind.MULTIPLE_CHOICE, QuestionKind.MUNICIPALITIES, QuestionKind.DECLARATIONS}
_ELSEWHERE = SHOWN_ONLY | {QuestionKind.ATTACHMENT, QuestionKind.PARTNERS, QuestionKind.BUDGET}


def problems_with_answers(section: Section, answers: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what keeps ``answers`` (by question key) from being stored in ``section``; blank answers never do."""
    asked = {each.key: each for each in section.questions if each.kind not in _ELSEWHERE}
    for key, answer in answers.items():
        if key not in asked:
            yield Problem("question-unknown", _l("The form asks no such question. Open the page again."), None)
        else:
            yield from _problems(asked[key], answer, key)


def _problems(question: Question, answer: Any, field: str) -> Iterator[Problem]:
    if answer is None or answer == "":
        return
    if question.kind is QuestionKind.REPEATING_GROUP:
        yield from _problems_with_rows(question, answer, field)
        return
    message = _message(question, answer)
    if message is not None:
        yield Problem("answer-unfit", message, field)


def _problems_with_rows(question: Question, answer: Any, field: str) -> Iterator[Problem]:
    if not isinstance(answer, list) or len(answer) > MOST_ROWS or not all(isinstance(row, Mapping) for row in answer):
        yield Problem("answer-unfit", _l("Give at most %(rows)s rows.", rows=MOST_ROWS), field)
        return
    columns = {column.key: column for column in question.columns}
    for number, row in enumerate(answer):
        for key, value in row.items():
            if key not in columns:
                yield Problem("question-unknown", _l("The form asks no such question. Open the page again."), field)
            else:
                yield from _problems(columns[key], value, f"{field}-{number}-{key}")


def _message(question: Question, answer: Any) -> Msg | None:
    kind = question.kind
    found = None
    if kind in _NUMERIC:
        found = None if _is_amount(answer) else _l("Fill in a number of 0 or more, such as 12500.50.")
    elif kind is QuestionKind.DATE:
        found = None if _is_date(answer) else _l("Fill in a date that exists.")
    elif kind is QuestionKind.YES_NO:
        found = None if isinstance(answer, bool) else _l("Answer with yes or no.")
    elif kind is QuestionKind.SINGLE_CHOICE:
        found = None if _is_choice_of(question, [answer]) else _l("Choose an answer from the list.")
    elif kind in _LISTS:
        found = None if _is_choice_of(question, answer) else _l("Choose an answer from the list.")
    elif kind in {QuestionKind.PERSON, QuestionKind.TARGETS_PER_YEAR}:
        found = None if isinstance(answer, Mapping) else _l("Fill in this question again.")
    elif not isinstance(answer, str) or len(answer) > LONGEST_TEXT or "\x00" in answer:
        found = _l("Shorten this text to %(limit)s characters.", limit=question.max_characters or LONGEST_TEXT)
    return found


def _is_amount(answer: Any) -> bool:
    if isinstance(answer, bool) or not isinstance(answer, str | int | Decimal):
        return False
    try:
        value = Decimal(answer)
    except InvalidOperation:
        return False
    return value.is_finite() and 0 <= value <= MOST_DIGITS


def _is_date(answer: Any) -> bool:
    try:
        return bool(date.fromisoformat(answer))
    except (TypeError, ValueError):
        return False


def _is_choice_of(question: Question, answer: Any) -> bool:
    if not isinstance(answer, list) or len(answer) > 1000 or not all(isinstance(each, str) for each in answer):
        return False
    return not question.options or set(answer) <= {each.code for each in question.options}
