"""What arrived when nothing could be written any more: kept for its author, to read and to download."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request

from portal.applications import policies, queries
from portal.applications.answers_shown import ShownAnswer
from portal.applications.dossiers import dossier_of
from portal.applications.kept import kept_answers, where_typed
from portal.applications.models import Application, UnsentText
from portal.applications.reading import beside_of, names_of
from portal.applications.views.blueprint import bp
from portal.calls.answers import municipalities_in
from portal.core.text import Msg, Text
from portal.core.web import current_actor, render


@dataclass(frozen=True, slots=True)
class KeptText:
    """One text that was kept: where and when it was typed, and its answers in words."""

    row: UnsentText
    code: str
    title: Text | Msg | str
    answers: list[ShownAnswer]


def _load(ref: str, *, lock: bool = False, **_number: int) -> Application:
    return queries.get_application(ref, lock=lock)


@bp.page("/applications/<ref>/kept", policy=policies.SEE, load=_load)
def kept_texts(application: Application) -> Response:
    """Show my texts that were kept, the latest first; nobody sees another's."""
    rows = queries.list_unsent_texts(application.id, current_actor().person_id or 0)
    return render("applications/kept_texts.html", application=application, texts=_read(application, rows))


@bp.page("/applications/<ref>/kept/<int:number>", policy=policies.SEE, load=_load)
def kept_text(application: Application) -> Response:
    """Download one of my kept texts as plain text; NotFound for everybody but its author."""
    number = int((request.view_args or {})["number"])
    row = queries.get_unsent_text(application.id, number, current_actor().person_id or 0)
    (text,) = _read(application, [row])
    answer = make_response(render_template("applications/kept_text.txt", application=application, text=text))
    answer.mimetype = "text/plain"
    answer.headers["Content-Disposition"] = f'attachment; filename="{application.reference}-{number}.txt"'
    return answer


def _read(application: Application, rows: list[UnsentText]) -> list[KeptText]:
    dossier = dossier_of(application)
    codes = {nis for row in rows for nis in municipalities_in(dossier.form.questions, row.answers)}
    beside = beside_of(application, dossier, municipalities=names_of(codes))
    return [
        KeptText(
            row, *where_typed(dossier.form, row.section_code, beside), kept_answers(dossier.form, row.answers, beside)
        )
        for row in rows
    ]
