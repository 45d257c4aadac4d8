"""A partner's part in an application, and taking over what changed in the partnership."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.applications import policies, queries
from portal.applications.awards import portal_aid
from portal.applications.commands import parts as commands
from portal.applications.models import Application, PartnerPart
from portal.applications.queries import get_application
from portal.applications.states import VatStatus
from portal.applications.views.blueprint import bp
from portal.applications.views.forms_inside import PartForm
from portal.applications.views.inside import PartQuestions, is_written_now, left_of
from portal.calls.form_definitions import Question
from portal.calls.queries import form_of
from portal.core.errors import StaleVersion
from portal.core.web import ctx, render, translate
from portal.partnerships.states import ROLE_LABELS, PartnerRole


def _load_part(ref: str, organisation_id: int, *, lock: bool = False) -> PartnerPart:
    return queries.get_part(ref, organisation_id, lock=lock)


@bp.form("/applications/<ref>/parts/<int:organisation_id>", policy=policies.EDIT_PART, load=_load_part)
def part(part: PartnerPart) -> Response | BaseResponse:
    """Write a partner's task, funds, VAT status and earlier aid; who was overtaken reads both and loses nothing."""
    application, organisation_id, theirs = part.application, part.organisation_id, None
    reference, asked = application.reference, PartQuestions.of(form_of(application.round))
    form = _part_form(part, asked)
    if form.validate_on_submit():
        try:
            with form.catching_problems():
                commands.save_part(ctx(), application, organisation_id, _answers(form, part), form.version.data or 0)
                flash(_("The part of %(organisation)s is saved.", organisation=part.organisation.name), "success")
                return redirect(url_for(".application", ref=reference))
        except StaleVersion:
            theirs = part
    if form.problems:
        part = queries.get_part(reference, organisation_id)
    return render(
        "applications/part.html",
        409 if theirs else None,
        part=part,
        application=part.application,
        form=form,
        asked=asked,
        theirs=theirs,
        role=ROLE_LABELS[PartnerRole(part.role)],
        has_left=organisation_id in left_of(part.application),
        is_written=is_written_now(part.application),
        portal_aid=portal_aid(part.application, part.application.round.decision_due_on).get(organisation_id),
    )


@bp.action("/applications/<ref>/parts", policy=policies.EDIT, load=get_application)
def take_over_partners(application: Application) -> BaseResponse:
    """Take over who joined, who left and whose role changed in the partnership."""
    commands.bring_up_to_date(ctx(), application)
    flash(_("The partners of this application are those of the partnership now."), "success")
    return redirect(url_for(".application", ref=application.reference))


def _part_form(part: PartnerPart, asked: PartQuestions) -> PartForm:
    """Return the form with what this call asks of a partner, in its own words."""
    names = (*asked.columns, "version", "earlier_aid_amount", "declarations")
    form = PartForm(data={name: getattr(part, name) for name in names})
    form.declarations.choices = [SelectChoice(each.code, translate(each.label)) for each in asked.declarations]
    if not asked.declarations:
        del form.declarations
    worded = {**asked.columns, "earlier_aid_amount": asked.earlier_aid}
    for name in ("task", "receives_funds", "vat_status", "recoverable_percent", "earlier_aid_amount"):
        question = worded.get(name)
        if question is None or (name != "task" and part.role == PartnerRole.NETWORK):
            del form[name]
        else:
            _word(form[name], question)
    if "vat_status" in form:
        form.vat_status.description = _("Only for a partner that receives funds.")
    if "recoverable_percent" in form:
        form.recoverable_percent.description = _("Only for a mixed VAT status.")
    return form


def _word(field: Any, question: Question) -> None:
    field.label.text = translate(question.label)
    field.description = translate(question.hint) if question.hint else ""
    field.flags.required = question.is_required  # to be complete; a draft may do without
    if question.options:
        field.choices = [SelectChoice(each.code, translate(each.label)) for each in question.options]
        field.validate_choice = bool(field.raw_data)  # a draft may leave it open
    if question.max_characters:
        field.max_characters = question.max_characters


def _answers(form: PartForm, part: PartnerPart) -> commands.PartAnswers:
    def given(name: str) -> Any:
        return form[name].data if name in form else getattr(part, name)

    status = given("vat_status")
    return commands.PartAnswers(
        task=given("task") or "",
        receives_funds=bool(given("receives_funds")),
        vat_status=VatStatus(status) if status in set(VatStatus) else None,
        recoverable_percent=given("recoverable_percent") if status == VatStatus.MIXED else None,
        earlier_aid_amount=given("earlier_aid_amount"),
        declarations=frozenset(given("declarations") or ()),
    )
