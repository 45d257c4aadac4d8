"""An application's answers as people read them: labels and values in words, whoever reads.

Pure: what must be looked up (names of municipalities and organisations) is given in `Beside`. Values keep their type,
so that the page writes days and amounts in the reader's language; `templates/applications/_answers.html` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from portal.applications.budget_view import ShownLine
from portal.applications.dossier import Part, amount_of
from portal.calls.form_definitions import FormDefinition, Question, QuestionKind, Section, shown_questions
from portal.core.money import total
from portal.core.text import Msg, Text, _l


class Shape(StrEnum):
    """How a value is drawn."""

    BLANK = "blank"
    WORDS = "words"
    PROSE = "prose"
    DAY = "day"
    AMOUNT = "amount"
    NUMBER = "number"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Value:
    """One answer. `said` is words, a date, a Decimal, a tuple of words or a Table; `unit` follows a number."""

    shape: Shape
    said: Any = None
    unit: Text | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Several answers side by side; each row has a value for each column."""

    columns: tuple[Text | Msg | str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """A question and its answer."""

    key: str
    label: Text
    value: Value
    criterion: str | None = None


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section with the questions that its answers show."""

    code: str
    title: Text
    answers: tuple[ShownAnswer, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the answers.

    `municipalities` are names by NIS code, `organisations` names by number (as text), `categories` the call's cost
    categories by code. `documents` are file names by question, or by question and organisation. `costs` are the lines
    the reader may see; `None` shows the totals alone.
    """

    municipalities: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, Text] = field(default_factory=dict)
    promotor: str = ""
    strategy: Msg | None = None
    parts: Sequence[Part] = ()
    documents: Mapping[tuple[str, int | None], Sequence[str]] = field(default_factory=dict)
    costs: Sequence[ShownLine] | None = None
    costs_amount: Decimal | None = None


BLANK = Value(Shape.BLANK)
PERSON_KEYS = ("name", "email", "phone")


def shown_sections(form: FormDefinition, answers: Mapping[str, Any], beside: Beside) -> list[ShownSection]:
    """Return every section with the questions that are asked, given `answers` by question key."""
    asked = {each.key for each in shown_questions(form, answers)}
    return [_section(section, asked, answers, beside) for section in form.sections]


def shown_section(form: FormDefinition, code: str, answers: Mapping[str, Any], beside: Beside) -> ShownSection:
    """Return one section as `shown_sections` does, without reading the others."""
    asked = {each.key for each in shown_questions(form, answers)}
    return _section(form.section(code), asked, answers, beside)


def _section(section: Section, asked: set[str], answers: Mapping[str, Any], beside: Beside) -> ShownSection:
    return ShownSection(
        section.code,
        section.title,
        tuple(
            ShownAnswer(each.key, each.label, _value_in(each, answers.get(each.key), beside), each.criterion)
            for each in section.questions
            if each.key in asked
        ),
    )


def _value_in(question: Question, answer: Any, beside: Beside) -> Value:
    if question.kind in _BESIDE:
        return _BESIDE[question.kind](question, beside)
    if question.per_partner is not None:
        return _per_partner(question, beside)
    return value_of(question, answer, beside)


def value_of(question: Question, answer: Any, beside: Beside) -> Value:
    """Return a stored answer as it is read; what does not fit its question is shown as the text it is."""
    if answer is None or answer in ("", [], {}):
        return BLANK
    read = _READ.get(question.kind)
    return read(question, answer, beside) if read else _words(str(answer))


def _words(said: Text | Msg | str | None) -> Value:
    return Value(Shape.WORDS, said) if said else BLANK


def _prose(_question: Question, answer: Any, _beside: Beside) -> Value:
    return Value(Shape.PROSE, str(answer))


def _amount(_question: Question, answer: Any, _beside: Beside) -> Value:
    amount = amount_of(answer)
    return Value(Shape.AMOUNT, amount) if amount is not None else _words(str(answer))


def _number(question: Question, answer: Any, _beside: Beside) -> Value:
    try:
        return Value(Shape.NUMBER, Decimal(str(answer)), question.unit)
    except InvalidOperation:
        return _words(str(answer))


def _calculated(question: Question, answer: Any, beside: Beside) -> Value:
    is_money = question.calculation is not None and question.calculation.is_money
    return _amount(question, answer, beside) if is_money else _number(question, answer, beside)


def _day(_question: Question, answer: Any, _beside: Beside) -> Value:
    try:
        return Value(Shape.DAY, date.fromisoformat(str(answer)))
    except ValueError:
        return _words(str(answer))


def _yes_no(_question: Question, answer: Any, _beside: Beside) -> Value:
    if not isinstance(answer, bool):
        return _words(str(answer))
    return _words(_l("Yes") if answer else _l("No"))


def _iban(_question: Question, answer: Any, _beside: Beside) -> Value:
    text = str(answer)
    return _words(" ".join(text[start : start + 4] for start in range(0, len(text), 4)))


def _organisation(_question: Question, answer: Any, _beside: Beside) -> Value:
    number = str(answer)
    return _words(f"{number[:4]}.{number[4:7]}.{number[7:]}")


def _one(question: Question, answer: Any, beside: Beside) -> Value:
    return _words(_name(question, str(answer), beside))


def _several(question: Question, answer: Any, beside: Beside) -> Value:
    names = tuple(_name(question, each, beside) for each in _texts(answer))
    return Value(Shape.LIST, names) if names else _words(str(answer))


def _person(_question: Question, answer: Any, _beside: Beside) -> Value:
    if not isinstance(answer, Mapping):
        return _words(str(answer))
    said = tuple(str(answer[key]) for key in PERSON_KEYS if answer.get(key))
    return Value(Shape.LIST, said) if said else BLANK


def _group(question: Question, answer: Any, beside: Beside) -> Value:
    rows = tuple(
        tuple(value_of(column, row.get(column.key), beside) for column in question.columns) for row in _rows(answer)
    )
    return Value(Shape.TABLE, Table(tuple(column.label for column in question.columns), rows)) if rows else BLANK


def _name(question: Question, code: str, beside: Beside) -> Text | str:
    if question.kind is QuestionKind.MUNICIPALITIES:
        return beside.municipalities.get(code, code)
    if question.kind is QuestionKind.PARTNER:
        return beside.organisations.get(code, code)
    if question.kind is QuestionKind.COST_CATEGORY:
        return beside.categories.get(code, code)
    return next((option.label for option in question.options if option.code == code), code)


def _targets(question: Question, answer: Any, _beside: Beside) -> Value:
    if not isinstance(answer, Mapping):
        return _words(str(answer))
    years = sorted(str(year) for year in answer)
    rows = tuple(
        (_words(option.label), *(_count(answer.get(year), option.code) for year in years))
        for option in question.options
    )
    return Value(Shape.TABLE, Table((_l("Target group"), *years), rows))


def _count(counts: Any, code: str) -> Value:
    found = counts.get(code) if isinstance(counts, Mapping) else None
    try:
        return Value(Shape.NUMBER, Decimal(str(found))) if found is not None else BLANK
    except InvalidOperation:
        return _words(str(found))


def _partners(question: Question, beside: Beside) -> Value:
    columns = [each for each in question.columns if each.key in _PART_VALUES]
    rows = tuple(
        (_words(part.name), *(_PART_VALUES[column.key](column, part) for column in columns)) for part in beside.parts
    )
    if not rows:
        return BLANK
    return Value(Shape.TABLE, Table((_l("Partner"), *(column.label for column in columns)), rows))


def _vat(column: Question, part: Part) -> Value:
    return _words(_name(column, str(part.vat_status), Beside())) if part.vat_status else BLANK


def _recoverable(column: Question, part: Part) -> Value:
    percent = part.recoverable_percent
    return Value(Shape.NUMBER, percent, column.unit) if percent is not None else BLANK


_PART_VALUES = {
    "task": lambda _column, part: Value(Shape.PROSE, part.task) if part.task else BLANK,
    "receives_funds": lambda _column, part: _words(_l("Yes") if part.receives_funds else _l("No")),
    "vat_status": _vat,
    "recoverable_percent": _recoverable,
}


def _budget(_question: Question, beside: Beside) -> Value:
    if beside.costs is None:
        return Value(Shape.AMOUNT, beside.costs_amount) if beside.costs_amount is not None else BLANK
    if not beside.costs:
        return BLANK
    columns = (_l("Partner"), _l("Cost category"), _l("Year"), _l("Quantity"), _l("Unit price"), _l("Amount"))
    rows = tuple(_cost(line, beside) for line in beside.costs)
    whole = Value(Shape.AMOUNT, total(line.amount for line in beside.costs))
    last = (_words(_l("Total costs")), BLANK, BLANK, BLANK, BLANK, whole, BLANK)
    return Value(Shape.TABLE, Table((*columns, _l("Explanation")), (*rows, last)))


def _cost(line: ShownLine, beside: Beside) -> tuple[Value, ...]:
    return (
        _words(beside.organisations.get(str(line.organisation_id), str(line.organisation_id))),
        _words(beside.categories.get(line.category, line.category)),
        BLANK if line.year is None else _words(str(line.year)),
        BLANK if line.quantity is None else Value(Shape.NUMBER, line.quantity),
        BLANK if line.unit_price_amount is None else Value(Shape.AMOUNT, line.unit_price_amount),
        Value(Shape.AMOUNT, line.amount),
        Value(Shape.PROSE, line.explanation) if line.explanation else BLANK,
    )


def _documents(question: Question, beside: Beside) -> Value:
    if question.per_partner is None:
        names = tuple(beside.documents.get((question.key, None), ()))
        return Value(Shape.LIST, names) if names else BLANK
    rows = tuple(
        (_words(part.name), Value(Shape.LIST, tuple(names)) if names else BLANK)
        for part in beside.parts
        if part.receives_funds and (question.per_partner == "funded" or part.must_prove_vat)
        for names in [beside.documents.get((question.key, part.organisation_id), ())]
    )
    return Value(Shape.TABLE, Table((_l("Partner"), _l("Document")), rows)) if rows else BLANK


def _per_partner(question: Question, beside: Beside) -> Value:
    years = sorted({year for part in beside.parts for year in part.earlier_aid if part.receives_funds})
    if question.key == "earlier_aid" and years:
        return _aid_by_year(years, beside)
    rows = tuple((_words(part.name), _own(question, part)) for part in beside.parts if part.receives_funds)
    return Value(Shape.TABLE, Table((_l("Partner"), question.label), rows)) if rows else BLANK


def _aid_by_year(years: Sequence[int], beside: Beside) -> Value:
    """Return a table of the aid that each funded partner declares of each year, and of all of them."""
    amounts = [
        (part, [part.earlier_aid.get(year) for year in years] + [part.earlier_aid_amount])
        for part in beside.parts
        if part.receives_funds
    ]
    rows = tuple(
        (_words(part.name), *(BLANK if each is None else Value(Shape.AMOUNT, each) for each in of))
        for part, of in amounts
    )
    columns = tuple(Text(str(year), str(year)) for year in years)
    return Value(Shape.TABLE, Table((_l("Partner"), *columns, _l("Total")), rows))


def _own(question: Question, part: Part) -> Value:
    if question.kind is QuestionKind.DECLARATIONS:
        said = tuple(option.label for option in question.options if option.code in part.declarations)
        return Value(Shape.LIST, said) if said else BLANK
    amount = part.earlier_aid_amount
    return Value(Shape.AMOUNT, amount) if amount is not None else BLANK


def _texts(answer: Any) -> Iterable[str]:
    return [str(each) for each in answer] if isinstance(answer, list | tuple) else []


def _rows(answer: Any) -> Sequence[Mapping[str, Any]]:
    return [row for row in answer if isinstance(row, Mapping)] if isinstance(answer, list) else []


_READ: dict[QuestionKind, Callable[[Question, Any, Beside], Value]] = {
    QuestionKind.LONG_TEXT: _prose,
    QuestionKind.NUMBER: _number,
    QuestionKind.MONEY: _amount,
    QuestionKind.DATE: _day,
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.IBAN: _iban,
    QuestionKind.ORGANISATION: _organisation,
    QuestionKind.SINGLE_CHOICE: _one,
    QuestionKind.PARTNER: _one,
    QuestionKind.COST_CATEGORY: _one,
    QuestionKind.MULTIPLE_CHOICE: _several,
    QuestionKind.MUNICIPALITIES: _several,
    QuestionKind.DECLARATIONS: _several,
    QuestionKind.PERSON: _person,
    QuestionKind.TARGETS_PER_YEAR: _targets,
    QuestionKind.REPEATING_GROUP: _group,
    QuestionKind.CALCULATED: _calculated,
}
_BESIDE: dict[QuestionKind, Callable[[Question, Beside], Value]] = {
    QuestionKind.PROMOTOR: lambda _question, beside: _words(beside.promotor),
    QuestionKind.STRATEGY: lambda _question, beside: _words(beside.strategy),
    QuestionKind.PARTNERS: _partners,
    QuestionKind.BUDGET: _budget,
    QuestionKind.ATTACHMENT: _documents,
}
