"""A form as it is worked on outside the portal: every question with its hint, its limits and, where there is one, its answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.applications.answers_shown import BLANK, Shape, ShownSection, Value
from portal.calls.form_definitions import SHOWN_ONLY, Clause, FormDefinition, Question, QuestionKind
from portal.calls.question_words import QUESTION_KINDS
from portal.core.text import Msg, Text, _l

BLANK_ROWS = 3
_ROWS = (QuestionKind.REPEATING_GROUP, QuestionKind.BUDGET)
_CHOICES = (QuestionKind.MULTIPLE_CHOICE, QuestionKind.MUNICIPALITIES)
_YES_NO = (Text("Ja", "Yes"), Text("Nee", "No"))


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `value` is its answer, blank where there is none yet; then `choices` or `columns` say what is asked.

    `columns` are label and limits of each column of a table.
    """

    label: Text
    hint: Text | None
    limits: tuple[Msg, ...]
    condition: tuple[Msg, ...]
    value: Value = BLANK
    choices: tuple[Text, ...] = ()
    columns: tuple[tuple[Text | Msg, tuple[Msg, ...]], ...] = ()
    example: Text | None = None  # of a strong answer
    is_asked: bool = True  # not what the portal only shows

    @property
    def is_blank(self) -> bool:
        return self.value.shape is Shape.BLANK


@dataclass(frozen=True, slots=True)
class Sheet:
    """A section of the form."""

    code: str
    title: Text
    intro: Text | None
    hint: Text | None
    items: tuple[Item, ...]


def sheets_of(form: FormDefinition, shown: Sequence[ShownSection] = ()) -> list[Sheet]:
    """Return the whole form, with the answers that ``shown`` holds; questions that are not asked now say when they are."""
    answers = {each.key: each.value for section in shown for each in section.answers}
    return [
        Sheet(
            section.code,
            section.title,
            section.intro,
            section.hint,
            tuple(_item(form, each, answers.get(each.key, BLANK)) for each in section.questions),
        )
        for section in form.sections
    ]


def limits_of(question: Question) -> Iterator[Msg]:
    """Yield in words what kind of answer is asked and within which limits."""
    yield QUESTION_KINDS[question.kind]
    if question.kind not in SHOWN_ONLY:
        yield _l("required") if question.is_required else _l("not required")
    if question.per_partner is not None:
        yield _PER_PARTNER[question.per_partner]
    if question.min_characters is not None:
        yield _l("at least %(count)s characters", count=question.min_characters)
    if question.max_characters is not None:
        yield _l("at most %(count)s characters", count=question.max_characters)
    if question.minimum is not None:
        yield _least(question, question.minimum)
    if question.maximum is not None:
        yield _most(question, question.maximum)
    if question.unit is not None:
        yield _l("in %(unit)s", unit=question.unit)


def _least(question: Question, bound: Decimal) -> Msg:
    if question.kind in _ROWS:
        return _l("at least %(count)s rows", count=int(bound))
    if question.kind in _CHOICES:
        return _l("at least %(count)s choices", count=int(bound))
    return _l("at least %(number)s", number=_figure(question, bound))


def _most(question: Question, bound: Decimal) -> Msg:
    if question.kind in _ROWS:
        return _l("at most %(count)s rows", count=int(bound))
    if question.kind in _CHOICES:
        return _l("at most %(count)s choices", count=int(bound))
    return _l("at most %(number)s", number=_figure(question, bound))


def _figure(question: Question, bound: Decimal) -> Decimal | str:
    """Return an amount as such, so that it is written in euro, and a number as it stands."""
    return bound if question.kind is QuestionKind.MONEY else f"{bound:f}"


def _item(form: FormDefinition, question: Question, value: Value) -> Item:
    return Item(
        question.label,
        question.hint,
        (*limits_of(question), *_calculation(form, question)),
        tuple(_condition(form, question)),
        value,
        _YES_NO if question.kind is QuestionKind.YES_NO else tuple(each.label for each in question.options),
        tuple(_columns(question)),
        question.example,
        question.kind not in SHOWN_ONLY,
    )


def _calculation(form: FormDefinition, question: Question) -> Iterator[Msg]:
    if question.calculation is not None:
        named = [_named(form, each) for each in question.calculation.of]
        answers = Text(", ".join(each.nl for each in named), ", ".join(each.en for each in named))
        yield _l(_OPERATIONS[question.calculation.operation], answers=answers)


def _named(form: FormDefinition, name: str) -> Text:
    key, _dot, part = name.partition(".")
    whole = form.question(key)
    parts = {each.key: each.label for each in whole.columns} | {each.code: each.label for each in whole.options}
    label = parts.get(part)
    return Text(f"{whole.label.nl} ({label.nl})", f"{whole.label.en} ({label.en})") if label else whole.label


def _columns(question: Question) -> Iterator[tuple[Text | Msg, tuple[Msg, ...]]]:
    if question.kind is QuestionKind.PARTNERS:
        yield _l("Partner"), ()
    if question.kind is QuestionKind.TARGETS_PER_YEAR:
        yield _l("Target group"), ()
        yield from ((_l("Year"), ()) for _ in range(BLANK_ROWS))
    yield from ((each.label, tuple(limits_of(each))) for each in question.columns)


def _condition(form: FormDefinition, question: Question) -> Iterator[Msg]:
    for clause in question.show_if.clauses if question.show_if else ():
        asked = form.question(clause.question)
        yield _l(_OPERATORS[clause.operator], question=asked.label, value=_said(asked, clause))


def _said(asked: Question, clause: Clause) -> Text | str:
    if isinstance(clause.value, bool):
        return _YES_NO[0] if clause.value else _YES_NO[1]
    labels = {each.code: each.label for each in asked.options}
    return labels.get(str(clause.value), str(clause.value))


_PER_PARTNER = {
    "funded": _l("for each funded partner"),
    "funded_exempt_or_mixed": _l("for each funded partner that is exempt from VAT or partly so"),
}
_OPERATIONS = {
    "sum": _l("the sum of: %(answers)s"),
    "product": _l("multiplied: %(answers)s"),
    "share": _l("the first as a percentage of the second: %(answers)s"),
}
_OPERATORS = {
    "is": _l("only where the answer to “%(question)s” is: %(value)s"),
    "is_not": _l("only where the answer to “%(question)s” is not: %(value)s"),
    "includes": _l("only where the answer to “%(question)s” includes: %(value)s"),
    "at_least": _l("only where the answer to “%(question)s” is at least: %(value)s"),
}
