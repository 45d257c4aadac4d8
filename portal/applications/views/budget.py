"""The budget's pages: totals against the cap, one partner's lines, and adding, changing and removing a line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.applications import policies, queries
from portal.applications.admissibility import Asked, aid_shares
from portal.applications.budget_view import (
    PartnerBudget,
    RemovedLine,
    ShownLine,
    amount_in,
    per_partner,
    viewer_of,
    visible_lines,
    wages_of,
)
from portal.applications.budget_words import vat_rule
from portal.applications.checklist import check_rule
from portal.applications.commands import budget as commands
from portal.applications.completion import BUDGET
from portal.applications.dossier import Dossier
from portal.applications.dossiers import dossier_of
from portal.applications.models import Application, BudgetLine, PartnerPart
from portal.applications.queries import get_application
from portal.applications.views.blueprint import bp
from portal.applications.views.forms_inside import LineForm
from portal.applications.views.inside import BudgetQuestion, first_year, is_written_now, left_of
from portal.core.errors import NotFound, Problem, StaleVersion
from portal.core.forms import ActionForm
from portal.core.money import ZERO
from portal.core.web import ctx, current_actor, render, translate
from portal.partnerships.states import ROLE_LABELS, PartnerRole


def _load_line(ref: str, number: int, *, lock: bool = False) -> BudgetLine:
    return queries.get_line(ref, number, lock=lock)


def _load_written(ref: str, number: int, *, lock: bool = False) -> BudgetLine | RemovedLine:
    """Return the line; where it is gone and its new text was sent, what that text says whose it would be."""
    try:
        return queries.get_line(ref, number, lock=lock)
    except NotFound:
        organisation_id = request.form.get("organisation", type=int)
        if not lock or organisation_id is None:
            raise
        return RemovedLine(get_application(ref, lock=lock), organisation_id, request.form.get("category", ""))


@bp.page("/applications/<ref>/budget", policy=policies.SEE, load=get_application)
def budget(application: Application) -> Response:
    """Show the request against the cap, the costs per partner and category, and one partner's lines."""
    dossier, viewer = dossier_of(application), viewer_of(current_actor(), application)
    left_out = {part.organisation_id for part in application.parts if part.funds_left_out_at}
    ordered = sorted(application.lines, key=lambda line: line.organisation_id in left_out)  # numbered as they count
    lines = visible_lines(ordered, viewer, wages_of(application))
    budgets = per_partner((part.organisation_id for part in application.parts), lines)
    return render(
        "applications/budget.html",
        application=application,
        dossier=dossier,
        question=BudgetQuestion.of(dossier),
        budgets=budgets,
        parts={part.organisation_id: part for part in application.parts},
        chosen=_chosen(application, budgets),
        counted=[line for line in lines if line.organisation_id not in left_out],
        amount_in=amount_in,
        cap_problems=_cap_problems(dossier),
        aid=aid_shares(dossier),
        shares={part.organisation_id: dossier.share_of(part) for part in dossier.parts},
        vat={part.organisation_id: vat_rule(part.vat_status) for part in dossier.parts},
        unexplained=_count_unexplained(lines, BudgetQuestion.of(dossier)),
        line_of={line.id: line for line in application.lines},
        is_written=is_written_now(application, BUDGET),
        left=left_of(application),
        roles=ROLE_LABELS,
    )


@bp.form("/applications/<ref>/budget/lines/add", policy=policies.EDIT, load=get_application)
def add_line(application: Application) -> Response | BaseResponse:
    """Add a cost of a partner one writes for."""
    reference, dossier = application.reference, dossier_of(application)
    form = _line_form(
        application, dossier, organisation=request.args.get("partner", type=int), year=first_year(application, dossier)
    )
    if form.validate_on_submit():
        with form.catching_problems():
            commands.add_line(ctx(), application, _cost(form, application))
            flash(_("The cost is added."), "success")
            return redirect(url_for(".budget", ref=reference, partner=form.organisation.data))
        application = get_application(reference)
    return _line_page(application, dossier, form, _("Add a cost"))


@bp.form("/applications/<ref>/budget/lines/<int:number>", policy=policies.EDIT_LINE, load=_load_written)
def edit_line(line: BudgetLine | RemovedLine) -> Response | BaseResponse:
    """Change a cost; who was overtaken by another reads what stands and loses nothing."""
    application, theirs, dossier = line.application, None, dossier_of(line.application)
    if isinstance(line, RemovedLine):
        form = _line_form(application, dossier)
        return _line_page(application, dossier, form, _("Change a cost"), is_removed=True)
    reference, number, form = application.reference, line.id, _line_form(application, dossier, **_written(line))
    if form.validate_on_submit():
        try:
            with form.catching_problems():
                commands.save_line(ctx(), application, number, _cost(form, application), form.version.data or 0)
                flash(_("The cost is saved."), "success")
                return redirect(url_for(".budget", ref=reference, partner=form.organisation.data))
        except StaleVersion:
            theirs = line
    if form.problems:
        application = get_application(reference)
    return _line_page(application, dossier, form, _("Change a cost"), theirs=theirs)


@bp.form("/applications/<ref>/budget/lines/<int:number>/remove", policy=policies.EDIT_LINE, load=_load_line)
def remove_line(line: BudgetLine) -> Response | BaseResponse:
    """Ask once more, then remove a cost."""
    form, application = ActionForm(), line.application
    reference, partner = application.reference, line.organisation_id
    if form.validate_on_submit():
        with form.catching_problems():
            commands.remove_line(ctx(), application, line.id)
            flash(_("The cost is removed."), "success")
            return redirect(url_for(".budget", ref=reference, partner=partner))
        line = queries.get_line(reference, int((request.view_args or {})["number"]))
    categories = {each.code: each.label for each in dossier_of(line.application).terms.cost_categories}
    return render(
        "applications/remove_line.html",
        application=line.application,
        form=form,
        line=line,
        amount=line.amount,
        category=categories.get(line.category, line.category),
    )


def _line_page(
    application: Application,
    dossier: Dossier,
    form: LineForm,
    title: str,
    *,
    theirs: BudgetLine | None = None,
    is_removed: bool = False,
) -> Response:
    return render(
        "applications/line.html",
        409 if theirs or is_removed else None,
        application=application,
        dossier=dossier,
        question=BudgetQuestion.of(dossier),
        form=form,
        title=title,
        theirs=theirs,
        is_removed=is_removed,
        is_written=is_written_now(application, BUDGET),
    )


def _line_form(application: Application, dossier: Dossier, **given: Any) -> LineForm:
    """Return the form of a cost with the choices of this actor, and without what this call does not ask."""
    asked, form = BudgetQuestion.of(dossier), LineForm(**given)
    programme = application.round.call.programme
    writable = _writable(application, form.organisation.object_data)
    form.organisation.choices = [SelectChoice(each.organisation_id, each.organisation.name) for each in writable]
    form.category.choices = [SelectChoice(each.code, translate(each.label)) for each in dossier.terms.cost_categories]
    form.year.choices = [(year, str(year)) for year in range(programme.starts_on.year, programme.ends_on.year + 1)]
    form.explanation.max_characters = asked.longest_explanation
    form.explanation.flags.required = True  # to be complete; a draft may do without
    if asked.shortest_explanation:
        form.explanation.description = _(
            "At least %(least)s characters: what the cost is for, and how you calculated it.",
            least=asked.shortest_explanation,
        )
    if not asked.asks_year:
        del form.year
    if not asked.asks_quantity:
        del form.quantity
        form.unit_price_amount.label.text = _("Amount")
    return form


def _writable(application: Application, standing: int | None) -> list[PartnerPart]:
    """Return the parts whose costs the actor writes: all that may receive funds for the lead partner, else one's own."""
    return [
        part
        for part in application.parts
        if (part.role != PartnerRole.NETWORK or part.organisation_id == standing)
        and policies.EDIT_PART.allows(current_actor(), part)
    ]


def _written(line: BudgetLine) -> dict[str, Any]:
    return {
        "version": line.version,
        "organisation": line.organisation_id,
        "category": line.category,
        "year": line.year,
        "quantity": line.quantity,
        "unit_price_amount": line.unit_price_amount,
        "explanation": line.explanation,
    }


def _cost(form: LineForm, application: Application) -> commands.Cost:
    return commands.Cost(
        form.organisation.data,
        form.category.data,
        form.year.data if "year" in form else application.round.projects_start_on.year,
        (form.quantity.data or ZERO) if "quantity" in form else Decimal(1),
        form.unit_price_amount.data or ZERO,
        form.explanation.data or "",
    )


def _chosen(application: Application, budgets: list[PartnerBudget]) -> PartnerBudget | None:
    """Return the budget that is shown line by line: the one asked for, else one's own, else the lead partner's."""
    mine = {each.organisation_id for each in current_actor().mandates}
    wanted = request.args.get("partner", type=int)
    ranked = sorted(
        budgets,
        key=lambda each: (
            each.organisation_id != wanted,
            each.organisation_id not in mine,
            each.organisation_id != application.promotor_id,
        ),
    )
    return ranked[0] if ranked else None


def _count_unexplained(lines: list[ShownLine], question: BudgetQuestion) -> int:
    """Return how many of the lines that are shown are explained in too few characters."""
    return sum(not each.is_total and len(each.explanation.strip()) < question.shortest_explanation for each in lines)


def _cap_problems(dossier: Dossier) -> list[Problem]:
    asked = Asked(ctx().now, current_actor())
    return [
        problem
        for rule in dossier.terms.rules
        if rule.check == "grant_cap"
        for problem in check_rule(dossier, rule, asked)
        if problem.code != "nothing-requested"
    ]
