"""Giving one application more time: asked with a moment and a reason, confirmed on a page of its own."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications import policies
from portal.applications.closing import closes_at_for, problems_before_extending
from portal.applications.commands.extend import extend_deadline, refuse_unless_draft
from portal.applications.extensions import list_extensions
from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.applications.views.blueprint import bp
from portal.applications.views.forms import ExtensionForm
from portal.core.errors import refuse_if
from portal.core.web import ctx, render


@bp.form("/desk/dossiers/<ref>/extension", policy=policies.EXTEND, load=get_application)
def extend(application: Application) -> Response | BaseResponse:
    """Ask until when and why, show what will happen, then give the time."""
    reference, form = application.reference, ExtensionForm()
    refuse_unless_draft(application)
    if form.validate_on_submit() and form.closes_at.data is not None:
        with form.catching_problems():
            if not form.is_confirmed.data:
                refuse_if(problems_before_extending(application, form.closes_at.data, ctx().now))
                return _page("applications/confirm_extension.html", application, form)
            extend_deadline(ctx(), application, closes_at=form.closes_at.data, reason=form.reason.data)
            flash(_("The application has more time. Its applicants get a message."), "success")
            return redirect(url_for(".dossier", ref=reference))
        application = get_application(reference)
    return _page("applications/extend.html", application, form)


def _page(template: str, application: Application, form: ExtensionForm) -> Response:
    return render(
        template,
        dossier=application,
        form=form,
        closes_at=closes_at_for(application),
        extensions=list_extensions(application.id),
    )
