"""A new decision after an upheld request for review: prepared by one administrator, confirmed or dropped by another."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.queries import get_person
from portal.applications.states import AWARDS, OUTCOME_WORDS, Outcome
from portal.core.money import ZERO
from portal.core.web import ctx, current_actor, render
from portal.decisions import policies
from portal.decisions.commands.renewing import as_new_decision, drop_new_decision, propose_new_decision
from portal.decisions.commands.renewing import confirm_new_decision as confirm
from portal.decisions.forms import ConfirmNewDecisionForm, NewDecisionForm
from portal.decisions.renewing import NewDecision, problems_before_confirming_new, problems_before_proposing
from portal.decisions.request_queries import DeskRequest, find_proposal, room_for
from portal.decisions.views.blueprint import bp, load_desk_request


@bp.form("/desk/review-requests/<int:number>/decision", policy=policies.RENEW, load=load_desk_request)
def decide_anew(found: DeskRequest) -> Response | BaseResponse:
    """Prepare the decision that takes the first one's place."""
    form, number = NewDecisionForm(conditions=[]), found.id
    if form.validate_on_submit():
        with form.catching_problems():
            propose_new_decision(ctx(), found, _typed(form))
            flash(_("The new decision is proposed. A second administrator confirms it."), "success")
            return redirect(url_for(".review_request", number=number))
        found = load_desk_request(number)
    form.offer_rows([])
    review = found.request
    problems = list(problems_before_proposing(review, review.decision, find_proposal(review.id)))
    return render("decisions/decide_anew.html", form=form, problems=[] if form.errors else problems, **_shown(found))


@bp.form("/desk/review-requests/<int:number>/decision/confirm", policy=policies.RENEW, load=load_desk_request)
def confirm_anew(found: DeskRequest) -> Response | BaseResponse:
    """Confirm what somebody else prepared: it is published at once and takes the first decision's place."""
    number, proposal = found.id, find_proposal(found.id)
    form = ConfirmNewDecisionForm(
        signed_by=found.request.decision.signed_by, proposal=str(proposal.id) if proposal else ""
    )
    if form.validate_on_submit():
        with form.catching_problems():
            new = confirm(ctx(), found, seen=form.seen, signed_by=form.signed_by.data)
            flash(_("The new decision is published. The partners get an e-mail and a letter."), "success")
            return redirect(url_for(".award", number=new.id))
        found, proposal = load_desk_request(number), find_proposal(number)
    review = found.request
    problems = list(problems_before_confirming_new(review, review.decision, proposal, current_actor().person_id))
    return render(
        "decisions/confirm_anew.html",
        form=form,
        problems=[] if form.errors else problems,
        is_shown=not problems,
        new=as_new_decision(proposal) if proposal else None,
        proposal=proposal,
        prepared_by=get_person(proposal.prepared_by_id).name if proposal else "",
        **_shown(found),
    )


@bp.action("/desk/review-requests/<int:number>/decision/drop", policy=policies.RENEW, load=load_desk_request)
def drop_anew(found: DeskRequest) -> BaseResponse:
    """Drop a proposed decision, so that another can be proposed."""
    drop_new_decision(ctx(), found)
    flash(_("The proposed decision is dropped: the published one stands."), "success")
    return redirect(url_for(".review_request", number=found.id))


def _typed(form: NewDecisionForm) -> NewDecision:
    outcome = Outcome(form.outcome.data)
    amount = form.awarded if outcome in AWARDS else ZERO
    return NewDecision(outcome, amount, form.reason.data or "", form.chosen_conditions())


def _shown(found: DeskRequest) -> dict[str, object]:
    decision = found.request.decision
    return {
        "review": found.request,
        "decision": decision,
        "application": decision.application,
        "room": room_for(decision),
        "outcomes": OUTCOME_WORDS,
    }
