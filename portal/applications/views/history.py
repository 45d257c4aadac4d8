"""How a section came to be what it is: who changed what, and when; and putting an earlier version back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, request
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from portal.applications import policies, queries
from portal.applications.answers_shown import Beside, Value, value_of
from portal.applications.commands.restore_section import restore_section
from portal.applications.history import Change, Stretch, changes_between, stretches_of
from portal.applications.marks import marked_change
from portal.applications.models import Section
from portal.applications.reading import beside_of, names_of
from portal.applications.views.blueprint import bp
from portal.applications.views.forms import RestoreForm
from portal.applications.views.inside import is_written_now
from portal.applications.views.section_page import SectionPage
from portal.calls.answers import municipalities_in
from portal.calls.form_definitions import WITH_LIMIT, Question
from portal.core.errors import StaleVersion
from portal.core.web import ctx, current_actor, render

A_PAGE = 20


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One changed question: a text with its changes marked, or both values."""

    question: Question
    before: Value
    after: Value
    marked: Markup | None


@dataclass(frozen=True, slots=True)
class ShownStretch:
    """One stretch of writing, with what it changed."""

    stretch: Stretch
    changes: list[ShownChange]


def _load(ref: str, code: str, *, lock: bool = False, **_number: int) -> Section:
    return queries.get_section(ref, code, lock=lock)


@bp.page("/applications/<ref>/sections/<code>/history", policy=policies.READ_HISTORY, load=_load)
def history(section: Section) -> Response:
    """Show the stretches of writing, the latest first, each with the words that came and went."""
    page = SectionPage.of(section.application, section.code)
    before = request.args.get("before", type=int)
    found = [
        each for each in stretches_of(queries.list_marks(section.id)) if before is None or each.last.version < before
    ]
    listed = found[:A_PAGE]
    wanted = {each.last.version for each in listed} | {each.before for each in listed if each.before is not None}
    answers = queries.answers_at(section.id, wanted)
    may_restore = policies.EDIT_SECTION.allows(current_actor(), section) and is_written_now(
        section.application, section.code
    )
    return render(
        "applications/history.html",
        page=page,
        stretches=_shown(page, listed, answers),
        may_restore=may_restore,
        next_before=listed[-1].last.version if len(found) > A_PAGE else None,
    )


@bp.form("/applications/<ref>/sections/<code>/history/<int:number>/restore", policy=policies.EDIT_SECTION, load=_load)
def restore(section: Section) -> Response | BaseResponse:
    """Ask whether an earlier version is to stand again, and say what that will change; then put it back."""
    number = int((request.view_args or {})["number"])
    form = RestoreForm(seen=section.version)
    page = SectionPage.of(section.application, section.code)
    if form.validate_on_submit():
        try:
            with form.catching_problems():
                restore_section(ctx(), section, number, seen=form.seen.data or 0)
                flash(_("The earlier version stands again. What it replaced is in the history."), "success")
                return redirect(page.url)
        except StaleVersion:
            form.form_errors.append(_("Somebody saved this section meanwhile. See what putting back would change now."))
        page = SectionPage.of(queries.get_section(page.ref, section.code).application, section.code)
    changes = changes_between(page.section.questions, page.row.answers, queries.get_answers_at(page.row.id, number))
    return render(
        "applications/restore.html",
        page=page,
        form=form,
        changes=_changes(changes, _beside(page, changes)),
        number=number,
    )


def _shown(page: SectionPage, listed: Sequence[Stretch], answers: Mapping[int, dict[str, Any]]) -> list[ShownStretch]:
    changed = [
        changes_between(
            page.section.questions,
            answers.get(each.before, {}) if each.before is not None else {},
            answers.get(each.last.version, {}),
        )
        for each in listed
    ]
    beside = _beside(page, [change for each in changed for change in each])
    shown = [ShownStretch(each, _changes(changes, beside)) for each, changes in zip(listed, changed, strict=True)]
    # The version that follows a text that was set aside says again what stood: it changed nothing.
    return [each for each in shown if each.changes]


def _beside(page: SectionPage, changes: Sequence[Change]) -> Beside:
    """Return what gives the values their words: the names of every municipality in any of the versions (one statement)."""
    codes: set[str] = set()
    for each in changes:
        for answer in (each.before, each.after):
            codes |= municipalities_in([each.question], {each.question.key: answer})
    return beside_of(page.application, page.dossier, municipalities=names_of(codes))


def _changes(changes: Sequence[Change], beside: Beside) -> list[ShownChange]:
    return [
        ShownChange(
            each.question,
            value_of(each.question, each.before, beside),
            value_of(each.question, each.after, beside),
            marked_change(str(each.before or ""), str(each.after or "")) if each.question.kind in WITH_LIMIT else None,
        )
        for each in changes
    ]
