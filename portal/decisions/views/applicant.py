"""The applicant's pages: the decision once it is published, and the lead partner's answer to an award."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.states import AWARDS, OUTCOME_WORDS, Outcome
from portal.applications.timeline import entries_of
from portal.calls.queries import terms_of
from portal.core.clock import brussels_day
from portal.core.errors import IllegalTransition
from portal.core.web import arrived_at, ctx, render
from portal.decisions import policies, queries
from portal.decisions.commands.answering import accept_award, decline_award
from portal.decisions.contesting import is_contestable, term_of
from portal.decisions.forms import AcceptForm, DeclineForm
from portal.decisions.letter_queries import list_letters
from portal.decisions.models import Decision
from portal.decisions.presenters import criterion_figures, missed_in_words
from portal.decisions.request_queries import find_request
from portal.decisions.rules import reserve_ends_on
from portal.decisions.states import (
    DECISION,
    GROUND_WORDS,
    LETTER_WORDS,
    REVIEW_REQUEST,
    DecisionAction,
    DecisionState,
)
from portal.decisions.views.blueprint import bp


@bp.page("/applications/<ref>/decision", policy=policies.SEE, load=queries.get_published_decision)
def decision(decision_: Decision) -> Response:
    """Show what was decided, why, and what can be done with it."""
    terms, application = terms_of(decision_.round), decision_.application
    feedback = application.feedback or {}
    state, outcome = DecisionState(decision_.state), Outcome(decision_.outcome)
    ended_on = queries.next_results_on(decision_.round) if outcome is Outcome.RESERVE else None
    return render(
        "decisions/decision.html",
        decision=decision_,
        application=application,
        terms=terms,
        outcome=OUTCOME_WORDS[outcome],
        words=DECISION.words[state],
        is_award=outcome in AWARDS,
        is_standing=state in queries.STANDING,
        is_to_answer=outcome in AWARDS and state is DecisionState.PUBLISHED,
        feedback=feedback,
        figures=criterion_figures(feedback, terms),
        missed=missed_in_words(feedback, terms),
        reserve=_reserve_list(decision_, ended_on) if outcome is Outcome.RESERVE else None,
        entries=entries_of(application, arrived_at()),
        review=find_request(decision_.id),
        earlier=decision_.replaces,
        earlier_review=find_request(decision_.replaces.id) if decision_.replaces else None,
        outcomes=OUTCOME_WORDS,
        is_contestable=is_contestable(decision_),
        term=term_of(decision_, arrived_at()),
        request_words=REVIEW_REQUEST.words,
        grounds=GROUND_WORDS,
        letters=list_letters(decision_),
        letter_words=LETTER_WORDS,
    )


def _reserve_list(decision_: Decision, next_results_on: date | None) -> tuple[date, bool] | None:
    """Return the last day of the reserve list, and whether it still holds today."""
    if decision_.decided_on is None:
        return None
    last_day = reserve_ends_on(decision_.decided_on)
    if next_results_on is not None:
        last_day = min(last_day, next_results_on - timedelta(days=1))
    return last_day, brussels_day(arrived_at()) <= last_day


@bp.form("/applications/<ref>/decision/accept", policy=policies.ANSWER, load=queries.get_published_decision)
def accept(decision_: Decision) -> Response | BaseResponse:
    """Accept the grant, after a page that says what it means."""
    _refuse_answered(decision_, DecisionAction.ACCEPT)
    form, ref = AcceptForm(), decision_.application.reference
    is_newer = request.method == "POST" and form.decision.data != str(decision_.id)
    if form.validate_on_submit() and not is_newer:
        accept_award(ctx(), decision_)
        flash(_("The grant is accepted."), "success")
        return redirect(url_for(".decision", ref=ref))
    return render(
        "decisions/accept.html",
        409 if is_newer else None,
        decision=decision_,
        application=decision_.application,
        is_newer=is_newer,
    )


@bp.form("/applications/<ref>/decision/decline", policy=policies.ANSWER, load=queries.get_published_decision)
def decline(decision_: Decision) -> Response | BaseResponse:
    """Decline the grant for good, with a reason."""
    _refuse_answered(decision_, DecisionAction.DECLINE)
    form, ref = DeclineForm(), decision_.application.reference
    if form.validate_on_submit():
        with form.catching_problems():
            decline_award(ctx(), decision_, form.reason.data)
            flash(_("The grant is declined."), "success")
            return redirect(url_for(".decision", ref=ref))
        decision_ = queries.get_published_decision(ref)
    return render("decisions/decline.html", decision=decision_, application=decision_.application, form=form)


def _refuse_answered(decision_: Decision, action: DecisionAction) -> None:
    """Refuse the page as the command would: an answered award is not asked again."""
    if decision_.outcome not in AWARDS or DECISION.find(decision_.state, action) is None:
        since = getattr(decision_, f"{decision_.state}_at", None)
        raise IllegalTransition(DECISION.name, str(action), str(decision_.state), since)
