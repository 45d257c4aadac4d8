"""The texts of letters: which stand, their versions, and writing one while seeing it on a real file."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.calls.queries import list_programmes
from portal.core.forms import ActionForm
from portal.core.web import arrived_at, ctx, render
from portal.decisions import letter_queries, policies
from portal.decisions.commands.letters import restore_text, save_text
from portal.decisions.forms import LetterTextForm
from portal.decisions.letter_printing import page_of
from portal.decisions.letter_queries import StandingText, get_standing
from portal.decisions.letter_text import problems_with_text
from portal.decisions.letter_words import ALLOWED, IN_BLOCKS, VARIABLE_WORDS
from portal.decisions.states import LETTER_WORDS
from portal.decisions.views.blueprint import bp, own_organisations


def load_text(programme: str, kind: str, *, lock: bool = False, **_version: int) -> StandingText:
    """Return the text that stands for a kind of letter in a programme."""
    return get_standing(programme, kind, lock=lock)


@bp.page("/desk/letters", policy=policies.LIST_LETTERS)
def letters() -> Response:
    """Show which text stands for each letter of each programme, and how far the workers are with each round's letters."""
    programmes = list_programmes()
    return render(
        "decisions/letters.html",
        programmes=programmes,
        texts=letter_queries.list_standing(programmes),
        words=LETTER_WORDS,
        rounds=letter_queries.count_states(),
    )


@bp.page("/desk/letters/<programme>/<kind>", policy=policies.READ_TEXT, load=load_text)
def letter_text(standing: StandingText) -> Response:
    """Show the text that stands and its versions."""
    return render(
        "decisions/letter_text.html",
        standing=standing,
        words=LETTER_WORDS[standing.kind],
        versions=letter_queries.list_versions(standing),
    )


@bp.form("/desk/letters/<programme>/<kind>/edit", policy=policies.WRITE_TEXT, load=load_text)
def edit_letter_text(standing: StandingText) -> Response | BaseResponse:
    """Write a new version, and see on a real file what it makes; nothing is sent, and the preview is not stored."""
    form = _text_form(standing)
    if form.validate_on_submit():
        with form.catching_problems():
            if not form.is_preview:
                save_text(ctx(), standing, form.text.data, based_on=form.known_version)
                flash(_("The text is saved. Letters from now on use it; those that were told keep theirs."), "success")
                return redirect(_page_of(standing))
        standing = get_standing(standing.programme.code, standing.kind)
        form.based_on.data = str(standing.number)  # a refusal that somebody was faster is said once
    if form.is_preview:
        form.show_problems(list(problems_with_text(form.text.data or "", standing.kind)))
    return render(
        "decisions/edit_letter_text.html",
        standing=standing,
        form=form,
        words=LETTER_WORDS[standing.kind],
        variables=[
            (each, VARIABLE_WORDS[each], each in IN_BLOCKS) for each in VARIABLE_WORDS if each in ALLOWED[standing.kind]
        ],
        preview=_preview(standing, form),
    )


def _text_form(standing: StandingText) -> LetterTextForm:
    form = LetterTextForm(text=standing.text, based_on=standing.number)
    found = letter_queries.list_examples(standing, own_organisations())
    form.offer(found)
    return form


def _page_of(standing: StandingText) -> str:
    return url_for(".letter_text", programme=standing.programme.code, kind=standing.kind)


def _preview(standing: StandingText, form: LetterTextForm) -> dict[str, object] | None:
    """Return the letter that the form's text makes of the chosen file; None where the text or the choice has a problem."""
    if form.example.data not in form.offered or form.errors or form.problems:
        return None
    values = letter_queries.values_for_example(form.example.data, standing.kind, arrived_at())
    return page_of(form.text.data or "", values)


@bp.page("/desk/letters/<programme>/<kind>/versions/<int:number>", policy=policies.READ_TEXT, load=load_text)
def letter_text_version(standing: StandingText) -> Response:
    """Show an earlier version of a text, to restore it; version 0 is the one that is shipped."""
    number = int((request.view_args or {})["number"])
    return render(
        "decisions/letter_text_version.html",
        standing=standing,
        number=number,
        text=letter_queries.text_of_version(standing, number),
        words=LETTER_WORDS[standing.kind],
    )


@bp.form("/desk/letters/<programme>/<kind>/versions/<int:number>/restore", policy=policies.WRITE_TEXT, load=load_text)
def restore_letter_text(standing: StandingText) -> Response | BaseResponse:
    """Let an earlier version stand again, as a new version, after a page that says so."""
    number, form = int((request.view_args or {})["number"]), ActionForm()
    text = letter_queries.text_of_version(standing, number)
    if form.validate_on_submit():
        with form.catching_problems():
            restore_text(ctx(), standing, number)
            flash(_("The text is saved. Letters from now on use it; those that were told keep theirs."), "success")
            return redirect(_page_of(standing))
        standing = get_standing(standing.programme.code, standing.kind)
    return render(
        "decisions/restore_letter_text.html",
        standing=standing,
        number=number,
        text=text,
        words=LETTER_WORDS[standing.kind],
        form=form,
    )
