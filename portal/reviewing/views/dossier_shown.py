"""A frozen application as a reviewer reads it: every answer under its question, in the page's language.

Contact persons and account numbers are left out: a review needs neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _

from portal.applications.models import Attachment
from portal.calls.definitions import CallDefinition
from portal.calls.form_definitions import FormDefinition, Question, QuestionKind, Section, shown_questions
from portal.core.formats import format_day, format_money, format_number
from portal.core.text import Text
from portal.core.web import translate
from portal.partnerships.states import ROLE_LABELS, PartnerRole
from portal.places.queries import list_municipalities_by_nis
from portal.reviewing.dossier import Frozen

FIGURE = "dp-num"
_LEFT_OUT = {QuestionKind.PERSON, QuestionKind.IBAN, QuestionKind.STRATEGY}


@dataclass(frozen=True, slots=True)
class Table:
    """Columns as (words, class of a column of figures or nothing), and rows of words."""

    columns: list[tuple[str, str]]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One question with its answer: prose, a list, a table or documents; all empty where nothing was answered."""

    label: Text
    prose: str = ""
    items: list[str] = field(default_factory=list)
    table: Table | None = None
    documents: list[Attachment] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.prose or self.items or self.documents or (self.table and self.table.rows))


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section of the form; ``criteria`` are the codes of the criteria that its answers speak to."""

    code: str
    title: Text
    answers: list[ShownAnswer]
    criteria: frozenset[str]


def shown_sections(
    frozen: Frozen, form: FormDefinition, terms: CallDefinition, organisations: Mapping[str, str]
) -> list[ShownSection]:
    """Return the whole application, section by section (one statement more: the municipalities' names).

    ``organisations``: names by the id with which an answer points to a partner.
    """
    reader = _Reader(frozen, form, terms, organisations)
    return [each for each in map(reader.section, form.sections) if each.answers]


class _Reader:
    """Knows what codes in the answers stand for."""

    def __init__(
        self, frozen: Frozen, form: FormDefinition, terms: CallDefinition, organisations: Mapping[str, str]
    ) -> None:
        self.organisations = organisations
        self.content = frozen.content
        self.documents = frozen.documents
        self.answers = {key: value for part in self.content["sections"].values() for key, value in part.items()}
        self.asked = {each.key for each in shown_questions(form, self.answers)}
        self.categories = {each.code: translate(each.label) for each in terms.cost_categories}
        self.partners = {each["enterprise_number"]: each["name"] for each in self.content["partners"]}
        self.places = {each.nis: each.name for each in list_municipalities_by_nis(_places(form, self.answers))}

    def section(self, section: Section) -> ShownSection:
        asked = [each for each in section.questions if each.key in self.asked and each.kind not in _LEFT_OUT]
        criteria = frozenset(each.criterion for each in asked if each.criterion)
        return ShownSection(section.code, section.title, [self.answer(each) for each in asked], criteria)

    def answer(self, question: Question) -> ShownAnswer:
        """Return the question with what was answered, in the shape that shows it best."""
        kind, value = question.kind, self.answers.get(question.key)
        if kind is QuestionKind.ATTACHMENT:
            found = [each for each in self.documents if each.kind == question.key]
            return ShownAnswer(question.label, documents=found)
        table = self._table(question, value)
        if table is not None:
            return ShownAnswer(question.label, table=table)
        if kind is QuestionKind.PROMOTOR:
            lead = [each["name"] for each in self.content["partners"] if each["role"] == PartnerRole.PROMOTOR]
            return ShownAnswer(question.label, prose=", ".join(lead))
        words = self.words(question, self.content["declarations"] if kind is QuestionKind.DECLARATIONS else value)
        return (
            ShownAnswer(question.label, items=words) if len(words) > 1 else ShownAnswer(question.label, "".join(words))
        )

    def _table(self, question: Question, value: Any) -> Table | None:
        """Return the table that shows the answer; None for a kind that needs none."""
        if question.kind is QuestionKind.PARTNERS:
            return self._partner_table(question)
        if question.kind is QuestionKind.BUDGET:
            return self._budget_table()
        if question.per_partner is not None:
            return self._table_per_partner(question)
        if question.kind is QuestionKind.REPEATING_GROUP:
            return self._group_table(question, value or [])
        return self._target_table(question, value or {}) if question.kind is QuestionKind.TARGETS_PER_YEAR else None

    def words(self, question: Question, value: Any) -> list[str]:
        """Return an answer as words: one for most kinds, several for choices and municipalities, none where empty."""
        if value is None or value in ("", []):
            return []
        labels = {each.code: translate(each.label) for each in question.options}
        values = value if isinstance(value, list) else [value]
        if question.kind is QuestionKind.MUNICIPALITIES:
            return [self.places.get(str(each), str(each)) for each in values]
        if labels:
            return [labels.get(str(each), str(each)) for each in values]
        return [self._word(question, each) for each in values]

    def _word(self, question: Question, value: Any) -> str:
        kind = question.kind
        if kind is QuestionKind.YES_NO:
            return str(_("Yes") if value else _("No"))
        if kind is QuestionKind.COST_CATEGORY:
            return self.categories.get(str(value), str(value))
        if kind is QuestionKind.PARTNER:
            return self.organisations.get(str(value), str(value))
        if kind is QuestionKind.MONEY:
            return _money(value)
        if kind is QuestionKind.NUMBER:
            unit = f" {translate(question.unit)}" if question.unit else ""
            return f"{_number(value)}{unit}"
        return _day(value) if kind is QuestionKind.DATE else str(value)

    def _group_table(self, question: Question, rows: Iterable[Mapping[str, Any]]) -> Table:
        columns = list(map(_column, question.columns))
        cells = [[", ".join(self.words(each, row.get(each.key))) for each in question.columns] for row in rows]
        return Table(columns, cells)

    def _target_table(self, question: Question, years: Mapping[str, Mapping[str, Any]]) -> Table:
        named = sorted(years)
        columns = [(translate(question.label), ""), *((year, FIGURE) for year in named)]
        options = [(each.code, translate(each.label)) for each in question.options]
        rows = [[words, *(_number(years[year].get(code, 0)) for year in named)] for code, words in options]
        return Table(columns, rows if named else [])

    def _partner_table(self, question: Question) -> Table:
        asked = {each.key: each for each in question.columns}
        columns = [(_("Organisation"), ""), (_("Role"), "")]
        columns += map(_column, question.columns)
        rows = [
            [each["name"], translate(ROLE_LABELS[PartnerRole(each["role"])])]
            + [", ".join(self.words(asked[key], each.get(key))) for key in asked]
            for each in self.content["partners"]
        ]
        return Table(columns, rows)

    def _table_per_partner(self, question: Question) -> Table:
        key = "earlier_aid_amount" if question.kind is QuestionKind.MONEY else "declarations"
        rows = [
            [each["name"], ", ".join(self.words(question, each.get(key)))]
            for each in self.content["partners"]
            if each["receives_funds"]
        ]
        return Table([(_("Organisation"), ""), _column(question)], rows)

    def _budget_table(self) -> Table:
        columns = [(_("Partner"), ""), (_("Cost category"), ""), (_("Year"), FIGURE), (_("Quantity"), FIGURE)]
        columns += [(_("Unit price"), FIGURE), (_("Amount"), FIGURE), (_("Explanation"), "")]
        rows = [
            [
                str(self.partners.get(each["enterprise_number"], each["enterprise_number"])),
                self.categories.get(each["category"], each["category"]),
                str(each["year"]),
                _number(each["quantity"]),
                _money(each["unit_price_amount"]),
                _money(Decimal(each["quantity"]) * Decimal(each["unit_price_amount"])),
                each["explanation"],
            ]
            for each in self.content["budget"]
        ]
        return Table(columns, rows)


def _places(form: FormDefinition, answers: Mapping[str, Any]) -> Iterator[str]:
    """Yield every municipality code in the answers, also in the rows of groups."""
    for question in form.questions:
        value = answers.get(question.key) or []
        if question.kind is QuestionKind.MUNICIPALITIES:
            yield from map(str, value)
        for column in question.columns if question.kind is QuestionKind.REPEATING_GROUP else ():
            if column.kind is QuestionKind.MUNICIPALITIES:
                for row in value:
                    yield from map(str, row.get(column.key) or [])


def _column(question: Question) -> tuple[str, str]:
    return translate(question.label), FIGURE if question.kind in (QuestionKind.NUMBER, QuestionKind.MONEY) else ""


def _number(value: Any) -> str:
    try:
        return format_number(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def _money(value: Any) -> str:
    try:
        return format_money(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def _day(value: Any) -> str:
    try:
        return format_day(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def shown_amounts(frozen: Frozen) -> list[tuple[str, str]]:
    """Return the application's amounts as they were frozen, with their words."""
    content = frozen.content
    known = [
        (_("Costs"), content["costs_amount"]),
        (_("Other income"), content["other_income_amount"]),
        (_("Requested grant"), content["requested_amount"]),
        (_("Lowest workable grant"), content["minimum_amount"]),
    ]
    return [(words, _money(amount)) for words, amount in known if amount is not None]
