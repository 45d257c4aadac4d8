"""The case officer's changes of partners: those that wait, and one with what it does to the rules."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications import policies
from portal.applications.admissibility import Asked
from portal.applications.change_models import ChangeRequest
from portal.applications.change_requests import get_change, page_changes_to_decide
from portal.applications.changing import after, consequences_of, problems_with_moment
from portal.applications.commands import change as commands
from portal.applications.dossiers import dossier_of
from portal.applications.states import CHANGE, CHANGE_LABELS, SHARE_LABELS
from portal.applications.views.blueprint import bp
from portal.applications.views.forms import DecideChangeForm
from portal.core.web import ctx, render


@bp.page("/desk/requests", policy=policies.READ_CHANGES)
def change_desk() -> Response:
    """List the changes of partners that wait for a decision, the oldest first."""
    found = page_changes_to_decide(request.args.get("after"))
    return render("applications/change_desk.html", page=found, labels=CHANGE_LABELS)


@bp.page("/desk/dossiers/<ref>/requests/<int:number>", policy=policies.READ_CHANGE, load=get_change)
def change_request(change: ChangeRequest) -> Response:
    """Show a change: who asked it and why, and which rules would find something else."""
    return _page(change, DecideChangeForm())


@bp.action("/desk/dossiers/<ref>/requests/<int:number>/decide", policy=policies.DECIDE_CHANGE, load=get_change)
def decide_change(change: ChangeRequest) -> Response | BaseResponse:
    """Grant or refuse a change, with a reason."""
    form, reference, number = DecideChangeForm(), change.application.reference, change.id
    if form.validate():
        with form.catching_problems():
            decide = commands.grant if form.verdict.data == "grant" else commands.refuse
            decide(ctx(), change, form.reason.data)
            flash(_("The decision is kept; the partners get a message."), "success")
            return redirect(url_for(".change_request", ref=reference, number=number))
        change = get_change(reference, number)
    return _page(change, form, 422)


def _page(change: ChangeRequest, form: DecideChangeForm, status: int = 200) -> Response:
    dossier, asked = dossier_of(change.application), ctx()
    is_open = change.waits_for_agreement or change.waits_for_decision
    problems = list(problems_with_moment(change.application, asked.now)) if is_open else []
    return render(
        "applications/change_request.html",
        status,
        change=change,
        application=change.application,
        form=form,
        dossier=dossier,
        dossier_after=after(dossier, change),
        consequences=consequences_of(dossier, change, Asked(asked.now, asked.actor)) if is_open else [],
        is_open=is_open,
        closed=problems[0].message if problems else None,
        label=CHANGE_LABELS[change.kind],
        shares=SHARE_LABELS,
        words=CHANGE.words[change.state],
    )
