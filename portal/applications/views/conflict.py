"""Two answers to one question: both shown whole, side by side, and the author's choice between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from markupsafe import Markup

from portal.applications.answers_shown import Value, value_of
from portal.applications.commands.save_section import Typed, merge_typed
from portal.applications.history import last_change
from portal.applications.marks import marked_words
from portal.applications.models import SectionRevision
from portal.applications.queries import list_revisions_from
from portal.applications.views.section_page import SectionPage, show_form
from portal.calls.form_definitions import WITH_LIMIT, Question
from portal.calls.questions.section_form import OWN_NAMES, OWN_PREFIXES, SectionForm
from portal.core.web import current_actor, render

MINE, THEIRS, BOTH = "mine", "theirs", "both"


@dataclass(frozen=True, slots=True)
class Changer:
    """Who gave a question the answer that stands, and when."""

    name: str
    at: datetime | None
    is_me: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that two people answered differently."""

    question: Question
    mine: Value
    theirs: Value
    marked_mine: Markup | None
    marked_theirs: Markup | None
    can_merge: bool
    changer: Changer


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen on the page of two versions; a form that never met it has chosen nothing, and all of it stays.

    ``unchosen`` are questions without a choice, ``together`` those whose two texts their author merges by hand.
    """

    typed: Typed
    unchosen: frozenset[str]
    together: Mapping[str, str]


def choices_of(page: SectionPage, form: SectionForm) -> Choices:
    """Return what to save: what is kept as mine stays, what is not is set aside, so that the history has it."""
    answers, set_aside, together = form.answers(), dict[str, Any](), dict[str, str]()
    unchosen = set()
    for key in set(request.form.getlist("conflict")) & set(answers):
        choice = request.form.get(f"keep-{key}")
        if choice == BOTH and form[key].question.kind in WITH_LIMIT:
            together[key] = "\n\n".join(filter(None, (answers[key], page.row.answers.get(key))))
        if choice == THEIRS or key in together:
            set_aside[key] = answers.pop(key)
        elif choice != MINE:
            unchosen.add(key)
    return Choices(typed_on(form, answers, set_aside), frozenset(unchosen), together)


def typed_on(form: SectionForm, answers: dict[str, Any], set_aside: dict[str, Any] | None = None) -> Typed:
    """Return the answers with the versions that they started from."""
    return Typed(answers, form.version.data or 0, form.bases, set_aside)


def show_together(page: SectionPage, form: SectionForm, texts: Mapping[str, str]) -> Response:
    """Show the section as it stands now, with two texts one under the other, to be edited and then saved."""
    for each in form.questions():
        each.process(None, page.row.answers.get(each.short_name))
        if each.short_name in texts:
            each.data = texts[each.short_name]
    form.version.data, form.version.raw_data, form.bases = page.row.version, None, {}
    return show_form(page, form, status=200)


def show_conflict(page: SectionPage, form: SectionForm, unchosen: frozenset[str] = frozenset()) -> Response:
    """Render both versions of every question that two people changed (409); everything typed travels along."""
    typed = typed_on(form, form.answers())
    # Whose choice is open was asked about the version that stands: it is what they start from now.
    asked = {each.key for each in merge_typed(page.row, typed).conflicts} | unchosen
    changers = changers_of(page, typed, asked)
    return render(
        "applications/conflict.html",
        409,
        page=page,
        application=page.application,
        differences=[
            _difference(page, form, each.key, changers[each.key])
            for each in page.section.questions
            if each.key in asked
        ],
        unchosen=unchosen,
        version=form.version.data,
        typed=[(name, value) for name, value in request.form.items(multi=True) if _travels(name, asked)],
    )


def changers_of(page: SectionPage, typed: Typed, keys: Collection[str]) -> dict[str, Changer]:
    """Return who changed each of the questions since it was started from (one statement, none without questions)."""
    if not keys:
        return {}
    started = typed.started_from()
    since = list_revisions_from(page.row.id, min(started[key] for key in keys))
    return {key: _changer(page, last_change(since, key)) for key in keys}


def _changer(page: SectionPage, change: SectionRevision | None) -> Changer:
    person, at = (change.saved_by, change.saved_at) if change else (page.row.saved_by, page.row.saved_at)
    if person is None:
        return Changer(str(_("somebody else")), at, is_me=False)
    is_me = person.id == current_actor().person_id
    return Changer(str(_("you, in another window")) if is_me else person.name, at, is_me)


def _travels(name: str, asked: set[str]) -> bool:
    prefix, _dash, key = name.partition("-")
    return name not in OWN_NAMES and not (prefix in OWN_PREFIXES and (prefix == "keep" or key in asked))


def _difference(page: SectionPage, form: SectionForm, key: str, changer: Changer) -> Difference:
    question = form[key].question
    mine, theirs = form.answers().get(key), page.row.answers.get(key)
    is_text = question.kind in WITH_LIMIT
    marked: tuple[Markup | None, Markup | None] = (None, None)
    if is_text and mine and theirs:
        marked = marked_words(str(mine), str(theirs))
    return Difference(
        question,
        value_of(question, mine, page.beside),
        value_of(question, theirs, page.beside),
        *marked,
        is_text,
        changer,
    )
