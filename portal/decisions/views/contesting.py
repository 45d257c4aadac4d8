"""The lead partner asks for a review of a published decision, or withdraws what it asked."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.core.errors import IllegalTransition
from portal.core.forms import ActionForm
from portal.core.web import arrived_at, ctx, render
from portal.decisions import policies, queries
from portal.decisions.commands.contesting import ask_review as ask
from portal.decisions.commands.contesting import withdraw_review as withdraw
from portal.decisions.contesting import problems_before_asking, term_of
from portal.decisions.forms import ReviewForm
from portal.decisions.models import Decision, ReviewRequest
from portal.decisions.request_queries import find_request, get_request_of
from portal.decisions.states import REVIEW_REQUEST, RequestAction
from portal.decisions.views.blueprint import bp


@bp.form("/applications/<ref>/decision/review", policy=policies.ASK_REVIEW, load=queries.get_published_decision)
def ask_review(decision: Decision) -> Response | BaseResponse:
    """Ask for a review, within the term; what was typed comes back with a refusal."""
    form, ref = ReviewForm(), decision.application.reference
    if form.validate_on_submit():
        with form.catching_problems():
            ask(ctx(), decision, form.chosen, form.text.data)
            flash(_("The request for review is sent. You get an e-mail as a receipt."), "success")
            return redirect(url_for(".decision", ref=ref))
        decision = queries.get_published_decision(ref)
    term, is_asked = term_of(decision, arrived_at()), find_request(decision.id) is not None
    problems = list(problems_before_asking(decision, term, is_asked=is_asked))
    return render(
        "decisions/ask_review.html",
        decision=decision,
        application=decision.application,
        term=term,
        form=form,
        problems=[] if form.errors else problems,
    )


@bp.form("/applications/<ref>/decision/review/withdraw", policy=policies.WITHDRAW_REVIEW, load=get_request_of)
def withdraw_review(request: ReviewRequest) -> Response | BaseResponse:
    """Withdraw the request for good, after a page that says what it means."""
    if REVIEW_REQUEST.find(request.state, RequestAction.WITHDRAW) is None:
        since = getattr(request, f"{request.state}_at", None)
        raise IllegalTransition(REVIEW_REQUEST.name, str(RequestAction.WITHDRAW), str(request.state), since)
    form, ref = ActionForm(), request.decision.application.reference
    if form.validate_on_submit():
        withdraw(ctx(), request)
        flash(_("The request for review is withdrawn."), "success")
        return redirect(url_for(".decision", ref=ref))
    return render("decisions/withdraw_review.html", application=request.decision.application)
