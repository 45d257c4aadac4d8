"""Changing an address: asked by its owner with the password, or by an administrator; confirmed from the new one."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import policies, queries
from portal.accounts.commands import addresses
from portal.accounts.commands.signing_in import refuse_unless_known
from portal.accounts.forms import EmailForm, OwnAddressForm
from portal.accounts.models import Person
from portal.accounts.signed_in import passwords
from portal.accounts.tokens import Purpose
from portal.accounts.views.account import load_self
from portal.accounts.views.blueprint import bp
from portal.accounts.views.people import load_person
from portal.core.clock import machine_now
from portal.core.forms import ActionForm
from portal.core.web import ctx, render


def load_for_address(token: str, *, lock: bool = False) -> Person | None:
    key = current_app.extensions["portal.settings"].secret_key
    return queries.find_person_by_token(token, key, Purpose.CHANGE_ADDRESS, machine_now(), lock=lock)


@bp.form("/account/address", policy=policies.OWN, load=load_self, limit="10 per minute")
def change_address(person: Person) -> Response | BaseResponse:
    """Give another address for one's own account; a link sent there confirms it."""
    form = OwnAddressForm()
    if form.validate_on_submit():
        with form.catching_problems():
            refuse_unless_known(ctx(), person, form.current.data, passwords())
            addresses.ask_address_change(ctx(), person, form.email.data)
            flash(
                _("A link is under way to %(email)s. Until you open it, nothing changes.", email=form.email.data),
                "success",
            )
            return redirect(url_for(".profile"))
    return render("accounts/change_address.html", form=form, person=person)


@bp.form("/admin/people/<int:number>/address", policy=policies.CORRECT_ADDRESS, load=load_person)
def correct_address(person: Person) -> Response | BaseResponse:
    """Give another address for somebody's account; a link sent there confirms it."""
    form, number = EmailForm(), person.id
    if form.validate_on_submit():
        with form.catching_problems():
            addresses.ask_address_change(ctx(), person, form.email.data)
            flash(
                _("A link is under way to %(email)s. Until it is opened, nothing changes.", email=form.email.data),
                "success",
            )
            return redirect(url_for(".person_roles", number=number))
    return render("accounts/correct_address.html", form=form, person=person)


@bp.form("/account/address/<token>", policy=policies.SIGN_IN, load=load_for_address, limit="20 per minute")
def confirm_address(person: Person | None) -> Response | BaseResponse:
    """Confirm a new address; a button, since programs that look at mail open links too."""
    if person is None or person.new_email is None:
        return render("accounts/link_gone.html", 404, again=url_for(".change_address"))
    form, email = ActionForm(), person.new_email
    if form.validate_on_submit():
        with form.catching_problems():
            addresses.confirm_address(ctx(), person)
            flash(_("Messages come to %(email)s from now on, and you sign in with it.", email=email), "success")
            return redirect(url_for(".sign_in"))
    return render("accounts/confirm_address.html", form=form, email=email)
