"""Two versions of one section: both shown whole, question by question, and the author's choice between them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal.applications.answers_shown import Value, value_of
from portal.applications.queries import find_revision
from portal.applications.views.section_page import SectionPage, show_form
from portal.calls.answers import is_blank
from portal.calls.form_definitions import WITH_LIMIT, Question
from portal.calls.questions.section_form import OWN_NAMES, SectionForm
from portal.core.web import render

MINE, THEIRS, BOTH = "mine", "theirs", "both"
MOST_WORDS = 6000  # comparing word by word is quadratic; longer texts are shown without marks


@dataclass(frozen=True, slots=True)
class Difference:
    """One question with two answers. `chosen` is the one that nobody disputes: only one of the two was changed."""

    question: Question
    mine: Value
    theirs: Value
    marked_mine: Markup | None
    marked_theirs: Markup | None
    chosen: str | None
    can_merge: bool


def keep_choices(page: SectionPage, form: SectionForm) -> tuple[dict[str, Any], Response | None]:
    """Return the answers to save after the choices made on the page of two versions, or that page again.

    What was typed stays for each question that is kept as mine, what stands for each that is kept as theirs.
    """
    answers, merged = form.answers(), False
    open_questions = []
    for key in request.form.getlist("conflict"):
        choice = request.form.get(f"keep-{key}")
        if key not in answers:
            continue
        if choice == THEIRS:
            del answers[key]
        elif choice == BOTH and form[key].question.kind in WITH_LIMIT:
            form[key].data = "\n\n".join(filter(None, (answers[key], page.row.answers.get(key))))
            merged = True
        elif choice != MINE:
            open_questions.append(key)
    if open_questions:
        return answers, show_conflict(page, form, form.answers(), unchosen=frozenset(open_questions))
    return answers, _merging(page, form, answers) if merged else None


def _merging(page: SectionPage, form: SectionForm, answers: Mapping[str, Any]) -> Response:
    """Show the form with both texts one under the other, to be edited and then saved."""
    for each in form.questions():
        if each.short_name not in answers and each.short_name in request.form.getlist("conflict"):
            each.process(None, page.row.answers.get(each.short_name))
    form.version.data, form.version.raw_data = page.row.version, None
    return show_form(page, form, status=200)


def show_conflict(
    page: SectionPage, form: SectionForm, answers: Mapping[str, Any], *, unchosen: frozenset[str] = frozenset()
) -> Response:
    """Render both versions of every question that differs (409); everything typed travels along."""
    base = find_revision(page.row.id, form.version.data or 0)
    known = None if base is None else base.answers
    differences = [_difference(page, each, answers[each.key], known) for each in differing(page, answers)]
    return render(
        "applications/conflict.html",
        409,
        page=page,
        application=page.application,
        differences=differences,
        unchosen=unchosen,
        typed=[(name, value) for name, value in request.form.items(multi=True) if _travels(name)],
        who=page.row.saved_by.name if page.row.saved_by else _("somebody else"),
    )


def differing(page: SectionPage, answers: Mapping[str, Any]) -> list[Question]:
    """Return the questions of which `answers` say something else than what stands: none after a second press of Save."""
    return [
        each
        for each in page.section.questions
        if each.key in answers and not _is_same(answers[each.key], page.row.answers.get(each.key))
    ]


def _travels(name: str) -> bool:
    return name not in OWN_NAMES and not name.startswith("keep-")


def _is_same(one: Any, other: Any) -> bool:
    return bool(one == other) or (is_blank(one) and is_blank(other))


def _difference(page: SectionPage, question: Question, mine: Any, base: Mapping[str, Any] | None) -> Difference:
    theirs = page.row.answers.get(question.key)
    chosen = None
    if base is not None and _is_same(base.get(question.key), theirs):
        chosen = MINE
    elif base is not None and _is_same(base.get(question.key), mine):
        chosen = THEIRS
    marked: tuple[Markup | None, Markup | None] = (None, None)
    if question.kind in WITH_LIMIT and mine and theirs:
        marked = marked_words(str(mine), str(theirs))
    return Difference(
        question,
        value_of(question, mine, page.beside),
        value_of(question, theirs, page.beside),
        *marked,
        chosen,
        question.kind in WITH_LIMIT,
    )


def marked_words(mine: str, theirs: str) -> tuple[Markup | None, Markup | None]:
    """Return both texts with what the other does not have marked as inserted; (None, None) for very long texts."""
    ours, others = re.findall(r"\s+|\S+", mine), re.findall(r"\s+|\S+", theirs)
    if len(ours) + len(others) > MOST_WORDS:
        return None, None
    blocks = difflib.SequenceMatcher(None, ours, others, autojunk=False).get_opcodes()
    return (
        Markup("").join(_marked(ours[start:end], is_new=tag != "equal") for tag, start, end, _b, _e in blocks),
        Markup("").join(_marked(others[start:end], is_new=tag != "equal") for tag, _b, _e, start, end in blocks),
    )


def _marked(words: list[str], *, is_new: bool) -> Markup:
    text = Markup("<br>").join(escape("".join(words)).split("\n"))
    return Markup("<ins>{}</ins>").format(text) if is_new and text.strip() else text
