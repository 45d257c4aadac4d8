"""The budget out to a workbook and back in: first a page that says what it would do, then all of it at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Response, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications import policies
from portal.applications.budget_sheet import MARK, columns_of, mark_of, sheet_row, widths_of
from portal.applications.budget_view import viewer_of, visible_lines, wages_of
from portal.applications.commands.budget import Change, Cost, save_lines
from portal.applications.commands.budget_import import Plan, Scope, plan_import, problems_with_age
from portal.applications.completion import BUDGET
from portal.applications.dossier import Dossier
from portal.applications.dossiers import dossier_of
from portal.applications.models import Application, PartnerPart
from portal.applications.queries import get_application
from portal.applications.views.blueprint import bp
from portal.applications.views.forms_inside import PlanForm, SheetForm
from portal.applications.views.inside import BudgetQuestion, is_written_now
from portal.core.errors import Problem, RuleViolation, refuse_if
from portal.core.formats import format_enterprise_number
from portal.core.money import total
from portal.core.spreadsheet import LARGEST_WORKBOOK, MEDIA_TYPE, write_sheet
from portal.core.text import Text, _l
from portal.core.web import ctx, current_actor, render, translate
from portal.partnerships.states import PartnerRole


@bp.page("/applications/<ref>/budget/export", policy=policies.SEE, load=get_application, limit="120 per hour")
def export_budget(application: Application) -> Response:
    """Give the budget as a workbook: exactly what its reader sees on the page."""
    dossier, viewer = dossier_of(application), viewer_of(current_actor(), application)
    names, columns = _names(application), _columns(dossier)
    labels = {each.code: translate(each.label) for each in dossier.terms.cost_categories}
    open_to = [number for number in names if viewer.reads_wages_of(number)]  # a digest of hidden lines would tell
    shown = visible_lines(application.lines, viewer, wages_of(application))
    words = _("You see the staff costs of another partner as a total only.")
    content = write_sheet(
        _("Project budget"),
        [translate(each) for each in columns],
        [sheet_row(each, columns, names, labels, words) for each in shown],
        widths_of(columns),
        hidden=(MARK, mark_of(application.reference, open_to, application.lines)),
    )
    response = make_response(content)
    response.mimetype = MEDIA_TYPE
    name = f"{application.reference}-{_('budget')}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.form("/applications/<ref>/budget/import", policy=policies.EDIT, load=get_application, limit="120 per hour")
def import_budget(application: Application) -> Response:
    """Choose a workbook, and read what it would add, change and remove, or what is wrong in which cell."""
    form, plan, reference = SheetForm(), None, application.reference
    scope = _scope(application, dossier_of(application))
    if form.validate_on_submit():
        with form.catching_problems():
            plan = plan_import(application, scope, form.file.data.stream.read(LARGEST_WORKBOOK + 1))
    if form.problems:
        application = get_application(reference)
    return _page(application, form, scope, plan, 422 if form.errors or (plan and plan.problems) else 200)


@bp.form("/applications/<ref>/budget/import/apply", policy=policies.EDIT, load=get_application, limit="120 per hour")
def apply_import(application: Application) -> Response | BaseResponse:
    """Carry out what was read, all of it or nothing; refused where the budget changed since the export."""
    form, reference = PlanForm(), application.reference
    scope = _scope(application, dossier_of(application))
    if form.validate_on_submit():
        with form.catching_problems():
            said, changes = _sent(form.plan.data or "", scope)
            refuse_if(problems_with_age(application, scope.partners, said))
            save_lines(ctx(), application, scope.partners, changes)
            flash(_("The budget is as in your workbook now."), "success")
            return redirect(url_for(".budget", ref=reference))
        return _page(get_application(reference), form, scope, None, 422)
    return redirect(url_for(".import_budget", ref=reference))


def _page(application: Application, form: Any, scope: Scope, plan: Plan | None, status: int) -> Response:
    dossier, after = dossier_of(application), None
    if plan and not plan.problems:
        after = dossier.costs_amount - total(line.amount for line in plan.removed)
        after += total(_amount(each) for each in plan.added)
        after += total(_amount(cost) - line.amount for line, cost in plan.changed)
    return render(
        "applications/budget_import.html",
        status,
        application=application,
        form=form,
        upload=SheetForm(formdata=None),
        scope=scope,
        plan=plan,
        sent=_as_sent(application, scope, plan) if plan else "",
        before=dossier.costs_amount,
        after=after,
        question=BudgetQuestion.of(dossier),
        is_written=is_written_now(application, BUDGET),
    )


def _amount(cost: Cost) -> Decimal:
    return (cost.quantity * cost.unit_price_amount).quantize(Decimal("0.01"))


def _scope(application: Application, dossier: Dossier) -> Scope:
    names, own = (
        _names(application),
        {each.organisation_id for each in application.parts if _is_written_for(each, application)},
    )
    return Scope(
        partners={number: name for number, name in names.items() if number in own},
        others=[name for number, name in names.items() if number not in own],
        categories={each.code: each.label for each in dossier.terms.cost_categories},
        columns=_columns(dossier),
        longest_explanation=BudgetQuestion.of(dossier).longest_explanation,
        year=application.round.projects_start_on.year,
    )


def _is_written_for(part: PartnerPart, application: Application) -> bool:
    """Return whether the actor writes for the partner, and it can have costs or has some still."""
    spends = any(each.organisation_id == part.organisation_id for each in application.lines)
    return policies.EDIT_PART.allows(current_actor(), part) and (part.role != PartnerRole.NETWORK or spends)


def _names(application: Application) -> dict[int, str]:
    """Return what each partner is called in the file; where two have one name, their number tells them apart."""
    names = [each.organisation.name.casefold() for each in application.parts]
    return {
        each.organisation_id: each.organisation.name
        if names.count(each.organisation.name.casefold()) == 1
        else f"{each.organisation.name} ({format_enterprise_number(each.organisation.enterprise_number)})"
        for each in application.parts
    }


def _columns(dossier: Dossier) -> list[Text]:
    asked = BudgetQuestion.of(dossier)
    return columns_of(asks_year=asked.asks_year, asks_quantity=asked.asks_quantity)


def _as_sent(application: Application, scope: Scope, plan: Plan) -> str:
    changes = [
        [each.line_id, each.base_version, list(astuple(each.cost)) if each.cost else None] for each in plan.changes
    ]
    said = mark_of(application.reference, scope.partners, application.lines)
    return json.dumps({"said": said, "changes": changes}, default=str)


def _sent(typed: str, scope: Scope) -> tuple[Mapping[str, str], list[Change]]:
    """Return the plan that came back, checked for its shape only; RuleViolation where it is no plan."""
    try:
        sent = json.loads(typed)
        changes = [
            Change(number and int(number), int(version), _cost(cost) if cost else None)
            for number, version, cost in sent["changes"]
        ]
        if any(len(each.cost.explanation) > (scope.longest_explanation or 10**9) for each in changes if each.cost):
            raise ValueError("an explanation that is too long")  # noqa: TRY301 - one way out for what is no plan
        return {str(key): str(value) for key, value in sent["said"].items()}, changes
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation) as fault:
        message = _l("The portal could not read what to do. Choose the workbook again.")
        raise RuleViolation([Problem("plan-unreadable", message)]) from fault


def _cost(sent: list[Any]) -> Cost:
    organisation_id, category, year, quantity, price, explanation = sent
    return Cost(int(organisation_id), str(category), int(year), Decimal(quantity), Decimal(price), str(explanation))
