"""Who may see and change accounts, organisations, claims and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.actor import Actor, Right, Role
from portal.core.policy import Policy, all_of, any_of, anyone, not_, role, signed_in
from portal.core.text import _l

if TYPE_CHECKING:
    from portal.accounts.models import Claim, Membership, Organisation, Person


def _belongs(actor: Actor, organisation: Organisation) -> bool:
    return actor.mandate_in(organisation.id) is not None


def _leads(actor: Actor, organisation: Organisation) -> bool:
    mandate = actor.mandate_in(organisation.id)
    return mandate is not None and mandate.right is Right.LEAD


SIGN_IN: Policy[None] = Policy("account.sign-in", sees=anyone, may=anyone, is_public=True)
OWN: Policy[None] = Policy("account.own", sees=signed_in, may=signed_in)

_AUDITS = role(Role.AUDITOR)
CLAIM: Policy[None] = Policy(
    "organisation.claim",
    sees=signed_in,
    may=all_of(signed_in, not_(_AUDITS)),
    who=_l("An auditor reads everything and changes nothing: not for an organisation either."),
)
SEE_ORGANISATION: Policy[Organisation] = Policy(
    "organisation.see",
    sees=any_of(_belongs, role(Role.CASE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)),
    may=signed_in,
)
MANAGE: Policy[Organisation] = Policy(
    "organisation.manage",
    sees=any_of(_belongs, role(Role.CASE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)),
    may=_leads,
    who=_l("Only somebody who may sign for this organisation grants and takes rights."),
)
DESCRIBE: Policy[Organisation] = Policy(
    "organisation.describe",
    sees=any_of(_belongs, role(Role.CASE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)),
    may=any_of(_leads, role(Role.CASE_OFFICER)),
    who=_l("Only somebody who may sign for this organisation, or a case officer, changes this."),
)


def _is_another(actor: Actor, claim: Claim) -> bool:
    return claim.person_id != actor.person_id


DISPUTE: Policy[Claim] = Policy(
    "organisation.dispute",
    sees=signed_in,
    may=all_of(signed_in, _is_another, not_(_AUDITS)),
    who=_l("Somebody else than the claimant disputes a claim."),
)


def _own_or_led(actor: Actor, membership: Membership) -> bool:
    return membership.person_id == actor.person_id or _leads(actor, membership.organisation)


END_RIGHT: Policy[Membership] = Policy(
    "membership.end",
    sees=lambda actor, membership: SEE_ORGANISATION.sees(actor, membership.organisation),
    may=_own_or_led,
    who=_l("Only somebody who may sign for this organisation grants and takes rights."),
)

READ_CLAIMS: Policy[None] = Policy(
    "claim.read", sees=role(Role.CASE_OFFICER, Role.AUDITOR), may=role(Role.CASE_OFFICER, Role.AUDITOR)
)
SEE_CLAIM: Policy[Claim] = Policy(
    "claim.see", sees=role(Role.CASE_OFFICER, Role.AUDITOR), may=role(Role.CASE_OFFICER, Role.AUDITOR)
)


def _judges(actor: Actor, claim: Claim) -> bool:
    is_party = actor.person_id in (claim.person_id, claim.disputed_by_id)
    return actor.has(Role.CASE_OFFICER) and not is_party and actor.mandate_in(claim.organisation_id) is None


JUDGE_CLAIM: Policy[Claim] = Policy(
    "claim.judge",
    sees=role(Role.CASE_OFFICER, Role.AUDITOR),
    may=_judges,
    who=_l("Only a case officer who has no part in it judges a claim."),
)

READ_PEOPLE: Policy[None] = Policy(
    "person.read-all", sees=role(Role.ADMINISTRATOR, Role.AUDITOR), may=role(Role.ADMINISTRATOR, Role.AUDITOR)
)


def _another(actor: Actor, person: Person) -> bool:
    return actor.has(Role.ADMINISTRATOR) and actor.person_id != person.id


GRANT_ROLES: Policy[Person] = Policy(
    "person.grant-roles",
    sees=role(Role.ADMINISTRATOR, Role.AUDITOR),
    may=_another,
    who=_l("Another administrator changes your roles: nobody changes their own."),
)
CORRECT_ADDRESS: Policy[Person] = Policy(
    "person.correct-address",
    sees=role(Role.ADMINISTRATOR, Role.AUDITOR),
    may=_another,
    who=_l("Only an administrator gives another address for somebody else’s account."),
)
