"""A call's reminders: how long before which deadline, on or off, and what that means for its running rounds."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.calls.commands import reminders as commands
from portal.calls.models import Call, Reminder
from portal.calls.queries import get_call
from portal.calls.reminders import get_reminder
from portal.calls.reminding import KIND_WORDS, Lead, LeadUnit, ReminderKind
from portal.core.web import arrived_at, ctx, render
from portal.desk import policies
from portal.desk.forms import AddReminderForm, LeadForm, OnOffForm
from portal.desk.reminders import rows_of
from portal.desk.views.blueprint import bp


@bp.page("/admin/calls/<programme>/<code>/reminders", policy=policies.READ_REMINDERS, load=get_call)
def reminders(call: Call) -> Response:
    """Show the reminders of a call by what they are about, each with its next time and how many people that reaches."""
    return render("desk/reminders.html", call=call, rows=rows_of(call.id, arrived_at()), kinds=KIND_WORDS)


@bp.form("/admin/calls/<programme>/<code>/reminders/add", policy=policies.SET_REMINDERS, load=get_call)
def add_reminder(call: Call) -> Response | BaseResponse:
    """Add a reminder to a call."""
    form = AddReminderForm()
    where: dict[str, Any] = {"programme": call.programme.code, "code": call.code}
    if form.validate_on_submit():
        with form.catching_problems():
            commands.add_reminder(ctx(), call, ReminderKind(form.kind.data), _lead(form))
            flash(_("The reminder is added. It counts from now."), "success")
            return redirect(url_for(".reminders", **where))
    return render("desk/add_reminder.html", form=form, call=call, where=where)


@bp.form("/admin/reminders/<int:number>/change", policy=policies.SET_REMINDERS, load=get_reminder)
def change_reminder(reminder: Reminder) -> Response | BaseResponse:
    """Change how long before its deadline a reminder is sent."""
    form = LeadForm(amount=reminder.amount, unit=str(reminder.unit))
    where = _where(reminder)
    if form.validate_on_submit():
        with form.catching_problems():
            commands.change_reminder(ctx(), reminder, _lead(form))
            flash(_("The reminder is changed. It counts from now."), "success")
            return redirect(url_for(".reminders", **where))
    return render("desk/change_reminder.html", form=form, where=where, kind=KIND_WORDS[reminder.kind])


@bp.action("/admin/reminders/<int:number>/switch", policy=policies.SET_REMINDERS, load=get_reminder)
def switch_reminder(reminder: Reminder) -> BaseResponse:
    """Switch a reminder on or off, as the button said; pressed twice it stays so."""
    form = OnOffForm()
    if form.validate():
        on = form.position.data == "on"
        commands.switch_reminder(ctx(), reminder, on=on)
        flash(
            _("The reminder is switched on. It counts from now.") if on else _("The reminder is switched off."),
            "success",
        )
    return redirect(url_for(".reminders", **_where(reminder)))


def _lead(form: LeadForm) -> Lead:
    return Lead(form.amount.data or 0, LeadUnit(form.unit.data))


def _where(reminder: Reminder) -> dict[str, Any]:
    return {"programme": reminder.call.programme.code, "code": reminder.call.code}
