"""Who may see and change partnerships, invitations and strategies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.actor import Actor, Role
from portal.core.policy import Policy, role, signed_in
from portal.core.text import _l
from portal.partnerships.states import PartnerRole

if TYPE_CHECKING:
    from portal.partnerships.models import Partner, PartnerInvitation, Partnership, Strategy

WRITERS = _l("Only the lead partner's own people change this.")
SIGNERS = _l("Only somebody who may sign for the lead partner can do this.")
OFFICERS = _l("Only a case officer judges a strategy.")
_STAFF = role(Role.CASE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)
_DESK = role(Role.CASE_OFFICER, Role.AUDITOR)


def promotor_id_of(partnership: Partnership) -> int | None:
    """Return the organisation that leads the partnership now."""
    return next(
        (
            each.organisation_id
            for each in partnership.partners
            if each.role == PartnerRole.PROMOTOR and each.ended_on is None
        ),
        None,
    )


def _is_member(actor: Actor, partnership: Partnership) -> bool:
    return actor.may_read_for(each.organisation_id for each in partnership.partners if each.ended_on is None)


def _writes(actor: Actor, partnership: Partnership) -> bool:
    promotor_id = promotor_id_of(partnership)
    return promotor_id is not None and actor.may_write_for([promotor_id])


def _signs(actor: Actor, partnership: Partnership) -> bool:
    promotor_id = promotor_id_of(partnership)
    return promotor_id is not None and actor.may_bind(promotor_id)


def _sees(actor: Actor, partnership: Partnership) -> bool:
    return _is_member(actor, partnership) or _STAFF(actor, partnership)


LIST: Policy[None] = Policy("partnership.list", sees=signed_in, may=signed_in)
BEGIN: Policy[None] = Policy("partnership.begin", sees=signed_in, may=signed_in)
SEE: Policy[Partnership] = Policy("partnership.see", sees=_sees, may=signed_in)
WRITE: Policy[Partnership] = Policy("partnership.write", sees=_sees, may=_writes, who=WRITERS)
END_PARTNER: Policy[Partner] = Policy(
    "partnership.end-partner",
    sees=lambda actor, partner: _sees(actor, partner.partnership),
    may=lambda actor, partner: _writes(actor, partner.partnership),
    who=WRITERS,
)
INVITATION_ANSWER: Policy[PartnerInvitation] = Policy("invitation.answer", sees=signed_in, may=signed_in)
INVITATION_MANAGE: Policy[PartnerInvitation] = Policy(
    "invitation.manage",
    sees=lambda actor, invitation: _sees(actor, invitation.partnership),
    may=lambda actor, invitation: _writes(actor, invitation.partnership),
    who=WRITERS,
)
STRATEGY_SEE: Policy[Strategy] = Policy(
    "strategy.see",
    sees=lambda actor, strategy: _sees(actor, strategy.partnership),
    may=signed_in,
)
STRATEGY_WRITE: Policy[Strategy] = Policy(
    "strategy.write",
    sees=STRATEGY_SEE.sees,
    may=lambda actor, strategy: _writes(actor, strategy.partnership),
    who=WRITERS,
)
STRATEGY_HAND_IN: Policy[Strategy] = Policy(
    "strategy.hand-in",
    sees=STRATEGY_SEE.sees,
    may=lambda actor, strategy: _signs(actor, strategy.partnership),
    who=SIGNERS,
)
STRATEGY_DESK: Policy[None] = Policy("strategy.desk", sees=_DESK, may=_DESK)
STRATEGY_JUDGE: Policy[Strategy] = Policy(
    "strategy.judge",
    sees=STRATEGY_SEE.sees,
    may=role(Role.CASE_OFFICER),
    who=OFFICERS,
)
