"""A round's form without answers, for anyone who prepares an application outside the portal."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.commands.papers import ask_paper
from portal.applications.papers import Source, find_paper
from portal.applications.views.blueprint import bp
from portal.applications.views.papers import send_document
from portal.applications.word import EMPTY_FORM, write_docx
from portal.applications.worksheet import sheets_of
from portal.calls import policies
from portal.calls.models import FormVersion, Round
from portal.calls.queries import form_of, get_round, terms_of
from portal.core.downloads import download
from portal.core.errors import NotFound
from portal.core.web import ctx, render


@bp.page("/rounds/<code>/form", policy=policies.SEE_ANNOUNCED, load=get_round)
def empty_form(round_: Round) -> Response:
    """Offer the form as a Word document, and as a PDF that a worker makes once for everybody."""
    paper = find_paper(Source.form(_version(round_)))
    return render("applications/empty_form.html", round=round_, terms=terms_of(round_), paper=paper)


@bp.page("/rounds/<code>/form.docx", policy=policies.SEE_ANNOUNCED, load=get_round)
def empty_form_document(round_: Round) -> Response:
    """Download the form as a Word document."""
    form = form_of(round_)
    return send_document(
        write_docx(form.title, [round_.code, EMPTY_FORM], sheets_of(form)), f"{round_.code}-formulier.docx"
    )


@bp.action("/rounds/<code>/form/pdf", policy=policies.SEE_ANNOUNCED, load=get_round, limit="20 per hour")
def ask_for_form(round_: Round) -> Response | BaseResponse:
    """Have a worker make the PDF."""
    ask_paper(ctx(), Source.form(_version(round_)))
    flash(_("The PDF is being made. It appears here in a moment."), "success")
    return redirect(url_for(".empty_form", code=round_.code))


@bp.page("/rounds/<code>/form.pdf", policy=policies.SEE_ANNOUNCED, load=get_round)
def empty_form_pdf(round_: Round) -> Response:
    """Download the form as PDF; NotFound while it is being made."""
    paper = find_paper(Source.form(_version(round_)))
    return download(paper.file if paper else None)


def _version(round_: Round) -> FormVersion:
    if round_.form_version is None:
        raise NotFound
    return round_.form_version
