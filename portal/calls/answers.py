"""Whether an answer can be stored at all: its type, its bounds of size, and only what the form asks.

A draft may be incomplete, so nothing here asks for an answer; completeness is the checklist's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from stdnum import iban
from stdnum.be import vat

from portal.calls.form_definitions import SHOWN_ONLY, WITH_LIMIT, Question, QuestionKind, Section
from portal.core.errors import Problem
from portal.core.text import Msg, _l

MOST_DIGITS = Decimal("9999999999.99")  # numeric(12, 2): what an amount column holds
LONGEST_TEXT = 100_000  # characters: a draft may exceed its limit, to be shortened later, but not without end
LONGEST_LINE = 200
MOST_ROWS = 200
MOST_CHOICES = 1000
LARGEST_COUNT = 1_000_000_000
PERSON_PARTS = ("name", "email", "phone")
FIRST_YEAR, LAST_YEAR = 2000, 2100  # a date outside them is a slip of the hand
_AMOUNT = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?")  # as many digits as MOST_DIGITS
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
_ELSEWHERE = SHOWN_ONLY | {QuestionKind.ATTACHMENT, QuestionKind.PARTNERS, QuestionKind.BUDGET}

UNKNOWN = _l("The form asks no such question. Open the page again.")
_NO_CHOICE = _l("Choose an answer from the list.")
_AGAIN = _l("Fill in this question again.")


@dataclass(frozen=True, slots=True)
class Known:
    """What an answer may name: NIS codes, numbers of partners (as text), cost categories. None leaves it unchecked."""

    municipalities: Collection[str] | None = None
    partners: Collection[str] | None = None
    categories: Collection[str] | None = None


ANYTHING = Known()


def problems_with_answers(section: Section, answers: Mapping[str, Any], known: Known = ANYTHING) -> Iterator[Problem]:
    """Yield what keeps ``answers`` (by question key) from being stored in ``section``; blank answers never do."""
    asked = {each.key: each for each in section.questions if is_stored_in_section(each)}
    for key, answer in answers.items():
        if key not in asked:
            yield Problem("question-unknown", UNKNOWN, None)
        else:
            yield from _problems(asked[key], answer, key, known)


def municipalities_in(questions: Iterable[Question], answers: Mapping[str, Any]) -> set[str]:
    """Return the NIS codes that the answers (by question key) hold, those in the rows of a table included."""
    found: set[str] = set()
    for question in questions:
        answer = answers.get(question.key)
        if question.kind is QuestionKind.MUNICIPALITIES:
            found.update(_codes(answer))
        for column in question.columns:
            if column.kind is QuestionKind.MUNICIPALITIES and isinstance(answer, list):
                for row in answer:
                    found.update(_codes(row.get(column.key)) if isinstance(row, Mapping) else ())
    return found


def _codes(answer: Any) -> list[str]:
    return [each for each in answer if isinstance(each, str)] if isinstance(answer, list | tuple) else []


def is_stored_in_section(question: Question) -> bool:
    """Return whether the question is answered in its section; the others have a page of their own, or are shown only."""
    return question.kind not in _ELSEWHERE and question.per_partner is None


def is_blank(answer: Any) -> bool:
    """Return whether nothing was answered: None, an empty text, list or mapping. ``False`` and ``"0"`` are answers."""
    return answer is None or answer in ("", [], {})


def count_words(text: str) -> int:
    """Return how many words the text has: what stands between white space."""
    return len(text.split())


def is_storable(text: str) -> bool:
    """Return whether PostgreSQL can hold the text: without NUL, and real Unicode."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def message_about(question: Question, answer: Any, known: Known = ANYTHING) -> Msg | None:
    """Return what keeps one answer, of a question without rows, from being stored; None for what fits or is blank."""
    if answer is None or answer == "":
        return None
    return _CHECKS.get(question.kind, _text)(question, answer, known)


def message_about_rows(question: Question, rows: Any) -> Msg | None:
    """Return what is wrong with a table as such; its cells are judged one by one."""
    most = min(MOST_ROWS, int(question.maximum) if question.maximum is not None else MOST_ROWS)
    if not isinstance(rows, list) or len(rows) > most or not all(isinstance(row, Mapping) for row in rows):
        return _l("Give at most %(rows)s rows.", rows=most)
    return None


def message_about_person(part: str, text: Any) -> Msg | None:
    """Return what is wrong with a person's name, e-mail address or telephone number."""
    if is_blank(text):
        return None
    if not isinstance(text, str) or len(text) > LONGEST_LINE or not is_storable(text):
        return _l("Fill in at most %(limit)s characters.", limit=LONGEST_LINE)
    if part == "email" and not _ADDRESS.fullmatch(text):
        return _l("Fill in an e-mail address such as eva.claes@noordheide.example.")
    return None


def message_about_count(question: Question, count: Any) -> Msg | None:
    """Return what is wrong with one target of one year."""
    most = int(question.maximum) if question.maximum is not None else LARGEST_COUNT
    if count is None or (isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= most):
        return None
    return _l("Fill in a whole number from 0 to %(maximum)s.", maximum=most)


def _problems(question: Question, answer: Any, field: str, known: Known) -> Iterator[Problem]:
    if answer is None or answer == "":
        return
    if question.kind is QuestionKind.REPEATING_GROUP:
        yield from _problems_with_rows(question, answer, field, known)
        return
    message = message_about(question, answer, known)
    if message is not None:
        yield Problem("answer-unfit", message, field)


def _problems_with_rows(question: Question, answer: Any, field: str, known: Known) -> Iterator[Problem]:
    message = message_about_rows(question, answer)
    if message is not None:
        yield Problem("answer-unfit", message, field)
        return
    columns = {column.key: column for column in question.columns}
    for number, row in enumerate(answer):
        for key, value in row.items():
            if key not in columns:
                yield Problem("question-unknown", UNKNOWN, field)
            else:
                yield from _problems(columns[key], value, f"{field}-{number}-{key}", known)


def _text(question: Question, answer: Any, _known: Known) -> Msg | None:
    if isinstance(answer, str) and not is_storable(answer):
        return _l("This text holds a character that cannot be stored. Type it again.")
    if not isinstance(answer, str) or len(answer) > LONGEST_TEXT:
        limit = question.max_characters if question.kind in WITH_LIMIT else LONGEST_LINE
        return _l("Shorten this text to %(limit)s characters.", limit=limit or LONGEST_TEXT)
    return None


def _figure(question: Question, answer: Any, _known: Known) -> Msg | None:
    if not isinstance(answer, str) or not _AMOUNT.fullmatch(answer):
        return _l("Fill in a number of 0 or more, such as 12,500.50.")
    is_money = question.kind is QuestionKind.MONEY
    least, most = ((each if is_money else _plain(each)) for each in (question.minimum, question.maximum))
    if question.minimum is not None and Decimal(answer) < question.minimum:
        return _l("Fill in %(minimum)s or more.", minimum=least)
    if question.maximum is not None and Decimal(answer) > question.maximum:
        return _l("Fill in %(maximum)s or less.", maximum=most)
    return None


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def _date(_question: Question, answer: Any, _known: Known) -> Msg | None:
    try:
        is_real = FIRST_YEAR <= date.fromisoformat(answer).year <= LAST_YEAR and len(answer) == len("2022-11-01")
    except (TypeError, ValueError):
        is_real = False
    return None if is_real else _l("Fill in a date that exists.")


def _yes_no(_question: Question, answer: Any, _known: Known) -> Msg | None:
    return None if isinstance(answer, bool) else _l("Answer with yes or no.")


def _single(question: Question, answer: Any, known: Known) -> Msg | None:
    return _choices(question, [answer], known)


def _choices(question: Question, answer: Any, known: Known) -> Msg | None:
    if not isinstance(answer, list) or len(answer) > MOST_CHOICES or not all(isinstance(each, str) for each in answer):
        return _NO_CHOICE
    allowed = _allowed(question, known)
    if allowed is not None and not set(answer) <= set(allowed):
        return _NO_CHOICE
    if not all(len(each) <= LONGEST_LINE and is_storable(each) for each in answer):
        return _NO_CHOICE
    if question.maximum is not None and len(answer) > question.maximum:
        return _l("Choose at most %(maximum)s.", maximum=int(question.maximum))
    return None


def _allowed(question: Question, known: Known) -> Collection[str] | None:
    if question.options:
        return {each.code for each in question.options}
    return {
        QuestionKind.MUNICIPALITIES: known.municipalities,
        QuestionKind.PARTNER: known.partners,
        QuestionKind.COST_CATEGORY: known.categories,
    }.get(question.kind)


def _iban(_question: Question, answer: Any, _known: Known) -> Msg | None:
    return None if isinstance(answer, str) and is_account(answer) else _l("Check the account number.")


def is_account(number: str) -> bool:
    """Return whether an IBAN without spaces passes its check digits, a Belgian one both pairs of them.

    Not stdnum's country check: it also consults an ageing list of banks and refuses valid accounts (domain §7).
    """
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}", number) or not iban.is_valid(number, check_country=False):
        return False
    if not number.startswith("BE"):
        return True
    digits = number[4:]
    return bool(re.fullmatch(r"[0-9]{12}", digits)) and (int(digits[:10]) % 97 or 97) == int(digits[10:])


def _organisation(_question: Question, answer: Any, _known: Known) -> Msg | None:
    is_number = isinstance(answer, str) and re.fullmatch(r"[01][0-9]{9}", answer) is not None and vat.is_valid(answer)
    return None if is_number else _l("Check the enterprise number: ten digits, such as 1999.000.150.")


def _person(_question: Question, answer: Any, _known: Known) -> Msg | None:
    if not isinstance(answer, Mapping) or not set(answer) <= set(PERSON_PARTS):
        return _AGAIN
    return next((found for part, text in answer.items() if (found := message_about_person(part, text))), None)


def _targets(question: Question, answer: Any, _known: Known) -> Msg | None:
    if not isinstance(answer, Mapping) or len(answer) > LAST_YEAR - FIRST_YEAR:
        return _AGAIN
    codes = {each.code for each in question.options}
    for year, counts in answer.items():
        if not re.fullmatch(r"2[01][0-9]{2}", str(year)) or not isinstance(counts, Mapping) or not set(counts) <= codes:
            return _AGAIN
        for count in counts.values():
            if (found := message_about_count(question, count)) is not None:
                return found
    return None


_CHECKS: dict[QuestionKind, Callable[[Question, Any, Known], Msg | None]] = {
    QuestionKind.NUMBER: _figure,
    QuestionKind.MONEY: _figure,
    QuestionKind.DATE: _date,
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.SINGLE_CHOICE: _single,
    QuestionKind.PARTNER: _single,
    QuestionKind.COST_CATEGORY: _single,
    QuestionKind.MULTIPLE_CHOICE: _choices,
    QuestionKind.MUNICIPALITIES: _choices,
    QuestionKind.DECLARATIONS: _choices,
    QuestionKind.IBAN: _iban,
    QuestionKind.ORGANISATION: _organisation,
    QuestionKind.PERSON: _person,
    QuestionKind.TARGETS_PER_YEAR: _targets,
}
