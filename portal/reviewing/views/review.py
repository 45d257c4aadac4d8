"""The reviewer's desk: the frozen application beside the score form, submitting, and the documents."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.answers_shown import ShownSection
from portal.calls.definitions import CallDefinition
from portal.calls.queries import terms_of
from portal.core.downloads import download
from portal.core.errors import Forbidden, IllegalTransition, StaleVersion
from portal.core.files import may_be_read
from portal.core.forms import ActionForm
from portal.core.seals import seal_of
from portal.core.switches import Switch, is_on
from portal.core.web import ctx, render
from portal.reviewing import policies, queries
from portal.reviewing.commands import drafting, writing
from portal.reviewing.dossier import ReviewDocument, find_next, get_document, get_frozen
from portal.reviewing.models import Review
from portal.reviewing.rules import is_under_review, problems_before_submitting_review, read_scores
from portal.reviewing.states import REVIEW, UNDER_WAY, ReviewState
from portal.reviewing.typed import standing
from portal.reviewing.views.blueprint import bp
from portal.reviewing.views.clash import choices_of, show_clash
from portal.reviewing.views.drafting import SEALED, hold_through_sign_in
from portal.reviewing.views.figures import points, progress
from portal.reviewing.views.review_form import Sheet, sheet_of, stand_anew
from portal.reviewing.views.sections import sections_for
from portal.reviewing.visibility import promises
from portal.reviewing.visible import list_colleagues, list_readable


@bp.form(
    "/reviews/<int:review_id>",
    policy=policies.WRITE,
    load=queries.get_review_to_write,
    when_signed_out=hold_through_sign_in,
)
def review(review: Review) -> Response | BaseResponse:
    """Show the application beside the review, and save what was written; two windows lose neither text."""
    terms = terms_of(review.application.round)
    sheet = sheet_of(review, queries.find_draft(review), terms)
    if request.method == "GET" or "resume" in request.form or not sheet.form.validate_on_submit():
        return _desk_page(review, terms, sheet, status=200 if "resume" in request.form else None)
    return _save(review, terms, sheet)


def _save(review: Review, terms: CallDefinition, sheet: Sheet) -> Response | BaseResponse:
    choices, review_id = choices_of(sheet, standing(review, sheet.draft)), review.id
    if choices.unchosen:
        return show_clash(review, sheet, choices.unchosen)
    if choices.together:
        values = {**choices.typed.values, **choices.together}
        return _desk_page(review, terms, stand_anew(sheet, review, terms, values), status=200)
    try:
        with sheet.form.catching_problems():
            drafting.save_typed(ctx(), review, choices.typed)
            return _after_saving(review)
    except StaleVersion:
        return show_clash(review, sheet)
    except IllegalTransition:
        words = REVIEW.words[review.state]
        return render("reviewing/not_saved.html", 409, review=review, form=sheet.form, words=words)
    return _desk_page(queries.get_review(review_id), terms, sheet)


def _unless_in_conflict(review_id: int) -> Review:
    """Return the review for the page that answers a form; Forbidden where its reviewer is in conflict."""
    review = queries.get_review_to_open(review_id)
    if not policies.WRITE.allows(ctx().actor, review):
        raise Forbidden(policies.WRITE.name)
    return review


@bp.form("/reviews/<int:review_id>/submit", policy=policies.WRITE, load=queries.get_review_to_write)
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
        problems=[
            *([writing.DRAFT_LEFT] if queries.find_draft(review) else []),
            *problems_before_submitting_review(terms.criteria, scores, review.strengths, review.weaknesses),
        ],
        progress=progress(scores, terms.criteria),
        promises=promises(review.matrix),
        is_written=review.state in UNDER_WAY and is_under_review(review.application, ctx().now),
    )


@bp.page("/reviews/<int:review_id>/documents/<int:attachment_id>", policy=policies.READ_DOCUMENT, load=get_document)
def attachment(document: ReviewDocument) -> Response:
    """Download a document of the application, for who reviews it."""
    return download(document.attachment.file)


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


def _desk_page(review: Review, terms: CallDefinition, sheet: Sheet, *, status: int | None = None) -> Response:
    if request.method == "POST":  # its load looked for no conflict, and this page shows the application's text
        review = _unless_in_conflict(review.id)
    frozen, no_scanner = get_frozen(review.application_id), is_on(Switch.NO_SCANNER)
    sections, sight = sections_for(review, frozen), policies.sight_of(ctx().actor, review)
    scores = sheet.form.answers(terms.criteria).scores
    others = list_readable(ctx().actor, review) if sight.reviews else []
    return render(
        "reviewing/review.html",
        status,
        review=review,
        terms=terms,
        form=sheet.form,
        sheet=sheet,
        seal=seal_of(review.reviewer_id, str(review.id), SEALED),
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
