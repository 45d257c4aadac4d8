"""A round's score forms out to a workbook and back in: first a page that says what it would save, then all of it at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.calls.queries import terms_of
from portal.core.errors import NotFound, Problem, RuleViolation
from portal.core.spreadsheet import LARGEST_WORKBOOK, MEDIA_TYPE, Table, write_book
from portal.core.text import _l
from portal.core.web import ctx, current_actor, language, render, translate
from portal.reviewing import policies, queries
from portal.reviewing.commands.offline import FormsPlan, OwnForm, mark_of_forms, plan_forms, save_forms
from portal.reviewing.forms import FormsPlanForm, FormsWorkbookForm, review_form
from portal.reviewing.rules import is_under_review
from portal.reviewing.states import CONFIDENCES, UNDER_WAY
from portal.reviewing.typed import standing
from portal.reviewing.views.blueprint import bp
from portal.reviewing.workbook import COLUMNS, MARK, SAYS, WIDTHS, rows_of


def get_own_forms(code: str, *, lock: bool = False) -> list[OwnForm]:
    """Return what the person who asks may write now in the round; NotFound where none of its reviews is theirs."""
    actor = current_actor()
    own = queries.list_own(actor.person_id or 0, code, lock=lock)
    if not own:
        raise NotFound
    drafts = queries.find_drafts(each.id for each in own)
    return [
        OwnForm(each, standing(each, drafts.get(each.id)))
        for each in own
        if each.state in UNDER_WAY
        and policies.WRITE.allows(actor, each)
        and is_under_review(each.application, ctx().now)
    ]


@bp.form("/reviews/rounds/<code>/workbook", policy=policies.QUEUE, limit="120 per hour")
def workbook(code: str) -> Response:
    """Say how it goes, take the workbook, and say what it would save, or what is wrong in which cell."""
    form, plan, forms = FormsWorkbookForm(), None, get_own_forms(code)
    if form.validate_on_submit():
        with form.catching_problems():
            plan = plan_forms(code, forms, form.file.data.stream.read(LARGEST_WORKBOOK + 1))
    if form.problems:
        forms = get_own_forms(code)
    return _page(code, forms, form, plan, 422 if form.errors or (plan and plan.problems) else 200)


@bp.page("/reviews/rounds/<code>/workbook.xlsx", policy=policies.QUEUE, limit="120 per hour")
def workbook_file(code: str) -> Response:
    """Give the score forms that are to be written as a workbook: what their reviewer sees, and no answer of an applicant."""
    forms = get_own_forms(code)
    rows = [row for each in forms for row in rows_of(each.review, each.standing, translate)]
    widths, header = [WIDTHS[each] for each in COLUMNS], [translate(each) for each in COLUMNS]
    content = write_book(
        [
            Table(_("Score forms"), header, rows, widths),
            Table(_("How it goes"), [_("How it goes")], [[translate(each)] for each in SAYS], [110]),
        ],
        hidden=(MARK, mark_of_forms(code, forms)),
    )
    response = make_response(content)
    response.mimetype = MEDIA_TYPE
    response.headers["Content-Disposition"] = f'attachment; filename="{code}-{_("reviews")}.xlsx"'
    return response


@bp.action("/reviews/rounds/<code>/workbook/save", policy=policies.QUEUE, limit="120 per hour")
def save_workbook(code: str) -> Response | BaseResponse:
    """Save what was read as drafts, all of it or nothing; refused where a review changed since the download."""
    form, forms = FormsPlanForm(), get_own_forms(code, lock=True)
    if form.validate_on_submit():
        with form.catching_problems():
            versions, filled = _sent(form.plan.data or "")
            sealed = save_forms(ctx(), forms, versions, filled)
            if sealed:
                flash(_("A conflict of interest was found: you cannot review this application."), "attention")
            flash(_("Your drafts are saved. None of them is submitted yet."), "success")
            return redirect(url_for(".queue"))
    return _page(code, get_own_forms(code), form, None, 422)


def _page(code: str, forms: Sequence[OwnForm], form: Any, plan: FormsPlan | None, status: int) -> Response:
    labels = {}
    if forms:
        criteria = terms_of(forms[0].review.application.round).criteria
        labels = {each.name: each.label.text for each in review_form(criteria, language())(formdata=None)}
    return render(
        "reviewing/workbook.html",
        status,
        code=code,
        forms=forms,
        form=form,
        upload=FormsWorkbookForm(formdata=None),
        plan=plan,
        labels=labels,
        says=SAYS,
        confidences=CONFIDENCES,
        sent=_as_sent(plan) if plan and plan.changes and not plan.problems else "",
    )


def _as_sent(plan: FormsPlan) -> str:
    versions = {each.form.review.id: each.form.version for each in plan.changes}
    return json.dumps(
        {"versions": versions, "filled": {each.form.review.id: dict(each.changed) for each in plan.changes}}
    )


def _sent(typed: str) -> tuple[Mapping[int, str], Mapping[int, Mapping[str, str]]]:
    """Return the plan that came back, checked for its shape only; RuleViolation where it is no plan."""
    try:
        sent = json.loads(typed)
        versions = {int(number): str(version) for number, version in sent["versions"].items()}
        filled = {
            int(number): {str(name): str(text) for name, text in values.items()}
            for number, values in sent["filled"].items()
        }
        if set(filled) - set(versions):
            raise ValueError("a review without its version")  # noqa: TRY301 - one way out for what is no plan
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        message = _l("The portal could not read what to do. Choose the workbook again.")
        raise RuleViolation([Problem("plan-unreadable", message)]) from fault
    return versions, filled
