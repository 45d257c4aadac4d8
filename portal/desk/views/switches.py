"""Switches: what an administrator turns while the portal runs, each with a reason; auditors see them."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.core.errors import NotFound
from portal.core.files import count_held
from portal.core.switches import Switch, find_switch, is_on, turn_switch
from portal.core.web import ctx, render
from portal.desk import log_subjects, policies
from portal.desk.forms import SwitchForm
from portal.desk.switch_words import SWITCH_WORDS
from portal.desk.views.blueprint import bp


def load_switch(name: str, *, lock: bool = False) -> Switch:
    del lock  # turning it locks its row
    if name not in tuple(Switch):
        raise NotFound
    return Switch(name)


@bp.page("/admin/switches", policy=policies.READ_SWITCHES)
def switches() -> Response:
    """Show every switch with its position, and who turned it when and why."""
    rows = {each: find_switch(each) for each in Switch}
    turned_by = {("person", row.changed_by_id) for row in rows.values() if row and row.changed_by_id}
    return render(
        "desk/switches.html", rows=rows, words=SWITCH_WORDS, names=log_subjects.names_of(turned_by), held=count_held()
    )


@bp.form("/admin/switches/<name>", policy=policies.TURN_SWITCH, load=load_switch)
def turn(switch: Switch) -> Response | BaseResponse:
    """Turn a switch, after a page that says what it does."""
    form = SwitchForm(position="off" if is_on(switch) else "on")
    if form.validate_on_submit():
        with form.catching_problems():
            turn_switch(ctx(), switch, on=form.position.data == "on", reason=form.reason.data)
            flash(_("The switch is turned."), "success")
            return redirect(url_for(".switches"))
    return render("desk/turn_switch.html", form=form, switch=switch, words=SWITCH_WORDS[switch], held=count_held())
