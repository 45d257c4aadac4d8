"""The claim on an organisation: who first registers an enterprise number claims it; a case officer confirms."""

from __future__ import annotations

from enum import StrEnum

from portal.accounts.events import ClaimConfirmed, ClaimDisputed, ClaimRefused
from portal.core.text import Msg, _l
from portal.core.workflow import Tone, Words, Workflow, row


class ClaimState(StrEnum):
    """``claimed`` may draft and submit already; the right to bind is unconfirmed until ``confirmed``."""

    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    DISPUTED = "disputed"  # the right to bind is frozen, and both sides are told


class ClaimAction(StrEnum):
    CONFIRM = "confirm"
    REFUSE = "refuse"
    DISPUTE = "dispute"


class OrganisationKind(StrEnum):
    """The kinds of organisation that rule OV-13 counts."""

    LOCAL_GOVERNMENT = "local_government"
    OTHER_GOVERNMENT = "other_government"
    COMPANY = "company"
    KNOWLEDGE_INSTITUTION = "knowledge_institution"
    CIVIL_SOCIETY = "civil_society"


KIND_LABELS: dict[OrganisationKind, Msg] = {
    OrganisationKind.LOCAL_GOVERNMENT: _l("Local government"),
    OrganisationKind.OTHER_GOVERNMENT: _l("Other government"),
    OrganisationKind.COMPANY: _l("Company"),
    OrganisationKind.KNOWLEDGE_INSTITUTION: _l("Knowledge institution"),
    OrganisationKind.CIVIL_SOCIETY: _l("Civil society"),
}

_JUDGED = {ClaimState.CLAIMED, ClaimState.DISPUTED}

CLAIM = Workflow(
    "claim",
    ClaimState.CLAIMED,
    (
        row(ClaimAction.CONFIRM, _JUDGED, ClaimState.CONFIRMED, ClaimConfirmed, _l("Confirm claim")),
        row(ClaimAction.REFUSE, _JUDGED, ClaimState.REFUSED, ClaimRefused, _l("Refuse claim")),
        row(
            ClaimAction.DISPUTE,
            {ClaimState.CLAIMED, ClaimState.CONFIRMED},
            ClaimState.DISPUTED,
            ClaimDisputed,
            _l("Dispute claim"),
        ),
    ),
    {
        ClaimState.CLAIMED: Words(_l("To be confirmed"), _l("Not confirmed yet"), Tone.WAIT),
        ClaimState.CONFIRMED: Words(_l("Confirmed"), _l("Confirmed"), Tone.DONE),
        ClaimState.REFUSED: Words(_l("Refused"), _l("Refused"), Tone.REFUSED),
        ClaimState.DISPUTED: Words(_l("Disputed"), _l("Disputed: the right to sign is frozen"), Tone.ATTENTION),
    },
)
