"""Dividing the sections of an application over its partners."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.applications import policies
from portal.applications.commands.assign import assign_sections
from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.applications.views.blueprint import bp
from portal.applications.views.inside import is_written_now
from portal.calls.queries import form_of
from portal.core.forms import PortalForm
from portal.core.web import ctx, render, translate

EVERYBODY = 0


@bp.form("/applications/<ref>/assign", policy=policies.ASSIGN, load=get_application)
def assign(application: Application) -> Response | BaseResponse:
    """Choose for each section which partner writes it, or leave it to all who write."""
    reference, form = application.reference, _assign_form(application)
    if form.validate_on_submit():
        with form.catching_problems():
            chosen = {each.short_name: each.data or None for each in form if each.short_name in _codes(application)}
            changed = assign_sections(ctx(), application, chosen)
            flash(
                ngettext("%(num)s section is divided anew.", "%(num)s sections are divided anew.", changed), "success"
            )
            return redirect(url_for(".application", ref=reference))
        application = get_application(reference)
    return render(
        "applications/assign.html",
        application=application,
        form=form,
        codes=_codes(application),
        is_written=is_written_now(application, None),
    )


def _codes(application: Application) -> list[str]:
    return [each.code for each in form_of(application.round).sections]


def _assign_form(application: Application) -> PortalForm:
    """Return a form with one choice a section: all who write, or one of the organisations in the partnership now."""
    assigned = {each.code: policies.assignee_of(each) for each in application.sections}
    choices = [SelectChoice(EVERYBODY, _("All who write for the partnership"))] + [
        SelectChoice(each.organisation_id, each.organisation.name)
        for each in application.partnership.partners
        if each.ended_on is None
    ]
    fields = {
        section.code: SelectField(
            f"{section.code} {translate(section.title)}",
            choices=choices,
            coerce=int,
            default=assigned.get(section.code) or EVERYBODY,
        )
        for section in form_of(application.round).sections
    }
    form: PortalForm = type("AssignForm", (PortalForm,), fields)()
    return form
