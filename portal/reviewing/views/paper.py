"""The application as PDF, for who reviews it: every cost, and nobody's contact person or account number."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.commands.papers import ask_paper
from portal.applications.dossiers import list_snapshots
from portal.applications.papers import Source, find_paper
from portal.core.downloads import download
from portal.core.errors import NotFound
from portal.core.web import ctx, render
from portal.reviewing import policies, queries
from portal.reviewing.models import Review
from portal.reviewing.views.blueprint import bp


@bp.page("/reviews/<int:review_id>/paper", policy=policies.WRITE, load=queries.get_review_to_open)
def paper(review: Review) -> Response:
    """Show how far a worker is with the PDF."""
    return render("reviewing/paper.html", review=review, paper=find_paper(_source(review)))


@bp.action(
    "/reviews/<int:review_id>/paper/ask", policy=policies.WRITE, load=queries.get_review_to_open, limit="60 per hour"
)
def ask_for_paper(review: Review) -> Response | BaseResponse:
    """Have a worker make the PDF."""
    ask_paper(ctx(), _source(review))
    flash(_("The PDF is being made. It appears here in a moment."), "success")
    return redirect(url_for(".paper", review_id=review.id))


@bp.page("/reviews/<int:review_id>/paper.pdf", policy=policies.WRITE, load=queries.get_review_to_open)
def paper_file(review: Review) -> Response:
    """Download the PDF; NotFound while it is being made."""
    found = find_paper(_source(review))
    return download(found.file if found else None)


def _source(review: Review) -> Source:
    snapshots = list_snapshots(review.application)
    if not snapshots:
        raise NotFound
    return Source.for_review(snapshots[-1], review.shown_reference if review.is_blind else "")
