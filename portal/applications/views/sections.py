"""The pages on which an applicant fills in an application, a section at a time."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications import policies, queries
from portal.applications.commands.save_section import save_section, save_typed
from portal.applications.commands.unsent import forget_held_text
from portal.applications.commands.writing import is_late
from portal.applications.models import Application, Section
from portal.applications.views.blueprint import bp
from portal.applications.views.conflict import Choices, choices_of, show_conflict, show_together
from portal.applications.views.inside import is_written_now
from portal.applications.views.section_page import SectionPage, deadline_of, show_form
from portal.applications.views.signed_out import hold_through_sign_in, put_back
from portal.calls.questions.section_form import SectionForm
from portal.core.errors import IllegalTransition, StaleVersion
from portal.core.web import ctx, current_actor, render, translate


def _load(ref: str, *, lock: bool = False, **_code: str) -> Application:
    return queries.get_application_to_write(ref, lock=lock)


def _code() -> str:
    return str((request.view_args or {})["code"])


@bp.page("/applications/<ref>/sections/<code>", policy=policies.SEE, load=_load)
def section(application: Application) -> Response:
    """Show a section: its form to those who may write it now, its answers to all others who may see them."""
    page, actor = SectionPage.of(application, _code()), current_actor()
    may_write = policies.EDIT_SECTION.allows(actor, page.row)
    if may_write and is_written_now(application, page.section.code):
        form = page.form()
        return show_form(page, form, held=put_back(page, form))
    reason = _("This application cannot be changed at this moment.")
    if application.state == "returned":
        reason = _("A completion is asked, but not of this section: it stays as it was handed in.")
    if not may_write:
        refusal = policies.EDIT_SECTION if policies.EDIT.allows(actor, application) else policies.EDIT
        reason = translate(refusal.who)
    return render(
        "applications/section_read.html", page=page, application=application, sections=[page.read()], reason=reason
    )


@bp.action(
    "/applications/<ref>/sections/<code>",
    policy=policies.EDIT_SECTION,
    load=queries.get_section_to_write,
    when_signed_out=hold_through_sign_in,
)
def save(section: Section) -> Response | BaseResponse:
    """Save what was typed, add or take out a row, search, or settle two versions; nothing that was typed is ever lost."""
    application = section.application
    page = SectionPage.of(application, section.code)
    form = page.form()
    if {"add", "remove", "resume", "find"} & set(request.form):
        return _change_page(page, form)
    form.validate()
    form.leave_out({each.key for each in page.section.questions} - page.asked(form.answers()))
    form.refuse_unknown(list(request.form))
    if not is_written_now(application, page.section.code):
        return _keep(page, form)
    if form.errors:
        return show_form(page, form, status=422)
    choices = choices_of(page, form)
    return show_conflict(page, form, choices.unchosen) if choices.unchosen else _save(page, form, choices)


def _save(page: SectionPage, form: SectionForm, choices: Choices) -> Response | BaseResponse:
    typed, before, held = choices.typed, page.row.version, request.form.get("held", type=int)
    is_new_asked = bool(page.asked(typed.answers) - page.asked())
    try:
        with form.catching_problems():
            section = save_typed(ctx(), page.application, page.section.code, typed)
            if held is not None:
                forget_held_text(ctx(), page.application.id, held)
            if choices.together:
                return show_together(SectionPage.of(page.application, section.code), form, choices.together)
            return _onward(page, is_new_asked=is_new_asked, is_merged=section.version > before > typed.version)
    except StaleVersion:
        return show_conflict(page, form)
    return show_form(SectionPage.of(_load(page.ref), page.section.code), form, status=422)


def _onward(page: SectionPage, *, is_new_asked: bool, is_merged: bool) -> BaseResponse:
    """Go to the next section where that was asked, but not past a question that an answer has just brought up."""
    code = page.section.code
    if is_merged:
        flash(_("%(section)s is saved, together with what others changed in it meanwhile.", section=code), "success")
    elif is_new_asked:
        flash(_("%(section)s is saved. Your answer brings up another question here.", section=code), "success")
    else:
        flash(_("%(section)s is saved.", section=code), "success")
    if is_new_asked or request.form.get("next") != "next":
        return redirect(page.url)
    if page.next_code is None:
        return redirect(url_for(".application", ref=page.ref))
    return redirect(url_for(".section", ref=page.ref, code=page.next_code))


def _change_page(page: SectionPage, form: SectionForm) -> Response:
    """Change what stands on the page without saving: everything that was typed comes back.

    A row is added or taken out, municipalities are searched, or a text that was not saved is put back.
    """
    added, (taken, _dash, place) = request.form.get("add", ""), request.form.get("remove", "").partition("-")
    groups = form.groups()
    if added in groups:
        groups[added].add()
    elif taken in groups and place.isdecimal():
        groups[taken].remove(int(place))
    sought = form.municipalities().get(request.form.get("find", ""))
    if sought is not None:
        page.search(sought, request.form.get(f"find-{sought.short_name}", ""))
    return show_form(page, form, status=200)


def _keep(page: SectionPage, form: SectionForm) -> Response:
    """Keep what came when nothing can be written any more, as it was typed, and say where it is."""
    closed_at, ref, application = deadline_of(page.application), page.ref, page.application
    late = application.state in ("draft", "returned") and is_late(ctx(), application)
    try:
        with form.catching_problems():
            save_section(ctx(), application, page.section.code, form.kept(), form.version.data or 0)
    except IllegalTransition:
        late = False
    kept_url = url_for(".kept_texts", ref=ref)
    if late:
        return render("errors/late.html", 422, closed_at=closed_at, kept_url=kept_url)
    return render("applications/not_written.html", 409, reference=ref, kept_url=kept_url)
