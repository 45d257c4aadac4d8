"""Invitations and strategies: two small workflows."""

from __future__ import annotations

from enum import StrEnum


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
