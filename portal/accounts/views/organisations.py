"""Organisations: claiming one, its page, and the rights of its people."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import policies, queries
from portal.accounts.commands import organisations as commands
from portal.accounts.forms import RIGHT_LABELS, ClaimForm, DescribeForm, GrantForm, ReasonForm, town_choices
from portal.accounts.models import Claim, Organisation
from portal.accounts.reach_words import reason_of
from portal.accounts.rules import enterprise_number_digits
from portal.accounts.states import CLAIM, KIND_LABELS, ClaimState, OrganisationKind
from portal.accounts.views.blueprint import bp
from portal.core.actor import Right
from portal.core.errors import NotFound, Problem, RuleViolation
from portal.core.files import store_upload
from portal.core.text import _l
from portal.core.web import ctx, current_actor, render
from portal.places.queries import find_municipality

NOBODY = Problem(
    "nobody-with-address",
    _l("Nobody has an account with this address yet. Ask the person to register first."),
    "email",
)


def load_disputable(number: str, *, lock: bool = False) -> Claim:
    """Load the claim that stands on an organisation, for somebody who disputes it."""
    claim = queries.find_standing_claim(queries.get_organisation(number).id)
    if claim is None or claim.state is ClaimState.DISPUTED:
        raise NotFound
    return queries.get_claim(claim.id, lock=lock)


@bp.page("/organisations", policy=policies.OWN)
def organisations() -> Response:
    """List one's own organisations, and choose for which one acts."""
    actor = current_actor()
    mine = queries.list_organisations(each.organisation_id for each in actor.mandates)
    return render("accounts/organisations.html", organisations=mine, kinds=KIND_LABELS, rights=RIGHT_LABELS)


@bp.form("/organisations/claim", policy=policies.CLAIM, limit="30 per hour")
def claim_organisation() -> Response | BaseResponse:
    """Register an organisation by its enterprise number."""
    form = ClaimForm()
    taken = None
    if form.validate_on_submit():
        digits = enterprise_number_digits(form.enterprise_number.data)
        with form.catching_problems():
            person = queries.get_person(current_actor().person_id or 0)
            upload = request.files.get("file")
            storage = current_app.extensions["portal.storage"]
            file = store_upload(ctx(), storage, upload.filename, upload.read()) if upload and upload.filename else None
            commands.claim_organisation(
                ctx(),
                person=person,
                enterprise_number=digits,
                name=form.name.data,
                kind=OrganisationKind(form.kind.data),
                evidence=form.evidence.data,
                file=file,
            )
            flash(_("You represent this organisation now. A case officer checks your right to sign."), "success")
            return redirect(url_for(".organisation", number=digits))
        if any(each.code == "organisation-claimed" for each in form.problems):
            taken = queries.find_organisation(digits)
    return render("accounts/claim_organisation.html", form=form, taken=taken)


@bp.form("/organisations/<number>/dispute", policy=policies.DISPUTE, load=load_disputable, limit="10 per hour")
def dispute_claim(claim: Claim) -> Response | BaseResponse:
    """Dispute who may sign for an organisation; the confirmation says what it does."""
    form, organisation = ReasonForm(), claim.organisation
    number, name = organisation.enterprise_number, organisation.name
    if form.validate_on_submit():
        with form.catching_problems():
            person = queries.get_person(current_actor().person_id or 0)
            commands.dispute_claim(ctx(), claim, person=person, reason=form.reason.data)
            flash(_("The claim is disputed. A case officer settles it; both sides get a message."), "success")
            return redirect(url_for(".organisations"))
    return render("accounts/dispute_claim.html", form=form, number=number, name=name)


@bp.page("/organisations/<number>", policy=policies.SEE_ORGANISATION, load=queries.get_organisation)
def organisation(organisation: Organisation) -> Response:
    """Show an organisation, its claim and its people."""
    return _organisation_page(organisation, GrantForm())


@bp.form("/organisations/<number>/describe", policy=policies.DESCRIBE, load=queries.get_organisation)
def describe_organisation(organisation: Organisation) -> Response | BaseResponse:
    """Say where an organisation has its seat, and under which other one it stands."""
    form = DescribeForm(seat=organisation.seat_nis or "", parent_number=organisation.parent_number or "")
    form.seat.choices = town_choices(_("Not known"), ctx().now)
    number, name = organisation.enterprise_number, organisation.name
    if form.validate_on_submit():
        with form.catching_problems():
            parent = enterprise_number_digits(form.parent_number.data or "") or None
            commands.describe_organisation(ctx(), organisation, seat_nis=form.seat.data or None, parent_number=parent)
            flash(_("The organisation's seat and parent are saved."), "success")
            return redirect(url_for(".organisation", number=number))
    return render("accounts/describe_organisation.html", form=form, number=number, name=name)


@bp.action("/organisations/<number>/members", policy=policies.MANAGE, load=queries.get_organisation)
def grant_right(organisation: Organisation) -> Response | BaseResponse:
    """Give somebody a right, by address."""
    form = GrantForm()
    if form.validate():
        with form.catching_problems():
            person = queries.find_person_by_email(form.email.data)
            if person is None:
                raise RuleViolation([NOBODY])
            commands.grant_right(ctx(), organisation, person, Right(form.right.data))
            flash(_("%(name)s has that right now.", name=person.name), "success")
            return redirect(url_for(".organisation", number=organisation.enterprise_number))
    return _organisation_page(organisation, form)


def _organisation_page(organisation: Organisation, form: GrantForm) -> Response:
    return render(
        "accounts/organisation.html",
        form=form,
        organisation=organisation,
        members=queries.list_members(organisation.id),
        claim=queries.find_standing_claim(organisation.id),
        is_unreachable=bool(queries.list_unreachable([organisation.id])),
        reason_of=reason_of,
        claim_words=CLAIM.words,
        kinds=KIND_LABELS,
        rights=RIGHT_LABELS,
        seat=find_municipality(organisation.seat_nis) if organisation.seat_nis else None,
        parent=queries.find_organisation(organisation.parent_number) if organisation.parent_number else None,
    )
