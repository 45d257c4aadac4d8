"""What happened to partnerships, their invitations, and their strategies."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True)
class PartnershipBegun(Event, topic="partnership.begun"):
    partnership_id: int


@dataclass(frozen=True)
class PartnerInvited(Event, topic="invitation.sent"):
    invitation_id: int
    partnership_id: int


@dataclass(frozen=True)
class InvitationAccepted(Event, topic="invitation.accepted"):
    invitation_id: int
    partnership_id: int
    organisation_id: int


@dataclass(frozen=True)
class InvitationDeclined(Event, topic="invitation.declined"):
    invitation_id: int
    partnership_id: int


@dataclass(frozen=True)
class InvitationWithdrawn(Event, topic="invitation.withdrawn"):
    invitation_id: int
    partnership_id: int


@dataclass(frozen=True)
class PartnerJoined(Event, topic="partner.joined"):
    partner_id: int
    partnership_id: int
    organisation_id: int


@dataclass(frozen=True)
class PartnerLeft(Event, topic="partner.left"):
    partner_id: int
    partnership_id: int
    organisation_id: int


@dataclass(frozen=True)
class PromotorChanged(Event, topic="partnership.promotor-changed"):
    """``organisation_id`` leads from now on; who led before goes on as a core partner."""

    partnership_id: int
    organisation_id: int


@dataclass(frozen=True)
class StrategyBegun(Event, topic="strategy.begun"):
    strategy_id: int
    partnership_id: int


@dataclass(frozen=True)
class StrategyHandedIn(Event, topic="strategy.submitted"):
    strategy_id: int
    partnership_id: int


@dataclass(frozen=True)
class StrategyRecognised(Event, topic="strategy.recognised"):
    strategy_id: int
    partnership_id: int


@dataclass(frozen=True)
class StrategyReturned(Event, topic="strategy.returned"):
    strategy_id: int
    partnership_id: int


@dataclass(frozen=True)
class StrategyRefused(Event, topic="strategy.refused"):
    strategy_id: int
    partnership_id: int


@dataclass(frozen=True)
class StrategyLapsed(Event, topic="strategy.lapsed"):
    strategy_id: int
    partnership_id: int
