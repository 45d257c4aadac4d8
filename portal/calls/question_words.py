"""The kinds of question in words, for those who read a form and do not fill it in."""

from __future__ import annotations

from portal.calls.form_definitions import QuestionKind
from portal.core.text import Msg, _l

QUESTION_KINDS: dict[QuestionKind, Msg] = {
    QuestionKind.SHORT_TEXT: _l("short text"),
    QuestionKind.LONG_TEXT: _l("long text"),
    QuestionKind.NUMBER: _l("number"),
    QuestionKind.MONEY: _l("amount in euro"),
    QuestionKind.DATE: _l("date"),
    QuestionKind.YES_NO: _l("yes or no"),
    QuestionKind.SINGLE_CHOICE: _l("one choice"),
    QuestionKind.MULTIPLE_CHOICE: _l("several choices"),
    QuestionKind.MUNICIPALITIES: _l("municipalities"),
    QuestionKind.IBAN: _l("account number"),
    QuestionKind.ORGANISATION: _l("enterprise number"),
    QuestionKind.PERSON: _l("person"),
    QuestionKind.ATTACHMENT: _l("attachment"),
    QuestionKind.REPEATING_GROUP: _l("rows of a table"),
    QuestionKind.TARGETS_PER_YEAR: _l("targets per year"),
    QuestionKind.PARTNER: _l("one of the partners"),
    QuestionKind.PARTNERS: _l("a row for each partner"),
    QuestionKind.BUDGET: _l("budget lines"),
    QuestionKind.DECLARATIONS: _l("declarations"),
    QuestionKind.COST_CATEGORY: _l("cost category"),
    QuestionKind.PROMOTOR: _l("lead partner, shown only"),
    QuestionKind.STRATEGY: _l("strategy, shown only"),
    QuestionKind.CALCULATED: _l("calculated from other answers"),
}
