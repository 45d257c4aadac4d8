"""The case officer's admissibility desk: a round's dossiers, one dossier, and what is decided on it."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.queries import list_unreachable
from portal.applications import dossiers, policies, queries
from portal.applications.admissibility import Asked
from portal.applications.budget_view import viewer_of
from portal.applications.checklist import RuleState, rule_states
from portal.applications.closing import closes_at_for, staff_words
from portal.applications.commands import admissibility as commands
from portal.applications.extensions import list_extensions
from portal.applications.models import Application
from portal.applications.reading import frozen_sign_offs, read_snapshot
from portal.applications.states import VERDICT_LABELS, WORKFLOW, State, Verdict
from portal.applications.views.blueprint import bp
from portal.applications.views.completing import changes_of, marked
from portal.applications.views.forms import JudgeForm
from portal.calls.form_definitions import Question
from portal.calls.models import Round
from portal.calls.queries import form_of
from portal.core.errors import NotFound
from portal.core.forms import ActionForm, PortalForm
from portal.core.web import ctx, current_actor, render


def _load_for_rule(ref: str, *, lock: bool = False, **_rule: str) -> Application:
    return queries.get_application(ref, lock=lock)


@bp.page("/desk/rounds/<code>/dossiers", policy=policies.READ_DOSSIERS, load=dossiers.get_round)
def round_dossiers(round_: Round) -> Response:
    """List the applications handed in for a round, in the order they came in."""
    found = dossiers.page_dossiers(round_, request.args.get("after"))
    return render("applications/dossiers.html", round=round_, page=found, words=WORKFLOW.words)


@bp.page("/desk/rounds/<code>/drafts", policy=policies.READ_DOSSIERS, load=dossiers.get_round)
def round_drafts(round_: Round) -> Response:
    """List the applications of a round that are not handed in: still being written, or never submitted."""
    found = dossiers.page_drafts(round_, request.args.get("after"))
    rows = [(each, closes_at_for(each), staff_words(each, ctx().now)) for each in found.rows]
    return render("applications/drafts.html", round=round_, page=found, rows=rows)


@bp.page("/desk/dossiers/<ref>", policy=policies.READ_DOSSIER, load=queries.get_application)
def dossier(application: Application) -> Response:
    """Show one dossier: its checklist with judgements, its snapshots, and what can be decided."""
    return _dossier_page(application, ActionForm())


@bp.form("/desk/dossiers/<ref>/rules/<rule>", policy=policies.JUDGE, load=_load_for_rule)
def judge(application: Application) -> Response | BaseResponse:
    """Judge the judged half of one rule, with a reason."""
    code = str((request.view_args or {})["rule"])
    reference, state = application.reference, _judged_rule(application, code)
    form = JudgeForm(verdict=str(state.verdict) if state.verdict else None, reason=state.reason)
    if form.validate_on_submit():
        with form.catching_problems():
            commands.judge_rule(ctx(), application, code, Verdict(form.verdict.data), form.reason.data)
            return redirect(url_for(".dossier", ref=reference))
    return render("applications/judge.html", reference=reference, state=state, form=form)


@bp.action("/desk/dossiers/<ref>/admit", policy=policies.JUDGE, load=queries.get_application)
def admit(application: Application) -> Response | BaseResponse:
    """Find the application admissible."""
    reference, form = application.reference, ActionForm()
    with form.catching_problems():
        commands.admit_application(ctx(), application)
        flash(_("The application is admissible."), "success")
        return redirect(url_for(".dossier", ref=reference))
    return _dossier_page(queries.get_application(reference), form)


def _states(application: Application) -> list[RuleState]:
    asked = ctx()
    judged = dossiers.judgements_of(application)
    return rule_states(dossiers.dossier_of(application), Asked(asked.now, asked.actor), judged)


def _judged_rule(application: Application, code: str) -> RuleState:
    found = next((each for each in _states(application) if each.code == code and each.question), None)
    if found is None:
        raise NotFound
    return found


def _question_of(application: Application, kind: str) -> Question | None:
    return next((each for each in form_of(application.round).questions if each.key == kind), None)


def _dossier_page(application: Application, form: PortalForm) -> Response:
    snapshots = dossiers.list_snapshots(application)
    content: dict[str, Any] = json.loads(snapshots[-1].content) if snapshots else {}
    state, viewer = State(application.state), viewer_of(current_actor(), application)
    is_read = bool(content) and policies.SEE.allows(current_actor(), application)
    partners = {each.organisation_id for each in application.partnership.partners if each.ended_on is None}
    return render(
        "applications/dossier.html",
        422 if form.problems else 200,
        unreachable=list_unreachable({application.promotor_id, *partners}),
        application=application,
        form=form,
        states=_states(application),
        snapshots=snapshots,
        infected=[(each, _question_of(application, each.kind)) for each in dossiers.infected_documents(application)],
        sections=read_snapshot(application, dossiers.dossier_of(application), content, viewer) if is_read else [],
        sign_offs=frozen_sign_offs(application, content),
        words=staff_words(application, ctx().now),
        closes_at=closes_at_for(application),
        extensions=list_extensions(application.id),
        changes=changes_of(application) if is_read else None,
        marked=marked,
        verdicts=VERDICT_LABELS,
        is_judgeable=state in (State.SUBMITTED, State.RETURNED) and ctx().now > closes_at_for(application),
    )
