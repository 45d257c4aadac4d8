"""The desk's pages of requests for review: what waits, one request with its dossier, and the answer."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.states import OUTCOME_WORDS, Outcome
from portal.core.web import ctx, current_actor, render
from portal.decisions import policies
from portal.decisions.commands.contesting import answer_review as answer
from portal.decisions.contesting import may_answer
from portal.decisions.forms import ReviewAnswerForm
from portal.decisions.queries import find_replacement
from portal.decisions.renewing import PERSONS_NEEDED, problems_before_renewing
from portal.decisions.request_queries import (
    DeskRequest,
    find_proposal,
    list_open_requests,
    list_renewers,
    list_unsettled_requests,
    page_closed_requests,
)
from portal.decisions.states import GROUND_WORDS, REVIEW_REQUEST, RequestState
from portal.decisions.views.blueprint import bp, load_desk_request, own_organisations


@bp.page("/desk/review-requests", policy=policies.LIST_REVIEWS)
def review_requests() -> Response:
    """List the requests that wait for an answer, and those that are closed."""
    actor, mine = current_actor(), own_organisations()
    return render(
        "decisions/review_requests.html",
        unsettled=list_unsettled_requests(mine),
        waiting=[(each, may_answer(actor, each)) for each in list_open_requests(mine)],
        closed=page_closed_requests(mine, request.args.get("after")),
        words=REVIEW_REQUEST.words,
        grounds=GROUND_WORDS,
    )


@bp.page("/desk/review-requests/<int:number>", policy=policies.READ_REVIEW, load=load_desk_request)
def review_request(found: DeskRequest) -> Response:
    """Show one request, the decision it is about, and what is left to do."""
    able = len(list_renewers(found.id)) if found.request.state is RequestState.UPHELD else PERSONS_NEEDED
    return render("decisions/review_request.html", lacking=max(0, PERSONS_NEEDED - able), **_shown(found))


@bp.form("/desk/review-requests/<int:number>/answer", policy=policies.ANSWER_REVIEW, load=load_desk_request)
def answer_review(found: DeskRequest) -> Response | BaseResponse:
    """Uphold or dismiss a request, with the reasons."""
    form, number = ReviewAnswerForm(), found.id
    if form.validate_on_submit():
        with form.catching_problems():
            answer(ctx(), found, is_upheld=form.verdict.data == "uphold", answer=form.answer.data)
            flash(_("The request for review is answered. The partners get an e-mail."), "success")
            return redirect(url_for(".review_request", number=number))
        found = load_desk_request(number)
    return render("decisions/answer_review.html", form=form, **_shown(found))


def _shown(found: DeskRequest) -> dict[str, object]:
    review = found.request
    decision, is_upheld = review.decision, review.state is RequestState.UPHELD
    return {
        "found": found,
        "review": review,
        "decision": decision,
        "application": decision.application,
        "outcome": OUTCOME_WORDS[Outcome(decision.outcome)],
        "words": REVIEW_REQUEST.words[RequestState(review.state)],
        "ground": GROUND_WORDS[review.ground],
        "is_open": review.state is RequestState.ASKED,
        "proposal": find_proposal(review.id) if is_upheld else None,
        "replacement": find_replacement(decision) if is_upheld else None,
        "outcomes": OUTCOME_WORDS,
        "closed_by": list(problems_before_renewing(review, decision)) if is_upheld else [],
    }
