"""Users and roles, for administrators."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import policies, queries
from portal.accounts.commands.people import set_roles
from portal.accounts.commands.signing_in import sign_out_everywhere
from portal.accounts.forms import ROLE_LABELS, RolesForm, SearchForm
from portal.accounts.models import Person
from portal.accounts.reach_words import reason_of
from portal.accounts.views.blueprint import bp
from portal.core.actor import Role
from portal.core.web import ctx, render


def load_person(number: int, *, lock: bool = False) -> Person:
    return queries.get_person(number, lock=lock)


@bp.page("/admin/people", policy=policies.READ_PEOPLE)
def people() -> Response:
    """Search people by name or address."""
    search = SearchForm(request.args)
    found = queries.page_people((search.q.data or "").strip(), request.args.get("after"))
    return render("accounts/people.html", page=found, search=search, labels=ROLE_LABELS)


@bp.form("/admin/people/<int:number>", policy=policies.GRANT_ROLES, load=load_person)
def person_roles(person: Person) -> Response | BaseResponse:
    """Give and take a person's roles."""
    form = RolesForm(roles=person.roles)
    if form.validate_on_submit():
        set_roles(ctx(), person, frozenset(Role(each) for each in form.roles.data or []))
        flash(_("The roles of %(name)s are saved.", name=person.name), "success")
        return redirect(url_for(".people"))
    return render(
        "accounts/person_roles.html",
        form=form,
        person=person,
        sessions=len(queries.list_sign_ins(person.id)),
        reason_of=reason_of,
    )


@bp.action("/admin/people/<int:number>/sign-out", policy=policies.GRANT_ROLES, load=load_person)
def end_sessions(person: Person) -> BaseResponse:
    """End every session of a person, whose device was lost or who left."""
    sign_out_everywhere(ctx(), person.id)
    flash(_("%(name)s is signed out everywhere.", name=person.name), "success")
    return redirect(url_for(".person_roles", number=person.id))
