"""All costs of one partner on one page, or those of a category and a year, saved in one go."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications import policies, queries
from portal.applications.admissibility import aid_shares
from portal.applications.budget_words import vat_rule
from portal.applications.commands.budget import save_lines
from portal.applications.completion import BUDGET
from portal.applications.dossier import Dossier
from portal.applications.dossiers import dossier_of
from portal.applications.models import BudgetLine, PartnerPart
from portal.applications.states import VatStatus
from portal.applications.views.blueprint import bp
from portal.applications.views.cost_rows import Choices, CostsForm, changes_in, costs_form
from portal.applications.views.inside import BudgetQuestion, first_year, is_written_now, left_of
from portal.core.errors import StaleVersion
from portal.core.money import total
from portal.core.web import ctx, current_actor, render
from portal.partnerships.states import PartnerRole

BLANK_ROWS = 2


def _load_part(ref: str, organisation_id: int, *, lock: bool = False) -> PartnerPart:
    return queries.get_part(ref, organisation_id, lock=lock)


@bp.form("/applications/<ref>/budget/partners/<int:organisation_id>", policy=policies.EDIT_PART, load=_load_part)
def lines(part: PartnerPart) -> Response | BaseResponse:
    """Write many costs of a partner; who was overtaken by another reads what stands and loses nothing."""
    reference, organisation_id, status = part.application.reference, part.organisation_id, None
    choices = _choices(part, dossier_of(part.application))
    form = costs_form(_lines(part, choices), choices, blank=BLANK_ROWS if _may_add(part) else 0)
    if "add" in request.form:
        choices.add_row(form)
    elif form.validate_on_submit():
        try:
            with form.catching_problems():
                save_lines(ctx(), part.application, {organisation_id}, changes_in(form, organisation_id, choices))
                flash(_("The costs are saved."), "success")
                return redirect(_next_page(reference, organisation_id))
        except StaleVersion:
            _show_what_stands(form, part)
            status = 409
    if form.problems:
        part, status = queries.get_part(reference, organisation_id), 422
    return _page(part, form, choices, status)


def _page(part: PartnerPart, form: CostsForm, choices: Choices, status: int | None) -> Response:
    application, dossier = part.application, dossier_of(part.application)
    shown = {row.number.data for row in form.rows()}
    elsewhere = total(each.amount for each in application.counted_lines if each.id not in shown)
    of_partner = [each for each in application.lines if each.organisation_id == part.organisation_id]
    return render(
        "applications/lines.html",
        status,
        application=application,
        part=part,
        dossier=dossier,
        question=BudgetQuestion.of(dossier),
        choices=choices,
        form=form,
        vat=vat_rule(VatStatus(part.vat_status) if part.vat_status else None),
        aid=aid_shares(dossier).get(part.organisation_id),
        elsewhere=elsewhere,
        partner_elsewhere=total(each.amount for each in of_partner if each.id not in shown),
        amount=total(row.amount for row in form.rows() if row.amount is not None and not row.remove.data),
        may_add=_may_add(part),
        has_left=part.organisation_id in left_of(application),
        is_written=is_written_now(application, BUDGET),
        here=_here(part.application.reference, part.organisation_id),
    )


def _choices(part: PartnerPart, dossier: Dossier) -> Choices:
    programme = part.application.round.call.programme
    years = range(programme.starts_on.year, programme.ends_on.year + 1)
    categories = {each.code: each.label for each in dossier.terms.cost_categories}
    category, year = request.args.get("category"), request.args.get("year", type=int)
    return Choices(
        asked=BudgetQuestion.of(dossier),
        categories=categories,
        years=years,
        category=category if category in categories else None,
        year=year if year is not None and year in years else first_year(part.application, dossier),
    )


def _lines(part: PartnerPart, choices: Choices) -> list[BudgetLine]:
    """Return the partner's lines, those of the category and the year in the address where it names them."""
    of_one_year = "year" in request.args and choices.asked.asks_year
    return [
        each
        for each in part.application.lines
        if each.organisation_id == part.organisation_id
        and (choices.category is None or each.category == choices.category)
        and (not of_one_year or each.year == choices.year)
    ]


def _may_add(part: PartnerPart) -> bool:
    return part.role != PartnerRole.NETWORK and policies.EDIT.allows(current_actor(), part.application)


def _show_what_stands(form: CostsForm, part: PartnerPart) -> None:
    standing = {each.id: each for each in part.application.lines}
    for row in form.told:
        line = standing.get(row.number.data or 0)
        if row.number.data is not None and (line is None or line.version != row.version.data):
            row.stand_on(line)


def _here(reference: str, organisation_id: int) -> str:
    named: dict[str, Any] = {name: request.args[name] for name in ("category", "year") if name in request.args}
    return url_for(".lines", ref=reference, organisation_id=organisation_id, **named)


def _next_page(reference: str, organisation_id: int) -> str:
    if request.form.get("next") == "budget":
        return url_for(".budget", ref=reference, partner=organisation_id)
    return _here(reference, organisation_id)
