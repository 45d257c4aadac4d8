"""Leaving an organisation, or taking a right back: what passes to a colleague, and the confirmation."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from portal.accounts.forms import RIGHT_LABELS
from portal.accounts.models import Membership, Person
from portal.accounts.policies import END_RIGHT
from portal.accounts.queries import get_membership
from portal.applications.commands.leaving import Estate, estate_of, heirs_of, leave_organisation
from portal.applications.views.blueprint import bp
from portal.core.forms import ActionForm, PortalForm
from portal.core.web import ctx, current_actor, render


@bp.form("/organisations/<number>/members/<int:member>/end", policy=END_RIGHT, load=get_membership)
def end_right(membership: Membership) -> Response | BaseResponse:
    """Take a right back, or leave, after a page that says what it ends and what passes to whom."""
    own = membership.person_id == current_actor().person_id
    number, member = membership.organisation.enterprise_number, membership.id
    estate = estate_of(ctx(), membership)
    form = _form(estate, heirs_of(membership))
    if form.validate_on_submit():
        with form.catching_problems():
            leave_organisation(ctx(), membership, int(form.heir.data) if "heir" in form else None)
            flash(_("That right is ended."), "success")
            to = "accounts.organisations" if own else "accounts.organisation"
            return redirect(url_for(to, number=None if own else number))
        membership = get_membership(number, member)
        estate = estate_of(ctx(), membership)
    return render(
        "applications/end_right.html",
        form=form,
        own=own,
        estate=estate,
        number=number,
        member=member,
        organisation=membership.organisation.name,
        name=membership.person.name,
        right=RIGHT_LABELS[membership.right],
    )


def _form(estate: Estate, heirs: list[Person]) -> PortalForm:
    """Return the button, with a choice of colleagues where something passes and there is one."""
    if not (estate.passes and heirs):
        return ActionForm()
    heir = RadioField(
        _("Who takes this over?"),
        [InputRequired(_("Choose a colleague who takes this over."))],
        choices=[SelectChoice(str(each.id), each.name) for each in heirs],
        default=str(heirs[0].id),
    )
    form: PortalForm = type("LeaveForm", (PortalForm,), {"heir": heir})()
    return form
