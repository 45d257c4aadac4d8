"""Invitations and strategies: two small workflows."""

from __future__ import annotations

from enum import StrEnum

from portal.core.text import Msg, _l
from portal.core.workflow import Tone, Words, Workflow, row
from portal.partnerships.events import (
    InvitationAccepted,
    InvitationDeclined,
    InvitationWithdrawn,
    StrategyHandedIn,
    StrategyLapsed,
    StrategyRecognised,
    StrategyRefused,
    StrategyReturned,
)


class PartnerRole(StrEnum):
    """A core partner carries part of the work and may receive funds; a network partner receives none."""

    PROMOTOR = "promotor"
    CORE = "core"
    NETWORK = "network"


class InvitationState(StrEnum):
    """An expired invitation is computed, not stored."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class StrategyOrigin(StrEnum):
    """Where a strategy came from."""

    AWARD = "award"  # the result of an awarded formation phase
    REGISTERED = "registered"  # an existing partnership shows its own, with evidence


class StrategyState(StrEnum):
    """An execution application may be submitted from ``submitted`` on; OV-15 is met by ``recognised`` alone."""

    BEING_FORMED = "being_formed"
    SUBMITTED = "submitted"
    RECOGNISED = "recognised"
    RETURNED = "returned"
    REFUSED = "refused"
    LAPSED = "lapsed"


class InvitationAction(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


class StrategyAction(StrEnum):
    HAND_IN = "hand_in"
    RECOGNISE = "recognise"
    RETURN = "return"
    REFUSE = "refuse"
    LAPSE = "lapse"


ROLE_LABELS: dict[PartnerRole, Msg] = {
    PartnerRole.PROMOTOR: _l("Lead partner"),
    PartnerRole.CORE: _l("Core partner"),
    PartnerRole.NETWORK: _l("Network partner"),
}

INVITATION = Workflow(
    "invitation",
    InvitationState.SENT,
    (
        row(
            InvitationAction.ACCEPT,
            {InvitationState.SENT},
            InvitationState.ACCEPTED,
            InvitationAccepted,
            _l("Accept invitation"),
        ),
        row(
            InvitationAction.DECLINE,
            {InvitationState.SENT},
            InvitationState.DECLINED,
            InvitationDeclined,
            _l("Decline invitation"),
        ),
        row(
            InvitationAction.WITHDRAW,
            {InvitationState.SENT},
            InvitationState.WITHDRAWN,
            InvitationWithdrawn,
            _l("Withdraw invitation"),
        ),
    ),
    {
        InvitationState.SENT: Words(_l("Waits for an answer"), _l("Waits for an answer"), Tone.WAIT),
        InvitationState.ACCEPTED: Words(_l("Accepted"), _l("Accepted"), Tone.DONE),
        InvitationState.DECLINED: Words(_l("Declined"), _l("Declined"), Tone.REFUSED),
        InvitationState.WITHDRAWN: Words(_l("Withdrawn"), _l("Withdrawn"), Tone.NONE),
    },
)

_OPEN = {StrategyState.BEING_FORMED, StrategyState.RETURNED}

STRATEGY = Workflow(
    "strategy",
    StrategyState.BEING_FORMED,
    (
        row(StrategyAction.HAND_IN, _OPEN, StrategyState.SUBMITTED, StrategyHandedIn, _l("Hand in strategy")),
        row(
            StrategyAction.RECOGNISE,
            {StrategyState.SUBMITTED},
            StrategyState.RECOGNISED,
            StrategyRecognised,
            _l("Recognise strategy"),
        ),
        row(
            StrategyAction.RETURN,
            {StrategyState.SUBMITTED},
            StrategyState.RETURNED,
            StrategyReturned,
            _l("Return strategy"),
        ),
        row(
            StrategyAction.REFUSE,
            {StrategyState.SUBMITTED},
            StrategyState.REFUSED,
            StrategyRefused,
            _l("Refuse strategy"),
        ),
        row(
            StrategyAction.LAPSE,
            _OPEN | {StrategyState.SUBMITTED, StrategyState.RECOGNISED},
            StrategyState.LAPSED,
            StrategyLapsed,
            _l("Let strategy lapse"),
        ),
    ),
    {
        StrategyState.BEING_FORMED: Words(_l("Being formed"), _l("Being formed"), Tone.PROGRESS),
        StrategyState.SUBMITTED: Words(_l("To be judged"), _l("Handed in"), Tone.WAIT),
        StrategyState.RECOGNISED: Words(_l("Recognised"), _l("Recognised"), Tone.APPROVED),
        StrategyState.RETURNED: Words(_l("Returned"), _l("Returned to you"), Tone.ATTENTION),
        StrategyState.REFUSED: Words(_l("Refused"), _l("Refused"), Tone.REFUSED),
        StrategyState.LAPSED: Words(_l("Lapsed"), _l("Lapsed"), Tone.NONE),
    },
)
