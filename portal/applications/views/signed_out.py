"""A form sent after its author's session ended: the text is held for that person, and put back after signing in."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_limiter.errors import RateLimitExceeded

from portal.applications import queries
from portal.applications.commands.unsent import keep_unsent_text
from portal.applications.models import UnsentText
from portal.applications.views.conflict import typed_on
from portal.applications.views.section_page import SectionPage
from portal.calls.questions.section_form import SectionForm
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.seals import sealed_for
from portal.core.web import ctx, current_actor
from portal.extensions import limiter

MOST = "30 per hour"  # texts of one person: a seal is no sign-in, and what it lets in stays


def hold_through_sign_in(ref: str, code: str) -> Response | None:
    """Hold what was typed for whom the form was drawn, and lead to sign-in and back.

    None without a fitting seal, and after many in an hour: the refusal that is answered then shows the text, to copy.
    """
    person_id = sealed_for(request.form.get("seal", ""), ref, code)
    if person_id is None:
        return None
    try:
        return _hold(ref, code, person_id)
    except RateLimitExceeded:
        return None


def _author() -> str:
    """Whom the limit counts for: the person that the seal names, wherever the form is sent from."""
    here = request.view_args or {}
    return f"held for {sealed_for(request.form.get('seal', ''), here['ref'], here['code'])}"


@limiter.limit(MOST, key_func=_author)
def _hold(ref: str, code: str, person_id: int) -> Response:
    section = queries.get_section_to_write(ref, code)
    form = SectionPage.of(section.application, code).form()
    form.validate()
    author = replace(ctx(), actor=Actor(person_id=person_id))
    kept, application_id = form.kept(), section.application_id
    number = keep_unsent_text(author, application_id, code, kept, typed_on(form, kept).started_from())
    flash(_("You were signed out. What you typed is kept for you: sign in to go on with it."))
    target = url_for("applications.section", ref=ref, code=code, held=number)
    return make_response(redirect(url_for("accounts.sign_in", next=target)))


def put_back(page: SectionPage, form: SectionForm) -> UnsentText | None:
    """Fill the form with the text that is held for whoever asks, and return it; None where there is none."""
    number = request.values.get("held", type=int)
    if number is None:
        return None
    try:
        held = queries.get_unsent_text(page.application.id, number, current_actor().person_id or 0)
    except NotFound:
        return None
    if held.started_from is None or held.section_code != page.section.code:
        return None
    for each in form.questions():
        if each.short_name in held.answers:
            each.process(None, held.answers[each.short_name])
    form.bases = {key: int(version) for key, version in held.started_from.items()}
    return held
