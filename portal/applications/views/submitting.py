"""The applicant's pages around handing in: check and submit, receipt, timeline, reopen, withdraw, complete."""

from __future__ import annotations

import json

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.applications import policies
from portal.applications.admissibility import Asked
from portal.applications.budget_view import viewer_of, visible_lines, wages_of
from portal.applications.checklist import problems_before_submission, rule_states
from portal.applications.closing import applicant_words, closes_at_for
from portal.applications.commands import submit as handing_in
from portal.applications.commands import withdraw as taking_back
from portal.applications.dossiers import dossier_of, judgements_of, open_request
from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.applications.reading import frozen_documents, read_application
from portal.applications.sign_offs import sign_states
from portal.applications.states import WORKFLOW, State
from portal.applications.timeline import entries_of
from portal.applications.views.blueprint import bp
from portal.applications.views.forms import SubmitForm, WithdrawForm
from portal.applications.views.inside import is_written_now
from portal.applications.views.papers import versions_of
from portal.calls.queries import form_of, terms_of
from portal.core.errors import NotFound
from portal.core.web import ctx, current_actor, render, translate
from portal.partnerships.states import ROLE_LABELS


@bp.form("/applications/<ref>/check", policy=policies.SUBMIT, load=get_application)
def check(application: Application) -> Response | BaseResponse:
    """Show the whole application as it will be frozen, and hand it in."""
    reference, form = application.reference, _submit_form(application)
    if form.validate_on_submit():
        with form.catching_problems():
            handing_in.submit_application(ctx(), application, accepted=frozenset(form.accepted.data or ()))
            return redirect(url_for(".receipt", ref=reference))
        application = get_application(reference)
    return _check_page(application, form)


def _submit_form(application: Application) -> SubmitForm:
    form, declarations = SubmitForm(), terms_of(application.round).declarations
    form.accepted.choices = [SelectChoice(each.code, translate(each.label)) for each in declarations]
    return form


def _check_page(application: Application, form: SubmitForm) -> Response:
    asked, dossier = ctx(), dossier_of(application)
    everything = frozenset(each.code for each in dossier.terms.declarations)
    problems = list(problems_before_submission(dossier, Asked(asked.now, asked.actor, everything)))
    states = rule_states(dossier, Asked(asked.now, asked.actor, everything))
    costs = visible_lines(dossier.lines, viewer_of(asked.actor, application), wages_of(application))
    return render(
        "applications/check.html",
        application=application,
        dossier=dossier,
        form=form,
        problems=[] if request.method == "POST" else problems,
        states=states,
        sign_offs=sign_states(application, dossier),
        roles=ROLE_LABELS,
        is_open=is_written_now(application, None),
        sections=read_application(application, dossier, costs=costs),
    )


@bp.page("/applications/<ref>/receipt", policy=policies.SEE, load=get_application)
def receipt(application: Application) -> Response:
    """Show what was handed in, when to the second, its digest, and what can be taken away of it."""
    viewer = viewer_of(current_actor(), application)
    versions = versions_of(application, viewer)
    if not versions or application.submitted_at is None:
        raise NotFound
    latest = versions[0][0]
    return render(
        "applications/receipt.html",
        application=application,
        terms=terms_of(application.round),
        versions=versions,
        documents=frozen_documents(application, form_of(application.round), json.loads(latest.content)),
        viewer=viewer,
        closes_at=closes_at_for(application),
        is_open=ctx().now <= closes_at_for(application),
        words=WORKFLOW.words[State(application.state)],
    )


@bp.page("/applications/<ref>/timeline", policy=policies.SEE, load=get_application)
def timeline(application: Application) -> Response:
    """Show what happened to the application, in plain words."""
    at = ctx().now
    return render(
        "applications/timeline.html",
        application=application,
        entries=entries_of(application, at),
        words=applicant_words(application, at),
    )


@bp.page("/applications/<ref>/admissibility", policy=policies.SEE, load=get_application)
def admissibility(application: Application) -> Response:
    """Show the living checklist of the admissibility rules."""
    asked, dossier = ctx(), dossier_of(application)
    states = rule_states(dossier, Asked(asked.now, asked.actor), judgements_of(application))
    request_ = open_request(application)
    return render("applications/admissibility.html", application=application, states=states, completion=request_)


@bp.action("/applications/<ref>/reopen", policy=policies.REOPEN, load=get_application)
def reopen(application: Application) -> Response | BaseResponse:
    """Make a submitted application a draft again."""
    taking_back.reopen_application(ctx(), application)
    flash(_("The application is a draft again. Submit it before the round closes."), "success")
    return redirect(url_for(".check", ref=application.reference))


@bp.form("/applications/<ref>/withdraw", policy=policies.WITHDRAW, load=get_application)
def withdraw(application: Application) -> Response | BaseResponse:
    """Withdraw the application, with a reason."""
    form = WithdrawForm()
    if form.validate_on_submit():
        taking_back.withdraw_application(ctx(), application, form.reason.data)
        flash(_("The application is withdrawn."), "success")
        return redirect(url_for(".timeline", ref=application.reference))
    return render("applications/withdraw.html", application=application, form=form)


@bp.action("/applications/<ref>/complete", policy=policies.COMPLETE, load=get_application)
def complete(application: Application) -> Response | BaseResponse:
    """Hand in what a case officer asked to complete."""
    handing_in.complete_application(ctx(), application)
    flash(_("Your completion is handed in."), "success")
    return redirect(url_for(".receipt", ref=application.reference))
