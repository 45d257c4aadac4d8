"""What staff take away: a dossier as one ZIP, a round as a workbook; a worker makes them for the person who asked."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.dossiers import get_round
from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.calls.models import Round
from portal.core.downloads import download
from portal.core.errors import NotFound, Problem, refuse_if
from portal.core.forms import ActionForm
from portal.core.jobs import ask_job, find_job, get_job
from portal.core.text import _l
from portal.core.web import ctx, current_actor, render
from portal.desk import dossier_export as dossier
from portal.desk import round_workbook as workbook
from portal.desk.round_rows import hidden_from
from portal.desk.views.blueprint import bp
from portal.reviewing.policies import SEE_REVIEWS, SEE_SCORES

NOT_HANDED_IN = Problem("not-handed-in", _l("There is a dossier once the application was handed in."))


def _load_with_job(ref: str, number: int, *, lock: bool = False) -> Application:
    application = get_application(ref, lock=lock)
    get_job(current_actor(), dossier.KIND, application.id, number)
    return application


def _load_round_with_job(code: str, number: int, *, lock: bool = False) -> Round:
    round_ = get_round(code, lock=lock)
    get_job(current_actor(), workbook.KIND, round_.id, number)
    return round_


@bp.page("/desk/dossiers/<ref>/export", policy=SEE_REVIEWS, load=get_application)
def dossier_export(application: Application) -> Response:
    """Show what the dossier's archive holds, how far it is, and the archive once it is made."""
    return _dossier_page(application, ActionForm())


@bp.action("/desk/dossiers/<ref>/export", policy=SEE_REVIEWS, load=get_application, limit="30 per hour")
def ask_for_dossier(application: Application) -> Response | BaseResponse:
    """Have a worker make the archive."""
    form, reference = ActionForm(), application.reference
    with form.catching_problems():
        refuse_if([NOT_HANDED_IN] if application.submitted_at is None else [])
        ask_job(ctx(), dossier.KIND, application.id)
        flash(_("The dossier is being made. It appears here in a moment."), "success")
        return redirect(url_for(".dossier_export", ref=reference))
    return _dossier_page(get_application(reference), form)


@bp.page("/desk/dossiers/<ref>/export/<int:number>", policy=SEE_REVIEWS, load=_load_with_job)
def dossier_file(application: Application) -> Response:
    """Download an archive of one's own; NotFound while it is made, and after its week."""
    return download(get_job(current_actor(), dossier.KIND, application.id, _number()).file)


@bp.page("/desk/rounds/<code>/export", policy=SEE_SCORES, load=get_round)
def round_export(round_: Round) -> Response:
    """Show what the round's workbook holds, how far it is, and the workbook once it is made."""
    job = find_job(current_actor(), workbook.KIND, round_.id)
    hidden = hidden_from(round_.id, current_actor())
    is_overtaken = job is not None and job.file is not None and not workbook.covers(job, hidden)
    return render("desk/round_export.html", round=round_, job=job, takes_part=bool(hidden), is_overtaken=is_overtaken)


@bp.action("/desk/rounds/<code>/export", policy=SEE_SCORES, load=get_round, limit="30 per hour")
def ask_for_round(round_: Round) -> Response | BaseResponse:
    """Have a worker make the workbook."""
    code = round_.code
    ask_job(ctx(), workbook.KIND, round_.id)
    flash(_("The workbook is being made. It appears here in a moment."), "success")
    return redirect(url_for(".round_export", code=code))


@bp.page("/desk/rounds/<code>/export/<int:number>", policy=SEE_SCORES, load=_load_round_with_job)
def round_file(round_: Round) -> Response:
    """Download a workbook of one's own; NotFound where it shows what one may not see any more."""
    job = get_job(current_actor(), workbook.KIND, round_.id, _number())
    if not workbook.covers(job, hidden_from(round_.id, current_actor())):
        raise NotFound
    return download(job.file)


def _dossier_page(application: Application, form: ActionForm) -> Response:
    job = find_job(current_actor(), dossier.KIND, application.id)
    return render("desk/dossier_export.html", form=form, application=application, job=job)


def _number() -> int:
    return int((request.view_args or {})["number"])
