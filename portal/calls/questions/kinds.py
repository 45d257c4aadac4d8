"""Which class asks which kind of question. A new kind: a class, a line here, a partial of its name, a test."""

from __future__ import annotations

from typing import Any

from portal.calls.answers import is_stored_in_section
from portal.calls.form_definitions import Question, QuestionKind
from portal.calls.questions.choices import (
    CostCategoryField,
    DeclarationsField,
    ListedField,
    ListedYesNoField,
    MultipleChoiceField,
    PartnerField,
    SingleChoiceField,
    YesNoField,
)
from portal.calls.questions.field import ElsewhereField, QuestionField
from portal.calls.questions.figures import DayField, MoneyField, NumberField
from portal.calls.questions.group import RepeatingGroupField
from portal.calls.questions.municipalities import MunicipalitiesField, MunicipalityField
from portal.calls.questions.person import PersonField
from portal.calls.questions.setting import Setting
from portal.calls.questions.targets import TargetsPerYearField
from portal.calls.questions.texts import IbanField, LongTextField, OrganisationField, ShortTextField

FIELDS: dict[QuestionKind, type[QuestionField]] = {
    QuestionKind.SHORT_TEXT: ShortTextField,
    QuestionKind.LONG_TEXT: LongTextField,
    QuestionKind.NUMBER: NumberField,
    QuestionKind.MONEY: MoneyField,
    QuestionKind.DATE: DayField,
    QuestionKind.YES_NO: YesNoField,
    QuestionKind.SINGLE_CHOICE: SingleChoiceField,
    QuestionKind.MULTIPLE_CHOICE: MultipleChoiceField,
    QuestionKind.MUNICIPALITIES: MunicipalitiesField,
    QuestionKind.IBAN: IbanField,
    QuestionKind.ORGANISATION: OrganisationField,
    QuestionKind.PERSON: PersonField,
    QuestionKind.ATTACHMENT: ElsewhereField,
    QuestionKind.REPEATING_GROUP: RepeatingGroupField,
    QuestionKind.TARGETS_PER_YEAR: TargetsPerYearField,
    QuestionKind.PARTNER: PartnerField,
    QuestionKind.PARTNERS: ElsewhereField,
    QuestionKind.BUDGET: ElsewhereField,
    QuestionKind.DECLARATIONS: DeclarationsField,
    QuestionKind.COST_CATEGORY: CostCategoryField,
    QuestionKind.PROMOTOR: ElsewhereField,
    QuestionKind.STRATEGY: ElsewhereField,
    QuestionKind.CALCULATED: ElsewhereField,
}
_IN_ROW: dict[QuestionKind, type[QuestionField]] = {
    QuestionKind.SINGLE_CHOICE: ListedField,
    QuestionKind.YES_NO: ListedYesNoField,
}


def field_of(question: Question, setting: Setting) -> Any:
    """Return the (unbound) field that asks the question."""
    if not is_stored_in_section(question):
        return ElsewhereField(question, setting)
    if question.kind is QuestionKind.REPEATING_GROUP:
        return RepeatingGroupField(question, setting, column_field=column_field_of)
    return _class_of(question)(question, setting)


def column_field_of(column: Question, setting: Setting) -> Any:
    """Return the (unbound) field of one column of a table."""
    return _IN_ROW.get(column.kind, _class_of(column))(column, setting)


def _class_of(question: Question) -> type[QuestionField]:
    if question.kind is QuestionKind.MUNICIPALITIES and question.maximum == 1:
        return MunicipalityField
    return FIELDS[question.kind]
