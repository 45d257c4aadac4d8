"""Signing off on a partner's part, asking for it, and going on without a partner's funds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications import policies, queries
from portal.applications.commands import signing as commands
from portal.applications.dossier import Dossier
from portal.applications.dossiers import dossier_of
from portal.applications.models import PartnerPart
from portal.applications.sign_offs import digest_of, facts_of, is_asked
from portal.applications.views.blueprint import bp
from portal.applications.views.forms_inside import SignForm
from portal.applications.views.inside import PartQuestions, is_written_now
from portal.core.errors import NotFound
from portal.core.forms import ActionForm
from portal.core.money import total
from portal.core.text import Text
from portal.core.web import ctx, render
from portal.partnerships.states import ROLE_LABELS, PartnerRole


def _load(ref: str, organisation_id: int, *, lock: bool = False) -> PartnerPart:
    return queries.get_part(ref, organisation_id, lock=lock)


@bp.form("/applications/<ref>/parts/<int:organisation_id>/sign", policy=policies.SIGN_PART, load=_load)
def sign_part(part: PartnerPart) -> Response | BaseResponse:
    """Show exactly what a partner confirms, and let somebody who may sign for it confirm that."""
    application, form = part.application, SignForm()
    dossier, reference, organisation_id = dossier_of(application), application.reference, part.organisation_id
    if not is_asked(dossier.terms.sign_off, application.promotor_id, part):
        raise NotFound
    if form.validate_on_submit():
        with form.catching_problems():
            commands.sign_off(ctx(), application, organisation_id, form.sha256.data or "")
            flash(_("You signed off for %(organisation)s.", organisation=part.organisation.name), "success")
            return redirect(url_for(".application", ref=reference, _anchor="sign-offs"))
        part = queries.get_part(reference, organisation_id)
    return _sign_page(part, dossier, form)


def _sign_page(part: PartnerPart, dossier: Dossier, form: SignForm) -> Response:
    facts = facts_of(part, part.application.counted_lines)
    sha256 = digest_of(facts)
    standing = (each for each in part.application.sign_offs if each.cancelled_at is None and each.sha256 == sha256)
    return render(
        "applications/sign_part.html",
        part=part,
        application=part.application,
        form=form,
        facts=facts,
        sha256=sha256,
        costs=CostTable.of(facts, dossier),
        aid=[(year, Decimal(amount)) for year, amount in facts["earlier_aid"].items()],
        asked=PartQuestions.of(dossier.form),
        role=ROLE_LABELS[PartnerRole(part.role)],
        signed=next((each for each in standing if each.organisation_id == part.organisation_id), None),
        is_written=is_written_now(part.application, None),
    )


@bp.action("/applications/<ref>/parts/<int:organisation_id>/remind", policy=policies.STEER_PART, load=_load)
def remind_partner(part: PartnerPart) -> BaseResponse:
    """Ask a partner to sign off, by mail, once a day at most."""
    name = part.organisation.name
    if commands.ask_sign_off(ctx(), part.application, part.organisation_id):
        flash(_("We mail those who may sign for %(organisation)s.", organisation=name), "success")
    else:
        flash(_("%(organisation)s was asked today already. You can ask again tomorrow.", organisation=name), "info")
    return redirect(url_for(".application", ref=part.application.reference, _anchor="sign-offs"))


@bp.form("/applications/<ref>/parts/<int:organisation_id>/without-funds", policy=policies.STEER_PART, load=_load)
def leave_out_funds(part: PartnerPart) -> Response | BaseResponse:
    """Say what falls away without a partner's funds, and go on without them."""
    form, application = ActionForm(), part.application
    reference, organisation_id, name = application.reference, part.organisation_id, part.organisation.name
    if organisation_id == application.promotor_id or not part.receives_funds:
        raise NotFound
    if form.validate_on_submit():
        with form.catching_problems():
            commands.leave_out_funds(ctx(), application, organisation_id)
            flash(_("The application goes on without funds for %(organisation)s.", organisation=name), "success")
            return redirect(url_for(".application", ref=reference, _anchor="sign-offs"))
        part = queries.get_part(reference, organisation_id)
    return render(
        "applications/leave_out_funds.html",
        part=part,
        application=part.application,
        form=form,
        is_written=is_written_now(part.application, None),
        **_what_falls_away(part),
    )


@bp.action("/applications/<ref>/parts/<int:organisation_id>/with-funds", policy=policies.STEER_PART, load=_load)
def take_in_funds(part: PartnerPart) -> BaseResponse:
    """Let a partner's costs count again."""
    commands.take_in_funds(ctx(), part.application, part.organisation_id)
    flash(_("The costs of %(organisation)s count again.", organisation=part.organisation.name), "success")
    return redirect(url_for(".application", ref=part.application.reference, _anchor="sign-offs"))


def _what_falls_away(part: PartnerPart) -> dict[str, Decimal | int]:
    """Return the partner's costs, how many there are, and the requested grant with and without them."""
    dossier = dossier_of(part.application)
    gone = [each for each in dossier.lines if each.organisation_id == part.organisation_id]
    return {
        "costs": total(each.amount for each in gone),
        "count": len(gone),
        "requested": dossier.requested_amount,
        "requested_without": dossier.without_costs_of(part.organisation_id).requested_amount,
    }


@dataclass(frozen=True, slots=True)
class CostTable:
    """A partner's costs as it confirms them: a row a category, a column a year, and totals both ways."""

    years: list[int]
    rows: list[tuple[Text | str, list[Decimal], Decimal]]
    sums: list[Decimal]
    amount: Decimal

    @classmethod
    def of(cls, facts: dict[str, Any], dossier: Dossier) -> CostTable:
        """Return the table of what the facts hold; categories in the call's order."""
        costs = {(category, year): Decimal(amount) for category, year, amount in facts["costs"]}
        labels = {each.code: each.label for each in dossier.terms.cost_categories}
        years = sorted({year for _category, year in costs})
        codes = sorted({category for category, _year in costs}, key=lambda code: [*labels, code].index(code))
        cells = {code: [costs.get((code, year), Decimal(0)) for year in years] for code in codes}
        rows: list[tuple[Text | str, list[Decimal], Decimal]] = [
            (labels.get(code, code), amounts, total(amounts)) for code, amounts in cells.items()
        ]
        sums = [total(amounts[place] for amounts in cells.values()) for place in range(len(years))]
        return cls(years, rows, sums, Decimal(facts["costs_amount"]))
