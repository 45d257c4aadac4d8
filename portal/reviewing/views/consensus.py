"""The consensus of an application: individual scores side by side, and what was agreed."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.calls.queries import terms_of
from portal.core.errors import StaleVersion
from portal.core.web import ctx, language, render
from portal.reviewing import policies, queries
from portal.reviewing.commands.consensus import record_consensus as record
from portal.reviewing.commands.discussing import propose_consensus as propose
from portal.reviewing.discussion import discussion_of
from portal.reviewing.discussion_models import Proposal
from portal.reviewing.forms import ConsensusForm, consensus_form
from portal.reviewing.models import Consensus
from portal.reviewing.rules import is_under_review, read_scores
from portal.reviewing.states import CAUSES, VOTES, ConsensusCause, ReviewState
from portal.reviewing.views.blueprint import bp


@bp.page("/desk/dossiers/<ref>/consensus", policy=policies.SEE_REVIEWS, load=get_application)
def consensus(application: Application) -> Response:
    """Show the submitted reviews side by side, why consensus is asked, and what was agreed."""
    return _consensus_page(application)


@bp.action("/desk/dossiers/<ref>/consensus", policy=policies.RECORD_CONSENSUS, load=get_application)
def record_consensus(application: Application) -> Response | BaseResponse:
    """Record the agreed scores and the text for the applicant; two who record at once see both."""
    reference, criteria = application.reference, terms_of(application.round).criteria
    form: ConsensusForm = consensus_form(criteria, language())()
    if form.validate_on_submit():
        try:
            with form.catching_problems():
                agreed: dict[str, Any] = form.scores(criteria)
                record(ctx(), application, agreed, form.text.data or "", form.version.data or 0)
                flash(_("The consensus is recorded."), "success")
                return redirect(url_for(".consensus", ref=reference))
        except StaleVersion as stale:
            form.version.raw_data = [str(stale.current_version)]
            return _consensus_page(application, form, is_stale=True)
        application = get_application(reference)
    return _consensus_page(application, form)


@bp.action("/desk/dossiers/<ref>/consensus/propose", policy=policies.RECORD_CONSENSUS, load=get_application)
def propose_consensus(application: Application) -> Response | BaseResponse:
    """Put the scores and the text before the reviewers of the file, who vote on them."""
    reference, criteria = application.reference, terms_of(application.round).criteria
    form: ConsensusForm = consensus_form(criteria, language())()
    if form.validate_on_submit():
        with form.catching_problems():
            agreed: dict[str, Any] = form.scores(criteria)
            propose(ctx(), application, agreed, form.text.data or "")
            flash(_("The reviewers are asked what they think of this proposal."), "success")
            return redirect(url_for(".discussion", ref=reference))
        application = get_application(reference)
    return _consensus_page(application, form)


def _consensus_page(application: Application, form: ConsensusForm | None = None, *, is_stale: bool = False) -> Response:
    terms, found = terms_of(application.round), queries.find_consensus(application.id)
    discussion = discussion_of(application)
    submitted = [each for each in queries.list_reviews(application.id) if each.state is ReviewState.SUBMITTED]
    return render(
        "reviewing/consensus.html",
        409 if is_stale else None,
        application=application,
        terms=terms,
        reviews=submitted,
        scores={each.id: read_scores(each.scores) for each in submitted},
        assessment=queries.find_assessment(application.id),
        consensus=found,
        causes=[CAUSES[ConsensusCause(each)] for each in found.causes] if found else [],
        discussion=discussion,
        votes=VOTES,
        form=form or _form_of(terms.criteria, found, discussion.proposal),
        is_stale=is_stale,
        is_under_review=is_under_review(application, ctx().now),
    )


def _form_of(criteria: Any, found: Consensus | None, proposal: Proposal | None) -> ConsensusForm:
    """Return the form with what was recorded, else with what was proposed last."""
    values: dict[str, Any] = {"version": found.version if found else 0}
    stands = found if found is not None and found.recorded_at is not None else proposal
    if stands is not None:
        values |= {"text": stands.text, **{f"{code}-score": str(score) for code, score in stands.scores.items()}}
    made: ConsensusForm = consensus_form(criteria, language())(formdata=None, data=values)
    return made
