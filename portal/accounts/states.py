"""The claim on an organisation: who first registers an enterprise number claims it; a case officer confirms."""

from __future__ import annotations

from enum import StrEnum


class ClaimState(StrEnum):
    """``claimed`` may draft and submit already; the right to bind is unconfirmed until ``confirmed``."""

    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    DISPUTED = "disputed"  # the right to bind is frozen, and both sides are told


class OrganisationKind(StrEnum):
    """The kinds of organisation that rule OV-13 counts."""

    LOCAL_GOVERNMENT = "local_government"
    OTHER_GOVERNMENT = "other_government"
    COMPANY = "company"
    KNOWLEDGE_INSTITUTION = "knowledge_institution"
    CIVIL_SOCIETY = "civil_society"
