"""The letters that were told: their files for who may read the decision, and at the desk how far the workers are."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.core.downloads import download
from portal.core.errors import NotFound
from portal.core.web import ctx, render
from portal.decisions import letter_queries, policies
from portal.decisions.commands.letters import retry_letter
from portal.decisions.letter_models import Letter
from portal.decisions.queries import DeskRound
from portal.decisions.states import LETTER_WORDS
from portal.decisions.views.blueprint import bp, load_desk_round


def load_letter(ref: str, number: int, *, lock: bool = False) -> Letter:
    """Return letter ``number`` of application ``ref``; NotFound where it is another's."""
    letter = letter_queries.get_letter(number, lock=lock)
    if letter.application.reference != ref:
        raise NotFound
    return letter


@bp.page("/applications/<ref>/letters/<int:number>.pdf", policy=policies.READ_LETTER, load=load_letter)
def letter_pdf(letter: Letter) -> Response:
    """Download a letter as PDF; NotFound while it is being made."""
    return download(letter.pdf)


@bp.page("/applications/<ref>/letters/<int:number>.docx", policy=policies.READ_LETTER, load=load_letter)
def letter_docx(letter: Letter) -> Response:
    """Download a letter as a Word document; NotFound while it is being made."""
    return download(letter.docx)


@bp.page("/desk/rounds/<code>/letters", policy=policies.BOARD, load=load_desk_round)
def round_letters(desk: DeskRound) -> Response:
    """Show the letters of a round, and those that could not be made."""
    found = letter_queries.page_round_letters(desk.round.id, request.args.get("after"))
    return render(
        "decisions/round_letters.html",
        round=desk.round,
        failed=letter_queries.list_failed_letters(desk.round.id),
        page=found,
        words=LETTER_WORDS,
    )


@bp.action("/applications/<ref>/letters/<int:number>/retry", policy=policies.RETRY_LETTER, load=load_letter)
def retry_making(letter: Letter) -> BaseResponse:
    """Have a letter made again that could not be made."""
    if retry_letter(ctx(), letter):
        flash(_("The letter is being made again."), "success")
    else:
        flash(_("This letter is there, or on its way."), "info")
    return redirect(url_for(".round_letters", code=letter.application.round.code))
