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
from portal.reviewing.forms import ConsensusForm, consensus_form
from portal.reviewing.models import Consensus
from portal.reviewing.rules import is_under_review, read_scores
from portal.reviewing.states import CAUSES, ConsensusCause, ReviewState
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


def _consensus_page(application: Application, form: ConsensusForm | None = None, *, is_stale: bool = False) -> Response:
    terms, found = terms_of(application.round), queries.find_consensus(application.id)
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
        form=form or _form_of(terms.criteria, found),
        is_stale=is_stale,
        is_under_review=is_under_review(application, ctx().now),
    )


def _form_of(criteria: Any, found: Consensus | None) -> ConsensusForm:
    values: dict[str, Any] = {"text": found.text, "version": found.version} if found else {"version": 0}
    if found:
        values |= {f"{code}-score": str(score) for code, score in found.scores.items()}
    made: ConsensusForm = consensus_form(criteria, language())(formdata=None, data=values)
    return made
