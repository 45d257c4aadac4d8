"""Claiming an organisation, disputing and judging a claim, and granting rights in it."""

from __future__ import annotations

from portal.accounts.events import OrganisationClaimed, OrganisationDescribed, RightEnded, RightGranted
from portal.accounts.models import Claim, Membership, Organisation, Person
from portal.accounts.queries import (
    count_other_leads,
    find_membership,
    find_organisation,
    find_standing_claim,
    list_members,
)
from portal.accounts.rules import (
    problems_with_disputing,
    problems_with_enterprise_number,
    problems_with_leaving,
    problems_with_parent,
)
from portal.accounts.states import ClaimAction, ClaimState, OrganisationKind
from portal.core.actor import Right
from portal.core.advance import advance
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound, Problem, RuleViolation, explain_constraint, refuse_if
from portal.core.event_log import record
from portal.core.files import StoredFile
from portal.core.text import _l
from portal.places.queries import find_municipality

CLAIMED_ALREADY = _l(
    "Somebody represents this organisation here already. Ask them for access, or dispute their claim below."
)
explain_constraint("uq_organisation_enterprise_number", "organisation-claimed", CLAIMED_ALREADY, "enterprise_number")


def claim_organisation(
    ctx: Ctx,
    *,
    person: Person,
    enterprise_number: str,
    name: str,
    kind: OrganisationKind,
    evidence: str,
    file: StoredFile | None = None,
    seat_nis: str | None = None,
) -> Claim:
    """Register an organisation and claim the right to bind it; a case officer confirms the claim later.

    Raises RuleViolation for a number that is no enterprise number, and for one that somebody claimed before.
    """
    refuse_if(problems_with_enterprise_number(enterprise_number))
    known = find_organisation(enterprise_number)
    if known is not None and find_standing_claim(known.id) is not None:
        raise RuleViolation([Problem("organisation-claimed", CLAIMED_ALREADY, "enterprise_number")])
    organisation = known or Organisation(enterprise_number=enterprise_number, registered_at=ctx.now)
    organisation.seat_nis = seat_nis or organisation.seat_nis
    organisation.name, organisation.kind = name, kind  # after a refused claim it is the new claimant who knows
    db.session.add(organisation)
    db.session.flush()
    claim = Claim(
        organisation_id=organisation.id,
        person_id=person.id,
        state=ClaimState.CLAIMED,
        claimed_at=ctx.now,
        evidence=evidence,
        evidence_file_id=file.id if file else None,
    )
    claim.organisation, claim.person = organisation, person
    db.session.add(claim)
    grant_right(ctx, organisation, person, Right.LEAD)
    record(ctx, OrganisationClaimed(claim_id=claim.id, organisation_id=organisation.id))
    return claim


def describe_organisation(
    ctx: Ctx, organisation: Organisation, *, seat_nis: str | None, parent_number: str | None
) -> None:
    """Say where the organisation has its seat, and the enterprise number it stands under (ten digits); None: not known.

    RuleViolation for a municipality nobody knows, and for a number that is none, or its own.
    """
    if parent_number is not None:
        refuse_if(problems_with_parent(parent_number, organisation.enterprise_number))
    if seat_nis is not None and find_municipality(seat_nis) is None:
        raise RuleViolation([Problem("municipality-unknown", _l("Choose a municipality from the list."), "seat")])
    if (seat_nis, parent_number) == (organisation.seat_nis, organisation.parent_number):
        return
    organisation.seat_nis, organisation.parent_number = seat_nis, parent_number
    record(ctx, OrganisationDescribed(organisation_id=organisation.id))


def dispute_claim(ctx: Ctx, claim: Claim, *, person: Person, reason: str) -> None:
    """Dispute a claim: the right to bind is frozen until a case officer settles it, and both sides are told.

    RuleViolation ``dispute-settled`` for somebody whose dispute of this claim was settled before: else one person
    could keep an organisation from signing for ever.
    """
    refuse_if(problems_with_disputing(claim, person.id))
    claim.disputed_by_id, claim.dispute_reason = person.id, reason
    claim.organisation.frozen_at = ctx.now
    advance(ctx, claim, ClaimAction.DISPUTE, organisation_id=claim.organisation_id)


def confirm_claim(ctx: Ctx, claim: Claim, reason: str) -> None:
    """Confirm that the claimant may bind the organisation; a dispute about it is settled."""
    claim.judged_by_id, claim.judgement = ctx.actor.person_id, reason
    claim.organisation.confirmed_at, claim.organisation.frozen_at = ctx.now, None
    advance(ctx, claim, ClaimAction.CONFIRM, organisation_id=claim.organisation_id)


def refuse_claim(ctx: Ctx, claim: Claim, reason: str) -> None:
    """Refuse the claim: every right that came from it ends, and the organisation can be claimed again."""
    claim.judged_by_id, claim.judgement = ctx.actor.person_id, reason
    claim.organisation.confirmed_at, claim.organisation.frozen_at = None, None
    for membership in list_members(claim.organisation_id):
        _end(ctx, membership)
    advance(ctx, claim, ClaimAction.REFUSE, organisation_id=claim.organisation_id)


def grant_right(ctx: Ctx, organisation: Organisation, person: Person, right: Right) -> Membership:
    """Grant ``right``; somebody who has another right in the organisation has this one from now on."""
    present = find_membership(organisation.id, person.id)
    if present is not None:
        if present.right is right:
            return present
        end_membership(ctx, present)
    membership = Membership(
        organisation_id=organisation.id,
        person_id=person.id,
        right=right,
        granted_by_id=ctx.actor.person_id,
        started_at=ctx.now,
    )
    db.session.add(membership)
    db.session.flush()
    record(
        ctx,
        RightGranted(
            membership_id=membership.id, organisation_id=organisation.id, person_id=person.id, right=str(right)
        ),
    )
    return membership


def end_membership(ctx: Ctx, membership: Membership) -> None:
    """End a right; RuleViolation where it is the last one that may bind the organisation."""
    if membership.ended_at is not None:
        raise NotFound
    refuse_if(problems_with_leaving(count_other_leads(membership), is_lead=membership.right == Right.LEAD))
    _end(ctx, membership)


def _end(ctx: Ctx, membership: Membership) -> None:
    membership.ended_at = ctx.now
    record(
        ctx,
        RightEnded(
            membership_id=membership.id,
            organisation_id=membership.organisation_id,
            person_id=membership.person_id,
            right=str(membership.right),
        ),
    )
