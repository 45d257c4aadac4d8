"""A partner's part in an application, and taking over what changed in the partnership."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.applications import policies, queries
from portal.applications.commands import parts as commands
from portal.applications.completion import part_key
from portal.applications.models import Application, PartnerPart
from portal.applications.queries import get_application
from portal.applications.states import VatStatus
from portal.applications.views.blueprint import bp
from portal.applications.views.forms_inside import PartForm, part_form
from portal.applications.views.inside import PartQuestions, is_written_now, left_of
from portal.applications.views.partner_aid import PartnerAid
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
    reference, aid = application.reference, PartnerAid.of(part)
    form = _part_form(part, aid)
    if form.validate_on_submit():
        try:
            with form.catching_problems():
                commands.save_part(
                    ctx(), application, organisation_id, _answers(form, part, aid), form.version.data or 0
                )
                flash(_("The part of %(organisation)s is saved.", organisation=part.organisation.name), "success")
                return redirect(url_for(".application", ref=reference))
        except StaleVersion:
            theirs = part
    if form.problems:
        part = queries.get_part(reference, organisation_id)
    return _part_page(part, form, PartnerAid.of(part), theirs)


def _part_page(part: PartnerPart, form: PartForm, aid: PartnerAid, theirs: PartnerPart | None) -> Response:
    return render(
        "applications/part.html",
        409 if theirs else None,
        part=part,
        application=part.application,
        form=form,
        asked=PartQuestions.of(form_of(part.application.round)),
        theirs=theirs,
        role=ROLE_LABELS[PartnerRole(part.role)],
        has_left=part.organisation_id in left_of(part.application),
        is_written=is_written_now(part.application, part_key(part.organisation_id)),
        aid=aid,
    )


@bp.action("/applications/<ref>/parts", policy=policies.EDIT, load=get_application)
def take_over_partners(application: Application) -> BaseResponse:
    """Take over who joined, who left and whose role changed in the partnership."""
    commands.bring_up_to_date(ctx(), application)
    flash(_("The partners of this application are those of the partnership now."), "success")
    return redirect(url_for(".application", ref=application.reference))


def _part_form(part: PartnerPart, aid: PartnerAid) -> PartForm:
    """Return the form with what this call asks of a partner, in its own words."""
    asked = PartQuestions.of(form_of(part.application.round))
    asks_aid = asked.earlier_aid is not None and part.role != PartnerRole.NETWORK
    given = {name: getattr(part, name) for name in (*asked.columns, "version", "declarations")}
    form = part_form(aid.years if asks_aid else (), **given, **aid.filled_in())
    form.declarations.choices = [SelectChoice(each.code, translate(each.label)) for each in asked.declarations]
    if not asked.declarations:
        del form.declarations
    for name in ("task", "receives_funds", "vat_status", "recoverable_percent"):
        question = asked.columns.get(name)
        if question is None or (name != "task" and part.role == PartnerRole.NETWORK):
            del form[name]
        else:
            _word(form[name], question)
    for each in aid.years if asks_aid else ():
        form[f"aid_{each.year}"].flags.required = True  # to be complete; a draft may do without
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


def _answers(form: PartForm, part: PartnerPart, aid: PartnerAid) -> commands.PartAnswers:
    def given(name: str) -> Any:
        return form[name].data if name in form else getattr(part, name)

    status = given("vat_status")
    return commands.PartAnswers(
        task=given("task") or "",
        receives_funds=bool(given("receives_funds")),
        vat_status=VatStatus(status) if status in set(VatStatus) else None,
        recoverable_percent=given("recoverable_percent") if status == VatStatus.MIXED else None,
        earlier_aid=_declared(form, part, aid),
        declarations=frozenset(given("declarations") or ()),
    )


def _declared(form: PartForm, part: PartnerPart, aid: PartnerAid) -> dict[int, Decimal]:
    """Return the declared aid by year: what was typed, and of the years that the page does not ask what stands."""
    declared = {int(year): Decimal(amount) for year, amount in part.earlier_aid.items()}
    for each in aid.years:
        if f"aid_{each.year}" in form:
            declared.pop(each.year, None)
            if form[f"aid_{each.year}"].data is not None:
                declared[each.year] = form[f"aid_{each.year}"].data
    return declared
