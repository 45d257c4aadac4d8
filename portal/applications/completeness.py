"""Whether everything that is asked is answered: only questions that are shown, and each partner what it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from portal.applications.dossier import Dossier, Part
from portal.applications.states import VatStatus
from portal.calls.answers import count_words
from portal.calls.form_definitions import SHOWN_ONLY, WITH_LIMIT, Question, QuestionKind
from portal.calls.form_rules import RULES
from portal.core.errors import Problem
from portal.core.text import Msg, _l


def is_answered(question: Question, answer: Any) -> bool:
    """Return whether ``answer`` says anything: ``False`` and 0 do, blank text and an empty list do not."""
    if isinstance(answer, str):
        return bool(answer.strip())
    if question.kind is QuestionKind.PERSON and isinstance(answer, dict):
        return all(str(value or "").strip() for value in answer.values()) and bool(answer)
    if isinstance(answer, list | dict):
        return bool(answer)
    return answer is not None


def problems_with_completeness(dossier: Dossier) -> Iterator[Problem]:
    """Yield every required answer that is missing or too long, in the order of the form."""
    for question in dossier.shown():
        if question.kind in SHOWN_ONLY or _is_declared_when_submitting(question):
            continue
        if question.kind is QuestionKind.PARTNERS:
            yield from _problems_with_partners(dossier, question)
        elif question.kind is QuestionKind.BUDGET:
            yield from _problems_with_budget(dossier, question)
        elif question.per_partner is not None:
            yield from _problems_per_partner(dossier, question)
        else:
            yield from _problems_with_answer(dossier, question)


def problems_across_questions(dossier: Dossier) -> Iterator[Problem]:
    """Yield what the rules that the form switches on find between its answers; those that are hidden do not count."""
    counted = {each.key: dossier.answer(each.key) for each in dossier.shown()}
    for each in dossier.form.rules:
        for found in RULES[each.rule].problems(dossier.form, counted, **each.parameters):
            yield replace(found, link=dossier.section_of(found.field or ""))


def _is_declared_when_submitting(question: Question) -> bool:
    return question.kind is QuestionKind.DECLARATIONS and question.per_partner is None


def _problems_with_answer(dossier: Dossier, question: Question) -> Iterator[Problem]:
    if question.kind is QuestionKind.ATTACHMENT:
        answered = any(kind == question.key for kind, _ in dossier.documents)
    else:
        answered = is_answered(question, dossier.answer(question.key))
    if not answered:
        if question.is_required:
            yield _missing(dossier, question)
        return
    answer = dossier.answer(question.key)
    limit = question.max_characters
    if question.kind in WITH_LIMIT and limit is not None and len(str(answer)) > limit:
        message = _l("“%(question)s” is longer than %(limit)s characters.", question=question.label, limit=limit)
        yield _at(dossier, question, "answer-too-long", message)
    most = question.max_words
    if question.kind in WITH_LIMIT and most is not None and count_words(str(answer)) > most:
        message = _l("“%(question)s” is longer than %(limit)s words.", question=question.label, limit=most)
        yield _at(dossier, question, "answer-too-long", message)
    if question.kind is QuestionKind.REPEATING_GROUP and isinstance(answer, list):
        yield from _problems_with_rows(dossier, question, answer)


def _problems_with_rows(dossier: Dossier, question: Question, rows: list[Any]) -> Iterator[Problem]:
    for number, row in enumerate(rows, start=1):
        for column in question.columns:
            if column.is_required and not is_answered(column, row.get(column.key)):
                message = _l(
                    "“%(question)s”, row %(row)s: “%(column)s” is empty.",
                    question=question.label,
                    row=number,
                    column=column.label,
                )
                yield _at(dossier, question, "answer-missing", message)


def _problems_with_partners(dossier: Dossier, question: Question) -> Iterator[Problem]:
    columns = {column.key for column in question.columns}
    for part in dossier.parts:
        if "task" in columns and not part.task.strip():
            message = _l("Describe the role of %(organisation)s in the project.", organisation=part.name)
            yield _at(dossier, question, "partner-task-missing", message)
        if "vat_status" not in columns or not part.receives_funds:
            continue
        if part.vat_status is None:
            message = _l("Fill in the VAT status of %(organisation)s.", organisation=part.name)
            yield _at(dossier, question, "vat-status-missing", message)
        elif part.vat_status is VatStatus.MIXED and part.recoverable_percent is None:
            message = _l("Fill in which share of the VAT %(organisation)s recovers.", organisation=part.name)
            yield _at(dossier, question, "recoverable-share-missing", message)


def _problems_with_budget(dossier: Dossier, question: Question) -> Iterator[Problem]:
    if not dossier.lines:
        yield _at(dossier, question, "budget-empty", _l("Add at least one line to the budget."))
    explanation = next((column for column in question.columns if column.key == "explanation"), None)
    least = explanation.min_characters or 0 if explanation else 0
    funded = {part.organisation_id for part in dossier.funded}
    for number, line in enumerate(dossier.lines, start=1):
        if len(line.explanation.strip()) < least:
            message = _l("Explain budget line %(line)s in at least %(least)s characters.", line=number, least=least)
            yield _at(dossier, question, "explanation-too-short", message)
        if line.organisation_id not in funded:
            message = _l("Budget line %(line)s is of a partner that receives no funds.", line=number)
            yield _at(dossier, question, "line-of-unfunded-partner", message)


def _problems_per_partner(dossier: Dossier, question: Question) -> Iterator[Problem]:
    for part in dossier.funded:
        if question.per_partner == "funded_exempt_or_mixed" and not part.must_prove_vat:
            continue
        if question.is_required and not _answered_by(dossier, question, part):
            message = _l(
                "“%(question)s” is missing for %(organisation)s.", question=question.label, organisation=part.name
            )
            yield _at(dossier, question, "answer-missing", message)


def _answered_by(dossier: Dossier, question: Question, part: Part) -> bool:
    if question.kind is QuestionKind.ATTACHMENT:
        return (question.key, part.organisation_id) in dossier.documents
    if question.kind is QuestionKind.DECLARATIONS:
        return {each.code for each in question.options} <= part.declarations
    if question.key == "earlier_aid":
        return part.earlier_aid_amount is not None and not part.missing_aid_years
    return True


def _missing(dossier: Dossier, question: Question) -> Problem:
    return _at(dossier, question, "answer-missing", _l("“%(question)s” is not answered yet.", question=question.label))


def _at(dossier: Dossier, question: Question, code: str, message: Msg) -> Problem:
    return Problem(code, message, question.key, dossier.section_of(question.key))
