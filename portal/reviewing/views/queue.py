"""A reviewer's queue, and the answer to an invitation."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.calls.queries import list_terms
from portal.core.clock import brussels_day
from portal.core.forms import PortalForm
from portal.core.web import ctx, current_actor, render
from portal.reviewing import policies, queries
from portal.reviewing.commands import answering
from portal.reviewing.commands.answering import Replacement
from portal.reviewing.commands.judging import record_advice
from portal.reviewing.discussion import list_open_discussions
from portal.reviewing.forms import AcceptForm, ConflictForm, DeclineForm, OwnAdviceForm
from portal.reviewing.models import Review
from portal.reviewing.pool import has_declared
from portal.reviewing.rules import is_expired, is_under_review, read_scores
from portal.reviewing.states import REVIEW, UNDER_WAY, ReviewState
from portal.reviewing.views.blueprint import bp
from portal.reviewing.views.figures import Progress, progress
from portal.reviewing.visibility import promises

LISTS = {
    "invitations": frozenset({ReviewState.INVITED}),
    "writing": UNDER_WAY,
    "submitted": frozenset({ReviewState.SUBMITTED}),
}


@bp.page("/reviews", policy=policies.QUEUE)
def queue() -> Response:
    """List what waits for the reviewer: invitations, then what is to be written, then what was submitted."""
    reviewer_id, chosen = current_actor().person_id or 0, request.args.get("list", "")
    if chosen in LISTS:
        pages = {chosen: queries.page_queue(reviewer_id, request.args.get("after"), states=LISTS[chosen])}
    else:
        pages = queries.first_pages(reviewer_id, LISTS)
    actor = current_actor()
    talks = [each for each in list_open_discussions(reviewer_id) if policies.DISCUSS.allows(actor, each)]
    return render(
        "reviewing/queue.html",
        pages=pages,
        progress=_progress([each for page in pages.values() for each in page.rows]),
        words=REVIEW.words,
        talks=talks,
        year=brussels_day(ctx().now).year,
        has_declared=has_declared(reviewer_id, ctx().now),
    )


def _progress(reviews: Sequence[Review]) -> dict[int, Progress]:
    """Return how far each review is, by its number."""
    terms = list_terms(each.round_id for each in reviews) if reviews else {}
    return {each.id: progress(read_scores(each.scores), terms[each.round_id].criteria) for each in reviews}


@bp.page("/reviews/<int:review_id>/invitation", policy=policies.SEE_INVITATION, load=queries.get_review)
def invitation(review: Review) -> Response:
    """Show who takes part, so that a conflict can be seen, and nothing of what they wrote."""
    return _invitation_page(review)


@bp.action("/reviews/<int:review_id>/accept", policy=policies.SEE_INVITATION, load=queries.get_review)
def accept(review: Review) -> Response | BaseResponse:
    """Accept the invitation, declaring that there is no conflict of interest."""
    form, review_id = AcceptForm(), review.id
    if form.validate_on_submit():
        with form.catching_problems():
            answering.accept_review(ctx(), review)
            if review.state is ReviewState.SEALED:
                flash(_("A conflict of interest was found: you cannot review this application."), "attention")
                return redirect(url_for(".queue"))
            flash(_("You accepted the review. The application is open to you now."), "success")
            return redirect(url_for(".review", review_id=review_id))
        review = queries.get_review(review_id)
    return _invitation_page(review, form)


@bp.action("/reviews/<int:review_id>/decline", policy=policies.SEE_INVITATION, load=queries.get_review)
def decline(review: Review) -> Response | BaseResponse:
    """Decline the invitation, or give an accepted review back, with a reason."""
    form, review_id = DeclineForm(), review.id
    if form.validate_on_submit():
        with form.catching_problems():
            suggested = Replacement(
                form.replacement_name.data or "", form.replacement_email.data or "", form.replacement_note.data or ""
            )
            answering.decline_review(ctx(), review, form.reason.data, suggested)
            flash(_("You declined the review. The case officer is asked to find somebody else."), "success")
            return redirect(url_for(".queue"))
    return _invitation_page(queries.get_review(review_id), form)


@bp.action("/reviews/<int:review_id>/conflict", policy=policies.SEE_INVITATION, load=queries.get_review)
def declare_conflict(review: Review) -> Response | BaseResponse:
    """Declare a conflict of interest, also after accepting."""
    form, review_id = ConflictForm(), review.id
    if form.validate_on_submit():
        with form.catching_problems():
            answering.declare_conflict(ctx(), review, form.explanation.data)
            flash(_("Your conflict of interest is recorded. You do not review this application."), "success")
            return redirect(url_for(".queue"))
    return _invitation_page(queries.get_review(review_id), form)


@bp.action("/reviews/<int:review_id>/advice", policy=policies.SEE_INVITATION, load=queries.get_review)
def say_advised(review: Review) -> Response | BaseResponse:
    """Say that one advised the partnership: a case officer judges whether that is a conflict of interest."""
    form, review_id = OwnAdviceForm(), review.id
    if form.validate_on_submit():
        with form.catching_problems():
            record_advice(ctx(), review.application.partnership, review.reviewer, form.advice.data)
            flash(
                _("Your advice is recorded. The case officer judges whether it is a conflict of interest."), "success"
            )
            return redirect(url_for(".invitation", review_id=review_id))
    return _invitation_page(queries.get_review(review_id), form)


def _invitation_page(review: Review, form: PortalForm | None = None) -> Response:
    today = brussels_day(ctx().now)
    has_expired = is_expired(review, today)
    return render(
        "reviewing/invitation.html",
        review=review,
        form=form,
        accepting=form if isinstance(form, AcceptForm) else AcceptForm(formdata=None),
        declining=form if isinstance(form, DeclineForm) else DeclineForm(formdata=None),
        declaring=form if isinstance(form, ConflictForm) else ConflictForm(formdata=None),
        advising=form if isinstance(form, OwnAdviceForm) else OwnAdviceForm(formdata=None),
        words=REVIEW.words[ReviewState.EXPIRED if has_expired else review.state],
        has_expired=has_expired,
        has_declared=has_declared(review.reviewer_id, ctx().now),
        year=today.year,
        promises=promises(review.matrix),
        waiting=queries.count_to_do(review.reviewer_id),
        is_under_way=review.state in UNDER_WAY,
        is_under_review=is_under_review(review.application, ctx().now),
    )
