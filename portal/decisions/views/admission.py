"""An application that is not admitted: the page that declares it so, and the one with its letter."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.models import Application
from portal.applications.policies import JUDGE
from portal.applications.queries import get_application
from portal.core.web import ctx, render
from portal.decisions import policies
from portal.decisions.commands.admission import tell_inadmissible
from portal.decisions.forms import InadmissibleForm
from portal.decisions.letter_queries import get_refused_admission, list_refusal_letters
from portal.decisions.states import LETTER_WORDS
from portal.decisions.views.blueprint import bp


@bp.form("/desk/dossiers/<ref>/inadmissible", policy=JUDGE, load=get_application)
def refuse_admission(application: Application) -> Response | BaseResponse:
    """Find the application inadmissible, with a reason; a letter tells it."""
    reference, form = application.reference, InadmissibleForm()
    if form.validate_on_submit():
        with form.catching_problems():
            tell_inadmissible(ctx(), application, form.reason.data)
            flash(_("The application is inadmissible; the applicant is told why."), "success")
            return redirect(url_for("applications.dossier", ref=reference))
    title = _("Declare inadmissible")
    return render("applications/decide.html", reference=reference, form=form, title=title)


@bp.page("/applications/<ref>/inadmissible", policy=policies.SEE_REFUSAL, load=get_refused_admission)
def inadmissibility(application: Application) -> Response:
    """Show why an application is inadmissible, and the letter that says so."""
    return render(
        "decisions/inadmissibility.html",
        application=application,
        letters=list_refusal_letters(application),
        letter_words=LETTER_WORDS,
    )
