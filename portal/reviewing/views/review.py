"""The reviewer's desk: the frozen application beside the score form, submitting, and the documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.answers_shown import ShownSection
from portal.calls.definitions import CallDefinition
from portal.calls.queries import terms_of
from portal.core.downloads import download
from portal.core.errors import IllegalTransition, StaleVersion
from portal.core.files import may_be_read
from portal.core.forms import ActionForm
from portal.core.switches import Switch, is_on
from portal.core.web import ctx, language, render
from portal.reviewing import policies, queries
from portal.reviewing.commands import writing
from portal.reviewing.dossier import ReviewDocument, find_next, get_document, get_frozen
from portal.reviewing.forms import ReviewForm, review_form, typed_scores
from portal.reviewing.models import Review
from portal.reviewing.rules import is_under_review, problems_before_submitting_review, read_scores
from portal.reviewing.states import REVIEW, UNDER_WAY, ReviewState
from portal.reviewing.views.blueprint import bp
from portal.reviewing.views.figures import points, progress
from portal.reviewing.views.sections import sections_for
from portal.reviewing.visibility import promises
from portal.reviewing.visible import list_colleagues, list_readable


@bp.form("/reviews/<int:review_id>", policy=policies.WRITE, load=queries.get_review)
def review(review: Review) -> Response | BaseResponse:
    """Show the application beside the review, and save what was written."""
    review_id, terms = review.id, terms_of(review.application.round)
    form = _form_of(review, terms)
    if form.validate_on_submit():
        try:
            with form.catching_problems():
                writing.save_review(ctx(), review, form.answers(terms.criteria), form.version.data or 0)
                return _after_saving(review)
        except StaleVersion:
            return _desk_page(review, terms, form, theirs=_differing(review, form))
        except IllegalTransition:
            return render("reviewing/not_saved.html", 409, review=review, form=form, words=REVIEW.words[review.state])
        review = queries.get_review(review_id)
    return _desk_page(review, terms, form)


@bp.form("/reviews/<int:review_id>/submit", policy=policies.WRITE, load=queries.get_review)
def submit(review: Review) -> Response | BaseResponse:
    """Say what submitting does and what still misses, and submit."""
    review_id, terms, form = review.id, terms_of(review.application.round), ActionForm()
    scores = read_scores(review.scores)
    if form.validate_on_submit():
        with form.catching_problems():
            writing.submit_review(ctx(), review)
            if review.state is ReviewState.SEALED:
                return _sealed()
            flash(_("Your review is submitted. Thank you."), "success")
            return redirect(url_for(".review", review_id=review_id))
        review = queries.get_review(review_id)
    return render(
        "reviewing/submit.html",
        422 if form.problems else 200,
        review=review,
        problems=list(problems_before_submitting_review(terms.criteria, scores, review.strengths, review.weaknesses)),
        progress=progress(scores, terms.criteria),
        promises=promises(review.matrix),
        is_written=review.state in UNDER_WAY and is_under_review(review.application, ctx().now),
    )


@bp.page("/reviews/<int:review_id>/documents/<int:attachment_id>", policy=policies.READ_DOCUMENT, load=get_document)
def attachment(document: ReviewDocument) -> Response:
    """Download a document of the application, for who reviews it."""
    return download(document.attachment.file)


def _form_of(review: Review, terms: CallDefinition) -> ReviewForm:
    values: dict[str, Any] = typed_scores(read_scores(review.scores))
    texts = {name: getattr(review, name) for name in ("strengths", "weaknesses", "private_note")}
    made: ReviewForm = review_form(terms.criteria, language())(data={**values, **texts, "version": review.version})
    return made


def _after_saving(review: Review) -> BaseResponse:
    if review.state is ReviewState.SEALED:
        return _sealed()
    if request.form.get("then") == "submit":
        return redirect(url_for(".submit", review_id=review.id))
    flash(_("Your review is saved. It is not submitted yet."), "success")
    return redirect(url_for(".review", review_id=review.id))


def _sealed() -> BaseResponse:
    flash(_("A conflict of interest was found: you cannot review this application."), "attention")
    return redirect(url_for(".queue"))


def _differing(review: Review, form: ReviewForm) -> dict[str, str]:
    """Return what stands saved in every field where something else was typed; the form takes the saved version's number."""
    saved: dict[str, Any] = typed_scores(read_scores(review.scores))
    saved |= {name: getattr(review, name) for name in ("strengths", "weaknesses", "private_note")}
    form.version.raw_data = [str(review.version)]
    names = [each.name for each in form if each.name not in ("csrf_token", "version")]
    return {name: saved.get(name) or "" for name in names if (form[name].data or "") != (saved.get(name) or "")}


def _desk_page(
    review: Review, terms: CallDefinition, form: ReviewForm, *, theirs: dict[str, str] | None = None
) -> Response:
    frozen, no_scanner = get_frozen(review.application_id), is_on(Switch.NO_SCANNER)
    sections, sight = sections_for(review, frozen), policies.sight_of(ctx().actor, review)
    scores = form.answers(terms.criteria).scores
    others = list_readable(ctx().actor, review.application_id) if sight.reviews else []
    return render(
        "reviewing/review.html",
        409 if theirs is not None else None,
        review=review,
        terms=terms,
        form=form,
        theirs=theirs or {},
        is_stale=theirs is not None,
        frozen=frozen,
        readable={each.id for each in frozen.documents if may_be_read(each.file, no_scanner=no_scanner)},
        sections=sections,
        related={each.code: list(_related(sections, each.code)) for each in terms.criteria},
        scores=scores,
        points={each.code: points(scores.get(each.code), each) for each in terms.criteria},
        progress=progress(scores, terms.criteria),
        words=REVIEW.words[review.state],
        is_written=review.state in UNDER_WAY and is_under_review(review.application, ctx().now),
        sight=sight,
        others=others,
        colleagues=list_colleagues(review) if sight.identities else [],
        other_scores={each.id: read_scores(each.scores) for each in others},
        following=find_next(review),
    )


def _related(sections: list[ShownSection], criterion: str) -> Iterator[ShownSection]:
    return (each for each in sections if any(answer.criterion == criterion for answer in each.answers))
