"""Periodic work: when each piece last ran and runs next; an administrator runs it now, pauses it and lets it go on."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.core import periodic
from portal.core.clock import machine_now
from portal.core.periodic import PeriodicTask
from portal.core.web import ctx, render
from portal.desk import log_subjects, policies
from portal.desk.forms import PauseForm
from portal.desk.periodic_words import words_of
from portal.desk.views.blueprint import bp


@bp.page("/admin/periodic", policy=policies.READ_PERIODIC)
def periodic_work() -> Response:
    """Show every piece of periodic work: in words, its plan, its last run, the next, and who paused it."""
    rows = periodic.list_tasks()
    paused_by = {("person", each.paused_by_id) for each in rows if each.paused_by_id}
    return render(
        "desk/periodic.html",
        rows=sorted(rows, key=lambda each: (each.paused_at is None, each.name)),
        words_of=words_of,
        names=log_subjects.names_of(paused_by),
        at=machine_now(),
    )


@bp.action("/admin/periodic/<int:number>/run", policy=policies.STEER_PERIODIC, load=periodic.get_task)
def run_periodic(row: PeriodicTask) -> BaseResponse:
    """Have one piece of work run beside its plan."""
    periodic.ask_to_run(ctx(), row)
    flash(_("It begins within about ten seconds. Look at this page again."), "success")
    return redirect(url_for(".periodic_work"))


@bp.form("/admin/periodic/<int:number>/pause", policy=policies.STEER_PERIODIC, load=periodic.get_task)
def pause_periodic(row: PeriodicTask) -> Response | BaseResponse:
    """Pause one piece of work, after a page that says what then does not happen."""
    form = PauseForm()
    if form.validate_on_submit():
        with form.catching_problems():
            periodic.pause_task(ctx(), row, form.reason.data)
            flash(_("It is paused until somebody lets it go on."), "success")
            return redirect(url_for(".periodic_work"))
    return render("desk/pause_periodic.html", form=form, row=row, words=words_of(row.name))


@bp.action("/admin/periodic/<int:number>/resume", policy=policies.STEER_PERIODIC, load=periodic.get_task)
def resume_periodic(row: PeriodicTask) -> BaseResponse:
    """Let a paused piece of work go on by its plan."""
    periodic.resume_task(ctx(), row)
    flash(_("It runs by its plan again."), "success")
    return redirect(url_for(".periodic_work"))
