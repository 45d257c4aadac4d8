"""The discussion of an application: as the reviewers of the file take part in it, and as the case officer does."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.calls.queries import terms_of
from portal.core.errors import StaleVersion
from portal.core.web import ctx, render
from portal.reviewing import policies, queries
from portal.reviewing.commands import discussing
from portal.reviewing.discussion import Discussion, discussion_of
from portal.reviewing.forms import RemarkForm, VoteForm
from portal.reviewing.models import Review
from portal.reviewing.rules import is_under_review, read_scores
from portal.reviewing.states import CAUSES, VOTES, ConsensusCause, ReviewState, VoteChoice
from portal.reviewing.views.blueprint import bp
from portal.reviewing.visibility import EVERYTHING, Sight


@bp.form("/reviews/<int:review_id>/discussion", policy=policies.DISCUSS, load=queries.get_review, limit="120 per hour")
def discuss(review: Review) -> Response | BaseResponse:
    """Show a reviewer what was said and proposed, and add a remark."""
    review_id, form = review.id, RemarkForm()
    if form.validate_on_submit():
        with form.catching_problems():
            discussing.write_remark(ctx(), review.application, form.remark.data)
            flash(_("Your remark is added."), "success")
            return redirect(url_for(".discuss", review_id=review_id))
        review = queries.get_review(review_id)
    return _reviewers_page(review, form)


@bp.action("/reviews/<int:review_id>/discussion/vote", policy=policies.DISCUSS, load=queries.get_review)
def vote(review: Review) -> Response | BaseResponse:
    """Vote on the scores that are proposed, or change one's vote; a newer proposal is shown first."""
    review_id, form = review.id, VoteForm()
    if form.validate_on_submit():
        try:
            with form.catching_problems():
                number, choice = form.number.data or 0, VoteChoice(form.choice.data)
                discussing.cast_vote(ctx(), review.application, number, choice)
                flash(_("Your vote counts. You can change it until the consensus is recorded."), "success")
                return redirect(url_for(".discuss", review_id=review_id))
        except StaleVersion:
            return _reviewers_page(review, RemarkForm(formdata=None), form, is_stale=True)
        review = queries.get_review(review_id)
    return _reviewers_page(review, RemarkForm(formdata=None), form)


@bp.page("/desk/dossiers/<ref>/discussion", policy=policies.SEE_REVIEWS, load=get_application)
def discussion(application: Application) -> Response:
    """Show staff what was said, by name, and how the vote stands."""
    return _staff_page(application, RemarkForm(formdata=None))


@bp.action("/desk/dossiers/<ref>/discussion", policy=policies.RECORD_CONSENSUS, load=get_application)
def write_remark(application: Application) -> Response | BaseResponse:
    """Add the case officer's remark."""
    reference, form = application.reference, RemarkForm()
    if form.validate_on_submit():
        with form.catching_problems():
            discussing.write_remark(ctx(), application, form.remark.data)
            flash(_("Your remark is added."), "success")
            return redirect(url_for(".discussion", ref=reference))
        application = get_application(reference)
    return _staff_page(application, form)


def _staff_page(application: Application, form: RemarkForm) -> Response:
    found = discussion_of(application)
    names = {each.author_id: each.author.name for each in found.remarks}
    return render(
        "reviewing/discussion_desk.html",
        application=application,
        **_shared(application, found, names),
        form=form,
        everything=EVERYTHING,
        voted=[(each.voter.name, VOTES[each.choice], each.voted_at) for each in found.votes.values()],
    )


def _reviewers_page(
    review: Review, form: RemarkForm, voting: VoteForm | None = None, *, is_stale: bool = False
) -> Response:
    """Show the discussion to a reviewer of the file, as far as the round's matrix goes with names and times."""
    sight = policies.sight_of(ctx().actor, review)
    application, found = review.application, discussion_of(review.application)
    reviews = [each for each in queries.list_reviews(application.id) if each.state is ReviewState.SUBMITTED]
    own = found.votes.get(review.reviewer_id)
    number = found.proposal.number if found.proposal else 0
    ballot = voting or VoteForm(formdata=None, choice=str(own.choice) if own else None)
    ballot.number.raw_data, ballot.number.data = [str(number)], number
    return render(
        "reviewing/discussion.html",
        409 if is_stale else 422 if form.errors or ballot.errors else None,
        review=review,
        **_shared(application, found, _speakers(review, reviews, found, sight)),
        sight=sight,
        form=form,
        ballot=ballot,
        own=own,
        is_stale=is_stale,
        scores={each.id: read_scores(each.scores) for each in reviews},
        others=[each for each in reviews if each.id != review.id],
    )


def _shared(application: Application, found: Discussion, speakers: Mapping[int, str]) -> dict[str, object]:
    consensus, figures = queries.find_consensus(application.id), queries.find_assessment(application.id)
    return {
        "terms": terms_of(application.round),
        "found": found,
        "speakers": speakers,
        "votes": VOTES,
        "causes": [CAUSES[ConsensusCause(each)] for each in consensus.causes] if consensus else [],
        "is_open": bool(figures and figures.needs_consensus) and is_under_review(application, ctx().now),
    }


def _speakers(review: Review, reviews: list[Review], found: Discussion, sight: Sight) -> dict[int, str]:
    """Return what each author is called: by name, or by the number of the column with their scores."""
    others = [each.reviewer for each in reviews if each.id != review.id]
    names = {
        person.id: person.name if sight.identities else _("Reviewer %(number)s", number=number)
        for number, person in enumerate(others, start=1)
    }
    names[review.reviewer_id] = _("You")
    asked = {each.reviewer_id for each in queries.list_reviews(review.application_id)}
    for each in found.remarks:
        gone = _("A reviewer who no longer takes part") if each.author_id in asked else _("Case officer")
        names.setdefault(each.author_id, gone)
    return names
