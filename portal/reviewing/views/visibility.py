"""What a round's reviewers see: set by an administrator, and looked at as one of them would."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.accounts.queries import actor_of
from portal.calls.models import Round
from portal.calls.queries import get_round, terms_of
from portal.core.event_log import record_apart
from portal.core.web import ctx, current_actor, render, translate
from portal.reviewing import policies, queries
from portal.reviewing.commands.showing import set_visibility as set_in_round
from portal.reviewing.dossier import get_frozen
from portal.reviewing.events import ReviewPreviewed
from portal.reviewing.models import Review
from portal.reviewing.rules import read_scores
from portal.reviewing.states import REVIEW, ReviewState
from portal.reviewing.views.blueprint import bp
from portal.reviewing.views.sections import sections_for
from portal.reviewing.visibility import LEVELS, NAMINGS, TIMES
from portal.reviewing.visibility_form import PreviewForm, VisibilityForm, values_of
from portal.reviewing.visible import how_far, list_colleagues, list_in_round, list_readable, list_settings, matrix_of


@bp.page("/desk/rounds/<code>/visibility", policy=policies.FOLLOW, load=get_round)
def visibility(round_: Round) -> Response | BaseResponse:
    """Show what reviewers of the round see, what they saw before, and the way to look as one of them."""
    chosen = request.args.get("review", "")
    if chosen.isdecimal() and len(chosen) < 19:
        return redirect(url_for(".as_reviewer", review_id=int(chosen)))
    return _visibility_page(round_, VisibilityForm(formdata=None, data=values_of(matrix_of(round_.id))))


@bp.action("/desk/rounds/<code>/visibility", policy=policies.SET_VISIBILITY, load=get_round)
def set_visibility(round_: Round) -> Response | BaseResponse:
    """Let what was chosen hold from now on."""
    form, code = VisibilityForm(), round_.code
    if form.validate_on_submit():
        with form.catching_problems():
            set_in_round(ctx(), round_, form.matrix(), form.reason.data or "")
            flash(_("What reviewers see is changed, from now on."), "success")
            return redirect(url_for(".visibility", code=code))
        round_ = get_round(code)
    return _visibility_page(round_, form)


@bp.page("/desk/reviews/<int:review_id>/as-reviewer", policy=policies.PREVIEW, load=queries.get_review_to_open)
def as_reviewer(review: Review) -> Response:
    """Show the application as the review's reviewer sees it now. Nobody's session is taken over, and it is written down.

    Who may not read reviews themselves is told what the reviewer sees, and not shown it.
    """
    actor, reviewer = current_actor(), actor_of(review.reviewer)
    sight, stands = policies.sight_of(reviewer, review), policies.WRITE.allows(reviewer, review)
    may_read = stands and policies.SEE_REVIEWS.allows(actor, review.application)
    others = list_readable(reviewer, review) if may_read else []
    frozen = get_frozen(review.application_id) if may_read else None
    event = ReviewPreviewed(review_id=review.id, application_id=review.application_id, reviewer_id=review.reviewer_id)
    page = render(
        "reviewing/as_reviewer.html",
        review=review,
        terms=terms_of(review.application.round),
        words=REVIEW.words[review.state],
        sight=sight,
        stands=stands,
        frozen=frozen,
        readable=set(),
        sections=sections_for(review, frozen) if frozen else [],
        scores=read_scores(review.scores) if review.state is ReviewState.SUBMITTED else {},
        others=others,
        other_scores={each.id: read_scores(each.scores) for each in others},
        colleagues=list_colleagues(review) if sight.identities else [],
        levels=LEVELS,
        is_preview=True,
    )
    record_apart(ctx(), event)
    return page


def _preview_form(reviews: list[Review]) -> PreviewForm:
    """Return the choice of an application with its reviewer; the application by the reference that the department uses."""
    form = PreviewForm(formdata=None)
    form.review.choices = [
        SelectChoice(
            each.id, f"{each.application.reference}: {each.reviewer.name} ({translate(REVIEW.words[each.state].staff)})"
        )
        for each in reviews
    ]
    return form


def _visibility_page(round_: Round, form: VisibilityForm) -> Response:
    actor = current_actor()
    is_invited, is_accepted = how_far(round_.id)
    form.reason.flags.required = is_invited  # not marked as optional then
    reviews = [each for each in list_in_round(round_.id) if policies.PREVIEW.allows(actor, each)]
    return render(
        "reviewing/visibility.html",
        round=round_,
        terms=terms_of(round_),
        form=form,
        matrix=matrix_of(round_.id),
        labels={"levels": LEVELS, "namings": NAMINGS, "times": TIMES},
        is_invited=is_invited,
        is_accepted=is_accepted,
        settings=list_settings(round_.id),
        preview=_preview_form(reviews),
    )
