"""What a reviewer types is kept while they go on, held when their session ends, and thrown away on demand."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, flash, jsonify, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_limiter.errors import RateLimitExceeded
from werkzeug.wrappers import Response as BaseResponse

from portal.calls.queries import terms_of
from portal.core.actor import Actor
from portal.core.db import db
from portal.core.errors import IllegalTransition, NotFound, RuleViolation
from portal.core.filters import form_errors
from portal.core.formats import format_time
from portal.core.forms import ActionForm
from portal.core.seals import sealed_for
from portal.core.web import ctx, render, translate
from portal.extensions import limiter
from portal.reviewing import policies, queries
from portal.reviewing.commands import drafting
from portal.reviewing.models import Review
from portal.reviewing.states import UNDER_WAY
from portal.reviewing.typed import Typed, mark_of, marks_of, standing
from portal.reviewing.views.blueprint import bp
from portal.reviewing.views.review_form import Sheet, sheet_of

MOST = "30 per hour"  # texts of one person: a seal is no sign-in, and what it lets in stays
SEALED = "review"


@bp.action("/reviews/<int:review_id>/autosave", policy=policies.WRITE, load=queries.get_review)
def autosave(review: Review) -> Response:
    """Keep what can be kept of what was typed, and say of the rest what is wrong, field by field."""
    sheet = sheet_of(review, queries.find_draft(review), terms_of(review.application.round))
    sheet.form.validate()
    if sheet.form.form_errors or sheet.form.version.errors:
        return _refused([*sheet.form.form_errors, *sheet.form.version.errors])
    typed, before = sheet.typed, sheet.draft.number if sheet.draft else 0
    fit = Typed(
        {name: text for name, text in typed.values.items() if not sheet.form[name].errors}, typed.version, typed.started
    )
    try:
        merged = drafting.keep_draft(ctx(), review, fit)
    except IllegalTransition:
        words = _(
            "This review can no longer be changed. What you typed stands here and is not kept: copy what you need."
        )
        return make_response(jsonify(words=words), 409)
    except RuleViolation as refusal:
        return _refused([translate(each.message) for each in refusal.problems])
    return _kept(review, sheet, fit, merged.conflicts, is_alone=request.form.get("draft", type=int) == before)


def _kept(review: Review, sheet: Sheet, typed: Typed, conflicts: tuple[str, ...], *, is_alone: bool) -> Response:
    draft = queries.find_draft(review)
    there, time = standing(review, draft), format_time(ctx().now)
    together = _("Draft kept at %(time)s, together with what you typed in another window", time=time)
    return jsonify(
        version=review.version,
        draft=draft.number if draft else 0,
        words=_("Draft kept at %(time)s", time=time) if is_alone else together,
        bases={**marks_of(typed.values), **{name: mark_of(there.get(name, "")) for name in conflicts}},
        problems=_problems(sheet),
        conflicts={name: {"words": _("You changed this in another window too."), "mine": True} for name in conflicts},
    )


def _problems(sheet: Sheet) -> dict[str, list[tuple[str, str]]]:
    """Return what is wrong by field: the id of the control that mends it, and the words."""
    found = form_errors(sheet.form)
    return {
        each.name: [(anchor, words) for anchor, words in found if anchor.startswith(each.id)]
        for each in sheet.form
        if each.errors
    }


def _refused(sentences: list[str]) -> Response:
    return make_response(jsonify(words=" ".join(map(str, sentences))), 422)


@bp.form("/reviews/<int:review_id>/draft", policy=policies.WRITE, load=queries.get_review)
def draft(review: Review) -> Response | BaseResponse:
    """Ask whether what was typed since the last save may go, and throw it away."""
    form, review_id = ActionForm(), review.id
    found = queries.find_draft(review)
    if form.validate_on_submit():
        drafting.discard_draft(ctx(), review)
        flash(_("What you typed since you last saved is thrown away."), "success")
        return redirect(url_for(".review", review_id=review_id))
    return render("reviewing/draft.html", review=review, draft=found, is_written=review.state in UNDER_WAY)


def hold_through_sign_in(review_id: int) -> Response | None:
    """Hold what was typed for whom the form was drawn, and lead to sign-in and back.

    None without a fitting seal, and after many in an hour: the refusal that is answered then shows the text, to copy.
    """
    person_id = sealed_for(request.form.get("seal", ""), str(review_id), SEALED)
    if person_id is None:
        return None
    try:
        return _hold(review_id, person_id)
    except (RateLimitExceeded, NotFound, IllegalTransition, RuleViolation):
        db.session.rollback()
        return None


def _author() -> str:
    """Whom the limit counts for: the person that the seal names, wherever the form is sent from."""
    number = str((request.view_args or {})["review_id"])
    return f"held for {sealed_for(request.form.get('seal', ''), number, SEALED)}"


@limiter.limit(MOST, key_func=_author)
def _hold(review_id: int, person_id: int) -> Response | None:
    review = queries.get_review(review_id, lock=True)
    if review.reviewer_id != person_id:
        return None
    sheet = sheet_of(review, queries.find_draft(review), terms_of(review.application.round))
    drafting.hold_typed(replace(ctx(), actor=Actor(person_id=person_id)), review, sheet.typed)
    flash(_("You were signed out. What you typed is kept for you: sign in to go on with it."))
    return make_response(redirect(url_for("accounts.sign_in", next=url_for(".review", review_id=review_id))))
