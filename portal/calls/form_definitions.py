"""What a form asks, as data: sections, questions, options, and when a question is shown.

A form is written in TOML, stored with its version as jsonb, and read back through these same classes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Literal

from portal.calls import structure
from portal.calls.calculations import Calculation
from portal.calls.form_rules import RULES, Names, Parameter
from portal.core.text import Text


class QuestionKind(StrEnum):
    """The ways a question can be answered. Each has a class and a template partial of the same name."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    YES_NO = "yes_no"
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    MUNICIPALITIES = "municipalities"
    IBAN = "iban"
    ORGANISATION = "organisation"  # any organisation, by its enterprise number
    PERSON = "person"
    ATTACHMENT = "attachment"
    REPEATING_GROUP = "repeating_group"
    TARGETS_PER_YEAR = "targets_per_year"
    PARTNER = "partner"  # one partner of the partnership, chosen from a list
    PARTNERS = "partners"  # the partnership's own table, with the columns this form asks of each partner
    BUDGET = "budget"
    DECLARATIONS = "declarations"
    COST_CATEGORY = "cost_category"  # one of the call's cost categories
    PROMOTOR = "promotor"  # the lead organisation, shown, not asked again
    STRATEGY = "strategy"  # the partnership's strategy, shown and linked, not asked again
    CALCULATED = "calculated"  # computed from other answers, shown, never typed


WITH_OPTIONS = {
    QuestionKind.SINGLE_CHOICE,
    QuestionKind.MULTIPLE_CHOICE,
    QuestionKind.DECLARATIONS,  # written once, with the call; the catalogue fills them in
    QuestionKind.TARGETS_PER_YEAR,
}
SHOWN_ONLY = {QuestionKind.PROMOTOR, QuestionKind.STRATEGY, QuestionKind.CALCULATED}
WITH_COLUMNS = {QuestionKind.REPEATING_GROUP, QuestionKind.PARTNERS, QuestionKind.BUDGET}
WITH_LIMIT = {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT}
FIGURES = {QuestionKind.NUMBER, QuestionKind.MONEY, QuestionKind.TARGETS_PER_YEAR}  # what can be calculated with
OPERATORS = ("is", "is_not", "includes", "at_least")
KEY = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    label: Text
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison with the answer to another question."""

    question: str
    operator: str
    value: str | int | bool

    @classmethod
    def from_data(cls, data: object, where: str) -> Clause:
        """Read `{question = "…", is = …}`; raises ValueError unless exactly one known operator is given."""
        if not isinstance(data, Mapping) or not isinstance(data.get("question"), str):
            raise structure.unfit(where, "a table with a key 'question'", data)
        operators = [key for key in data if key != "question"]
        if len(operators) != 1 or operators[0] not in OPERATORS:
            raise ValueError(f"{where}: expected exactly one of {', '.join(OPERATORS)}, got {operators}")
        value = data[operators[0]]
        if not isinstance(value, str | int):
            raise structure.unfit(f"{where}.{operators[0]}", "a text, a whole number, true or false", value)
        return cls(data["question"], operators[0], value)

    def to_data(self) -> dict[str, Any]:
        return {"question": self.question, self.operator: self.value}

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Whether the answer meets the clause; none, or one of another type than is asked, meets only `is_not`."""
        answer = answers.get(self.question)
        if self.operator == "is":
            return bool(answer == self.value)
        if self.operator == "is_not":
            return bool(answer != self.value)
        if self.operator == "includes":
            return isinstance(answer, list | tuple) and self.value in answer
        number = _number_in(answer)
        return number is not None and isinstance(self.value, int) and number >= self.value


def _number_in(answer: Any) -> Decimal | None:
    """Return the number an answer is; answers are stored as text."""
    try:
        return Decimal(answer) if isinstance(answer, str | int | Decimal) else None
    except InvalidOperation:
        return None


@dataclass(frozen=True, slots=True)
class Condition:
    """`all` clauses hold, and at least one of `any` where that is given."""

    all: tuple[Clause, ...] = ()
    any: tuple[Clause, ...] = ()

    def __post_init__(self) -> None:
        if not self.all and not self.any:
            raise ValueError("a condition needs at least one clause in 'all' or 'any'")

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return self.all + self.any

    def holds(self, answers: Mapping[str, Any]) -> bool:
        met = [clause.holds(answers) for clause in self.any]
        return all(clause.holds(answers) for clause in self.all) and (not met or any(met))


@dataclass(frozen=True, slots=True)
class Question:
    """One question, or one column of a table.

    A text has a limit of characters, and may have one of words beside it. `minimum` and `maximum` bound a number or an amount, or the rows of a group or a list of choices.
    `per_partner` asks the question once for each partner that receives funds, or only for those of them that
    are exempt from VAT or partly so. `criterion` is the selection criterion its answer speaks to.
    `carry_from` fills a new draft: `strategy.<topic>`, `formation.<question>` or
    `partnership.service_area`.
    """

    key: str
    kind: QuestionKind
    label: Text
    hint: Text | None = None
    example: Text | None = None
    is_required: bool = True
    min_characters: int | None = None
    max_characters: int | None = None
    max_words: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    unit: Text | None = None
    options: tuple[Option, ...] = ()
    columns: tuple[Question, ...] = ()
    per_partner: Literal["funded", "funded_exempt_or_mixed"] | None = None
    show_if: Condition | None = None
    criterion: str | None = None
    carry_from: str | None = None
    calculation: Calculation | None = None

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key):
            raise ValueError(f"the key {self.key!r} is not snake_case")
        if (self.kind in WITH_OPTIONS) != bool(self.options):
            raise ValueError(f"{self.key}: a {self.kind.value} question {_needs(self.kind in WITH_OPTIONS)} options")
        if (self.kind in WITH_COLUMNS) != bool(self.columns):
            raise ValueError(f"{self.key}: a {self.kind.value} question {_needs(self.kind in WITH_COLUMNS)} columns")
        if (self.kind in WITH_LIMIT) != (self.max_characters is not None):
            raise ValueError(
                f"{self.key}: a {self.kind.value} question {_needs(self.kind in WITH_LIMIT)} max_characters"
            )
        if self.max_words is not None and (self.kind not in WITH_LIMIT or self.max_words < 1):
            raise ValueError(f"{self.key}: only a text has max_words, 1 or more")
        if (self.kind is QuestionKind.CALCULATED) != (self.calculation is not None):
            raise ValueError(
                f"{self.key}: a {self.kind.value} question {_needs(self.kind is QuestionKind.CALCULATED)} calculation"
            )
        if self.kind in SHOWN_ONLY and self.is_required:
            raise ValueError(f"{self.key}: a {self.kind.value} is shown, not asked: is_required must be false")
        _refuse_repeats([option.code for option in self.options], f"{self.key}: option")
        _refuse_repeats([column.key for column in self.columns], f"{self.key}: column")


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form: A1, B13, …"""

    code: str
    title: Text
    questions: tuple[Question, ...]
    intro: Text | None = None
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class SwitchedRule:
    """A rule across questions that a form switches on: its name in `portal.calls.form_rules`, and what it is about."""

    rule: str
    parameters: Mapping[str, Names]


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """A version of a call's form. Keys are unique in the form, so that answers are one flat record.

    `rules` hold across its questions: they are shown while one writes, and refuse the submission.
    """

    code: str
    version: int
    title: Text
    sections: tuple[Section, ...]
    rules: tuple[SwitchedRule, ...] = ()

    def __post_init__(self) -> None:
        _refuse_repeats([section.code for section in self.sections], "section")
        _refuse_repeats([question.key for question in self.questions], "question")
        asked: dict[str, Question] = {}
        for question in self.questions:
            for clause in question.show_if.clauses if question.show_if else ():
                if clause.question not in asked or asked[clause.question].kind is QuestionKind.CALCULATED:
                    raise ValueError(f"{question.key}: show_if names {clause.question!r}, which is not asked before it")
            if question.calculation is not None:
                _refuse_unfit_calculation(question.key, question.calculation, asked)
            asked[question.key] = question
        for each in self.rules:
            _refuse_unfit_rule(each, asked)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in the order they are asked."""
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def area_question(self) -> tuple[str, str] | None:
        """The section and the key of the question that asks the service area, if one does."""
        return next(
            (
                (section.code, question.key)
                for section in self.sections
                for question in section.questions
                if question.kind is QuestionKind.MUNICIPALITIES
            ),
            None,
        )

    @property
    def partner_declarations(self) -> frozenset[str]:
        """The codes that partners declare each for itself, beside what the lead partner declares for all."""
        return frozenset(
            option.code
            for question in self.questions
            if question.kind is QuestionKind.DECLARATIONS and question.per_partner is not None
            for option in question.options
        )

    def section(self, code: str) -> Section:
        """The section with this code; raises KeyError when there is none."""
        for section in self.sections:
            if section.code == code:
                return section
        raise KeyError(code)

    def question(self, key: str) -> Question:
        """The question with this key; raises KeyError when there is none."""
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = structure.write(self)
        return data

    @classmethod
    def from_json(cls, data: object) -> FormDefinition:
        """Raises ValueError naming the key that does not fit."""
        return structure.read(cls, data, "form")


def is_shown(question: Question, answers: Mapping[str, Any]) -> bool:
    """Whether the question is asked, given the answers so far (by key)."""
    return question.show_if is None or question.show_if.holds(answers)


def shown_questions(form: FormDefinition, answers: Mapping[str, Any]) -> Iterator[Question]:
    """The questions asked, in order; the answer to a question that is itself hidden shows nothing further."""
    counted: dict[str, Any] = {}
    for question in form.questions:
        if is_shown(question, counted):
            counted[question.key] = answers.get(question.key)
            yield question


def calculated_answers(form: FormDefinition, answers: Mapping[str, Any]) -> dict[str, str]:
    """The values of the form's calculated questions, by key and as answers are stored; an answer that is hidden does not count."""
    counted = {each.key: answers.get(each.key) for each in shown_questions(form, answers)}
    found = {
        each.key: each.calculation.answer(counted)
        for each in form.questions
        if each.calculation is not None and each.key in counted
    }
    return {key: value for key, value in found.items() if value is not None}


def kind_named(asked: Mapping[str, Question], name: str) -> QuestionKind | None:
    """What kind of answer `question`, or `question.part` (a column, or an option of targets per year), names; None for nothing."""
    key, dot, part = name.partition(".")
    question = asked.get(key)
    if question is None or question.per_partner is not None:
        return None
    if not dot:
        return question.kind
    if question.kind is QuestionKind.REPEATING_GROUP:
        return next((column.kind for column in question.columns if column.key == part), None)
    is_group = question.kind is QuestionKind.TARGETS_PER_YEAR and part in {option.code for option in question.options}
    return question.kind if is_group else None


def _refuse_unfit_calculation(key: str, calculation: Calculation, asked: Mapping[str, Question]) -> None:
    kinds = {name: kind_named(asked, name) for name in calculation.of}
    for name, kind in kinds.items():
        if kind not in FIGURES:
            raise ValueError(f"{key}: calculation names {name!r}, which is not a figure that is asked before it")
    if calculation.is_money != (calculation.operation != "share" and QuestionKind.MONEY in kinds.values()):
        raise ValueError(f"{key}: is_money says that amounts in euro are added or multiplied, and nothing else")


def _refuse_unfit_rule(switched: SwitchedRule, asked: Mapping[str, Question]) -> None:
    where = f"rule {switched.rule}"
    if switched.rule not in RULES:
        raise ValueError(f"{where} is not one of {', '.join(sorted(RULES))}")
    rule = RULES[switched.rule]
    if set(switched.parameters) != set(rule.parameters):
        raise ValueError(f"{where}: expected the parameters {', '.join(rule.parameters)}")
    named = [
        name
        for key, parameter in rule.parameters.items()
        for name in _fitting_names(f"{where}: {key}", parameter, switched.parameters[key], asked)
    ]
    if rule.is_by_row and len({name.partition(".")[0] if "." in name else None for name in named}) > 1:
        raise ValueError(f"{where}: what it names stands in one table, or in none")


def _fitting_names(where: str, parameter: Parameter, given: Names, asked: Mapping[str, Question]) -> tuple[str, ...]:
    if isinstance(given, tuple) != parameter.is_list:
        raise structure.unfit(where, "a list of names" if parameter.is_list else "one name", given)
    names = given if isinstance(given, tuple) else (given,)
    for name in names:
        is_part_in_vain = "." in str(name) and not parameter.may_be_part
        if is_part_in_vain or kind_named(asked, str(name)) != parameter.kind:
            raise structure.unfit(where, f"a {parameter.kind} of this form", name)
    return names


def _needs(does: bool) -> str:
    return "needs" if does else "has no"


def _refuse_repeats(codes: list[str], what: str) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise ValueError(f"{what} {code!r} occurs twice")
