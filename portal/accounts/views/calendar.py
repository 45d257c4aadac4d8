"""One's own calendar address: shown among the choices about messages, made, renewed and withdrawn here."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import policies, queries
from portal.accounts.commands.calendar import make_calendar_address, withdraw_calendar_address
from portal.accounts.models import Person
from portal.accounts.views.account import load_self
from portal.accounts.views.blueprint import bp
from portal.core.errors import NotFound
from portal.core.forms import ActionForm
from portal.core.web import ctx, render


def load_with_address(*, lock: bool = False) -> Person:
    """Return oneself; NotFound for who has no calendar address."""
    person = load_self(lock=lock)
    if queries.find_calendar_address(person.id) is None:
        raise NotFound
    return person


def _choices() -> BaseResponse:
    return redirect(url_for("notifications.choices") + "#calendar")


@bp.action("/account/calendar", policy=policies.OWN, load=load_self, limit="20 per hour")
def make_calendar(person: Person) -> BaseResponse:
    """Make the address; whoever has one keeps it."""
    if queries.find_calendar_address(person.id) is None:
        make_calendar_address(ctx(), person)
        flash(_("Your calendar address is made. Add it to your calendar program."), "success")
    return _choices()


@bp.form("/account/calendar/renew", policy=policies.OWN, load=load_with_address, limit="20 per hour")
def renew_calendar(person: Person) -> Response | BaseResponse:
    """Make a new address in the place of the old one, after a page that says so."""
    form = ActionForm()
    if form.validate_on_submit():
        make_calendar_address(ctx(), person)
        flash(_("Your calendar has a new address. The old one works no more."), "success")
        return _choices()
    return render("accounts/renew_calendar.html", form=form)


@bp.form("/account/calendar/stop", policy=policies.OWN, load=load_with_address, limit="20 per hour")
def stop_calendar(person: Person) -> Response | BaseResponse:
    """Withdraw the address, after a page that says so."""
    form = ActionForm()
    if form.validate_on_submit():
        withdraw_calendar_address(ctx(), person)
        flash(_("Your calendar address is withdrawn."), "success")
        return _choices()
    return render("accounts/stop_calendar.html", form=form)
