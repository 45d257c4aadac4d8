"""What happened to people, organisations and the rights between them."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True)
class PersonRegistered(Event, topic="person.registered"):
    person_id: int


@dataclass(frozen=True)
class ConfirmationRequested(Event, topic="person.confirmation-requested"):
    person_id: int


@dataclass(frozen=True)
class EmailConfirmed(Event, topic="person.email-confirmed"):
    person_id: int


@dataclass(frozen=True)
class PasswordResetRequested(Event, topic="person.password-reset-requested"):
    person_id: int


@dataclass(frozen=True)
class PasswordChanged(Event, topic="person.password-changed"):
    person_id: int


@dataclass(frozen=True)
class SignedIn(Event, topic="person.signed-in"):
    person_id: int
    sign_in_id: int


@dataclass(frozen=True)
class SignInFailed(Event, topic="person.sign-in-failed"):
    person_id: int


@dataclass(frozen=True)
class SignedOutEverywhere(Event, topic="person.signed-out-everywhere"):
    person_id: int


@dataclass(frozen=True)
class PersonUnreachable(Event, topic="person.unreachable"):
    """Messages to the person's address come back; ``code`` is the status that said so first."""

    person_id: int
    code: str


@dataclass(frozen=True)
class PersonReachable(Event, topic="person.reachable"):
    person_id: int


@dataclass(frozen=True)
class AddressChangeAsked(Event, topic="person.address-change-asked"):
    person_id: int


@dataclass(frozen=True)
class AddressChanged(Event, topic="person.address-changed"):
    person_id: int


@dataclass(frozen=True)
class RoleGranted(Event, topic="person.role-granted"):
    person_id: int
    role: str


@dataclass(frozen=True)
class RoleTaken(Event, topic="person.role-taken"):
    person_id: int
    role: str


@dataclass(frozen=True)
class OrganisationClaimed(Event, topic="claim.claimed"):
    claim_id: int
    organisation_id: int


@dataclass(frozen=True)
class OrganisationDescribed(Event, topic="organisation.described"):
    """Its seat, or the organisation it stands under, changed: conflicts of interest look at both."""

    organisation_id: int


@dataclass(frozen=True)
class ClaimConfirmed(Event, topic="claim.confirmed"):
    claim_id: int
    organisation_id: int


@dataclass(frozen=True)
class ClaimRefused(Event, topic="claim.refused"):
    claim_id: int
    organisation_id: int


@dataclass(frozen=True)
class ClaimDisputed(Event, topic="claim.disputed"):
    claim_id: int
    organisation_id: int


@dataclass(frozen=True)
class RightGranted(Event, topic="membership.granted"):
    membership_id: int
    organisation_id: int
    person_id: int
    right: str


@dataclass(frozen=True)
class RightEnded(Event, topic="membership.ended"):
    membership_id: int
    organisation_id: int
    person_id: int
    right: str


@dataclass(frozen=True)
class CalendarAddressMade(Event, topic="person.calendar-address-made"):
    """A secret address of one's own calendar was made; an earlier one works no more."""

    person_id: int


@dataclass(frozen=True)
class CalendarAddressWithdrawn(Event, topic="person.calendar-address-withdrawn"):
    person_id: int
