"""Ending a partner: its partnership's page leads here, where what it applied for is known."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.commands import ending as commands
from portal.applications.views.blueprint import bp
from portal.core.web import ctx, render
from portal.partnerships.forms import EndForm
from portal.partnerships.models import Partner
from portal.partnerships.policies import END_PARTNER
from portal.partnerships.queries import get_partner


@bp.form("/partnerships/<int:number>/partners/<int:partner>/end", policy=END_PARTNER, load=get_partner)
def end_partner(partner: Partner) -> Response | BaseResponse:
    """End a partner, with its last day; the promotor stays."""
    form, number, row_id = EndForm(), partner.partnership_id, partner.id
    if form.validate_on_submit() and form.ended_on.data:
        with form.catching_problems():
            commands.end_partner(ctx(), partner, form.ended_on.data)
            flash(_("The partner ends on that day."), "success")
            return redirect(url_for("partnerships.partnership", number=number))
        partner = get_partner(number, row_id)
    return render("applications/end_partner.html", form=form, partner=partner)
