"""The case officer's desk of reviewers: who is asked, who could be, and what is done about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.calls.queries import terms_of
from portal.core.clock import brussels_day
from portal.core.errors import NotFound
from portal.core.web import ctx, render
from portal.reviewing import policies, pool, queries
from portal.reviewing.commands import assigning, writing
from portal.reviewing.commands.alternates import MOST_ALTERNATES, field_of, set_alternates
from portal.reviewing.commands.assigning import ANSWER_TERM, conflict_problems, open_problems
from portal.reviewing.forms import InviteForm, ReasonForm
from portal.reviewing.models import Review
from portal.reviewing.pool_forms import AlternatesForm
from portal.reviewing.pool_models import ReviewAlternate
from portal.reviewing.rules import is_expired, is_under_review, read_scores
from portal.reviewing.states import COUNTED, REVIEW, ReviewState
from portal.reviewing.views.blueprint import bp
from portal.reviewing.views.candidates import choices_for

USUAL_TERM = timedelta(weeks=3)


@bp.page("/desk/dossiers/<ref>/reviewers", policy=policies.SEE_REVIEWS, load=get_application)
def assign(application: Application) -> Response:
    """Show the reviewers of an application with their state, and who could be asked."""
    return _assign_page(application)


@bp.action("/desk/dossiers/<ref>/reviewers", policy=policies.ASSIGN, load=get_application)
def invite_reviewer(application: Application) -> Response | BaseResponse:
    """Invite one reviewer, by a due date, to answer by another."""
    reference, form = application.reference, InviteForm()
    people = {each.person.id: each.person for each in queries.list_candidates(application)}
    if form.validate_on_submit() and form.due_on.data is not None:
        person = people.get(form.reviewer.data)
        if person is None:
            form.reviewer.errors = [_("Choose a reviewer.")]
            return _assign_page(application, form)
        with form.catching_problems():
            assigning.assign_reviewer(ctx(), application, person, form.due_on.data, form.answer_due_on.data)
            flash(_("%(name)s is invited to review.", name=person.name), "success")
            return redirect(url_for(".assign", ref=reference))
        application = get_application(reference)
    return _assign_page(application, form)


@bp.action("/desk/dossiers/<ref>/alternates", policy=policies.ASSIGN, load=get_application)
def save_alternates(application: Application) -> Response | BaseResponse:
    """Keep who is asked next when an invitation expires."""
    reference, form = application.reference, AlternatesForm()
    people = {each.person.id: each.person for each in queries.list_candidates(application)}
    form.offer([(number, each.name) for number, each in people.items()])
    if form.validate_on_submit():
        with form.catching_problems():
            chosen = [people[each] for each in form.chosen() if each in people]
            set_alternates(ctx(), application, chosen)
            flash(_("The alternates are saved."), "success")
            return redirect(url_for(".assign", ref=reference))
        application = get_application(reference)
    return _assign_page(application, alternates=form)


@bp.form("/desk/reviews/<int:review_id>/take-off", policy=policies.STEER, load=queries.get_review)
def take_off(review: Review) -> Response | BaseResponse:
    """Take a reviewer off an application, with a reason."""
    form, review_id, reference = ReasonForm(), review.id, review.application.reference
    if form.validate_on_submit():
        with form.catching_problems():
            assigning.take_off(ctx(), review, form.reason.data)
            flash(_("The reviewer is taken off."), "success")
            return redirect(url_for(".assign", ref=reference))
        review = queries.get_review(review_id)
    title = _("Take %(name)s off this application?", name=review.reviewer.name)
    effect = _(
        "The review is sealed: what was written is kept, but nobody reads it and it does not count. The reviewer "
        "no longer sees the application and cannot be asked for it again. This cannot be undone."
    )
    return render(
        "reviewing/reason.html",
        review=review,
        form=form,
        title=title,
        effect=effect,
        button_text=_("Take reviewer off"),
    )


@bp.form("/desk/reviews/<int:review_id>/reopen", policy=policies.STEER, load=queries.get_review)
def reopen(review: Review) -> Response | BaseResponse:
    """Give a submitted review back to its reviewer, with a reason."""
    form, review_id, reference = ReasonForm(), review.id, review.application.reference
    if form.validate_on_submit():
        with form.catching_problems():
            writing.reopen_review(ctx(), review, form.reason.data)
            flash(_("The review is reopened."), "success")
            return redirect(url_for(".assign", ref=reference))
        review = queries.get_review(review_id)
    title = _("Reopen the review of %(name)s?", name=review.reviewer.name)
    effect = _(
        "The reviewer reads your reason and can change the review. Until it is submitted again it does not count, "
        "and the other reviewers no longer read it. The version that was submitted is kept."
    )
    return render(
        "reviewing/reason.html", review=review, form=form, title=title, effect=effect, button_text=_("Reopen review")
    )


@bp.page("/desk/reviews/<int:review_id>", policy=policies.READ, load=queries.get_review_to_open)
def read(review: Review) -> Response:
    """Show one submitted review whole; what is being written, or sealed, is nobody's to read."""
    if review.state is not ReviewState.SUBMITTED:
        raise NotFound
    actor = ctx().actor
    return render(
        "reviewing/read.html",
        review=review,
        criteria=terms_of(review.application.round).criteria,
        scores=read_scores(review.scores),
        words=REVIEW.words[review.state],
        sight=policies.sight_of(actor, review),
        is_own=review.reviewer_id == actor.person_id,
        is_staff=policies.SEE_REVIEWS.allows(actor, review.application),
    )


def _assign_page(
    application: Application, form: InviteForm | None = None, alternates: AlternatesForm | None = None
) -> Response:
    today = brussels_day(ctx().now)
    form = form or InviteForm(formdata=None, due_on=today + USUAL_TERM, answer_due_on=today + ANSWER_TERM)
    everybody = queries.list_candidates(application)
    candidates = [each for each in everybody if not each.is_assigned]
    held = [each for each in candidates if each.open_conflicts and not each.is_blocked]
    free = choices_for(application, [each.person for each in candidates if each.is_free], form.due_on.data, ctx().now)
    form.reviewer.choices = [SelectChoice(each.person.id, each.label) for each in free]
    reviews, listed = queries.list_reviews(application.id), pool.list_alternates(application.id)
    asked = {each.reviewer_id for each in reviews}
    alternates = alternates or _alternates_form([each for each in listed if each.person_id not in asked])
    alternates.offer([(each.person.id, each.label) for each in free])
    return render(
        "reviewing/assign.html",
        application=application,
        form=form,
        alternates=alternates,
        hints={each.person.id: each.hint for each in free},
        reviews=reviews,
        counted=sum(each.state in COUNTED for each in reviews),
        wanted=terms_of(application.round).reviewers_per_application,
        shown={each.id: ReviewState.EXPIRED if is_expired(each, today) else each.state for each in reviews},
        words=REVIEW.words,
        free=free,
        blocked=[(each, list(conflict_problems(each.person, each.conflicts))) for each in candidates if each.conflicts],
        held=[(each, list(open_problems(each.person, application, each.open_conflicts))) for each in held],
        doubted={each.person.id: each for each in everybody if each.is_assigned and each.open_conflicts},
        is_under_review=is_under_review(application, ctx().now),
    )


def _alternates_form(listed: Sequence[ReviewAlternate]) -> AlternatesForm:
    chosen = {field_of(place): each.person_id for place, each in enumerate(listed[:MOST_ALTERNATES], start=1)}
    return AlternatesForm(formdata=None, data=chosen)
