"""Copying what is not an answer from an earlier application: the partners' tasks and VAT status, and the costs."""

from __future__ import annotations

from portal.applications.budget_view import viewer_of, wages_of
from portal.applications.carrying import may_be_copied, project_years
from portal.applications.models import Application, BudgetLine
from portal.calls.models import Round
from portal.calls.queries import terms_of
from portal.calls.rules import latest_end
from portal.core.context import Ctx
from portal.partnerships.models import Partnership
from portal.partnerships.states import PartnerRole


def may_be_copied_from(earlier: Application, round_: Round, partnership: Partnership) -> bool:
    """Return whether a draft of the partnership in the round can begin from ``earlier``: its own, of the same call."""
    return earlier.partnership_id == partnership.id and earlier.round.call_id == round_.call_id


def copy_parts_and_costs(ctx: Ctx, earlier: Application, draft: Application) -> None:
    """Copy each present partner's task, funds and VAT status, and the costs that the new round can have.

    Earlier aid and declarations are of the time they were made; costs that the actor cannot read line by line stay.
    """
    before = {each.organisation_id: each for each in earlier.parts}
    for part in draft.parts:
        known = before.get(part.organisation_id)
        if known is not None:
            part.task, part.vat_status, part.recoverable_percent = (
                known.task,
                known.vat_status,
                known.recoverable_percent,
            )
            part.receives_funds = known.receives_funds and part.role != PartnerRole.NETWORK
    viewer, wages = viewer_of(ctx.actor, earlier), wages_of(earlier)
    draft.lines = [
        _copy(each)
        for each in copied_lines(earlier, draft)
        if ctx.actor.is_system or viewer.sees_detail(each.organisation_id, each.category, wages)
    ]


def copied_lines(earlier: Application, draft: Application) -> list[BudgetLine]:
    """Return the earlier costs that the draft's round, call and partners can have."""
    round_ = draft.round
    terms = terms_of(round_)
    partners = {each.organisation_id for each in draft.parts if each.role != PartnerRole.NETWORK}
    categories = {each.code for each in terms.cost_categories}
    years = project_years(round_.projects_start_on, latest_end(round_, terms, round_.call.programme))
    return [
        each for each in earlier.lines if may_be_copied(each, partners=partners, categories=categories, years=years)
    ]


def _copy(line: BudgetLine) -> BudgetLine:
    return BudgetLine(
        organisation_id=line.organisation_id,
        category=line.category,
        year=line.year,
        quantity=line.quantity,
        unit_price_amount=line.unit_price_amount,
        explanation=line.explanation,
    )
