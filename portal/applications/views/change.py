"""The applicants' pages of a change of partners: what was asked, asking it, and the other side's answer."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.applications import policies
from portal.applications.change_models import ChangeRequest
from portal.applications.change_requests import get_change, list_changes
from portal.applications.changing import candidates_of, problems_with_moment
from portal.applications.commands import change as commands
from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.applications.states import CHANGE, CHANGE_LABELS, OPEN_CHANGES, SHARE_LABELS, ChangeKind, ShareGoes
from portal.applications.views.blueprint import bp
from portal.applications.views.forms import LeavingForm, PromotorForm
from portal.core.context import Ctx
from portal.core.forms import ActionForm
from portal.core.web import ctx, current_actor, render


@bp.page("/applications/<ref>/requests", policy=policies.SEE, load=get_application)
def change_requests(application: Application) -> Response:
    """Show the changes of partners that were asked, and what can be asked now."""
    return _page(application, ActionForm())


@bp.form("/applications/<ref>/requests/lead-partner", policy=policies.ASK_CHANGE, load=get_application)
def ask_promotor_change(application: Application) -> Response | BaseResponse:
    """Ask that another partner leads; the other side has to agree."""
    form, reference = PromotorForm(), application.reference
    form.organisation.choices = _choices(application, ChangeKind.PROMOTOR)
    if form.validate_on_submit():
        with form.catching_problems():
            commands.ask_promotor_change(ctx(), application, form.organisation.data, form.reason.data)
            flash(_("The change is asked. The other organisation gets a message: it has to agree."), "success")
            return redirect(url_for(".change_requests", ref=reference))
        application = get_application(reference)
    return _ask_page(application, form, ChangeKind.PROMOTOR)


@bp.form("/applications/<ref>/requests/leaving", policy=policies.ASK_CHANGE, load=get_application)
def ask_leaving(application: Application) -> Response | BaseResponse:
    """Ask that a partner leaves, and say what happens with its share."""
    form, reference = LeavingForm(), application.reference
    form.organisation.choices = _choices(application, ChangeKind.LEAVING)
    if form.validate_on_submit():
        with form.catching_problems():
            goes = ShareGoes(form.share_goes.data)
            commands.ask_leaving(ctx(), application, form.organisation.data, goes, form.reason.data)
            flash(_("The change is asked. A case officer decides, and you get a message."), "success")
            return redirect(url_for(".change_requests", ref=reference))
        application = get_application(reference)
    return _ask_page(application, form, ChangeKind.LEAVING)


@bp.action("/applications/<ref>/requests/<int:number>/agree", policy=policies.ANSWER_CHANGE, load=get_change)
def agree_with_change(change: ChangeRequest) -> Response | BaseResponse:
    """Agree for the other side."""
    return _answered(change, commands.agree, _("You agree. A case officer decides now."))


@bp.action("/applications/<ref>/requests/<int:number>/decline", policy=policies.ANSWER_CHANGE, load=get_change)
def decline_change(change: ChangeRequest) -> Response | BaseResponse:
    """Do not agree for the other side, which ends the request."""
    return _answered(change, commands.decline, _("You do not agree, so nothing changes."))


@bp.action("/applications/<ref>/requests/<int:number>/withdraw", policy=policies.WITHDRAW_CHANGE, load=get_change)
def withdraw_change(change: ChangeRequest) -> Response | BaseResponse:
    """Take a request back."""
    return _answered(change, commands.withdraw, _("The request is withdrawn; nothing changes."))


def _answered(
    change: ChangeRequest, answer: Callable[[Ctx, ChangeRequest], None], said: str
) -> Response | BaseResponse:
    form, reference = ActionForm(), change.application.reference
    with form.catching_problems():
        answer(ctx(), change)
        flash(said, "success")
        return redirect(url_for(".change_requests", ref=reference))
    return _page(get_application(reference), form)


def _page(application: Application, form: ActionForm) -> Response:
    problems = list(problems_with_moment(application, ctx().now))
    changes = list_changes(application.id)
    is_open = {each.kind for each in changes if each.state in OPEN_CHANGES}
    return render(
        "applications/change_requests.html",
        422 if form.problems else 200,
        application=application,
        form=form,
        changes=changes,
        closed=problems[0].message if problems else None,
        can_ask={each for each in ChangeKind if each not in is_open and _choices(application, each)},
        labels=CHANGE_LABELS,
        shares=SHARE_LABELS,
        words=CHANGE.words,
    )


def _ask_page(application: Application, form: PromotorForm | LeavingForm, kind: ChangeKind) -> Response:
    problems = list(problems_with_moment(application, ctx().now))
    return render(
        "applications/ask_change.html",
        application=application,
        form=form,
        kind=kind,
        closed=problems[0].message if problems else None,
        labels=CHANGE_LABELS,
    )


def _choices(application: Application, kind: ChangeKind) -> list[SelectChoice]:
    """Return the partners that could lead, or leave: all for whoever signs for the lead partner, else one's own."""
    actor = current_actor()
    return [
        SelectChoice(each.organisation_id, each.organisation.name)
        for each in candidates_of(application, kind)
        if actor.may_bind(application.promotor_id) or actor.may_bind(each.organisation_id)
    ]
