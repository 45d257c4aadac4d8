"""The demo's people and organisations: who registered, claimed, and was confirmed, in the autumn of 2021."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal.accounts.commands.organisations import claim_organisation, confirm_claim, grant_right
from portal.accounts.commands.people import create_person
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import actor_of
from portal.accounts.states import OrganisationKind
from portal.core.actor import Actor, Right, system_actor
from portal.core.clock import brussels_moment
from portal.core.context import Ctx
from portal.demo import cast
from portal.demo.people import DemoMandate, DemoOrganisation, DemoPerson
from portal.demo.roster import load_roster

STAFF_BEGIN = brussels_moment(date(2021, 9, 6), 9)
FIRST_CLAIM = brussels_moment(date(2021, 9, 8), 9, 10)
NEWCOMERS = {"ruben": brussels_moment(date(2022, 6, 20), 11, 32), "yannick": brussels_moment(date(2022, 6, 17), 16, 4)}
EVIDENCE = "Aanstellingsbesluit, bekendgemaakt in de bijlagen bij het Belgisch Staatsblad."
CONFIRMED = "De aanstelling is nagekeken in de Kruispuntbank van Ondernemingen."


@dataclass(slots=True)
class Crowd:
    """Everybody and every organisation of the world, by key."""

    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    lead_of: dict[str, str] = field(default_factory=dict)  # organisation → the person who claimed it
    lead_by_id: dict[int, str] = field(default_factory=dict)  # the same by the organisation's id
    staff_by_id: dict[int, str] = field(default_factory=dict)  # organisation → somebody who writes for it
    actors: dict[str, Actor] = field(default_factory=dict)  # filled once nobody's rights change any more

    def ctx(self, person: str, at: datetime) -> Ctx:
        """Return the context of a request by this person of the world, arrived at ``at``."""
        return Ctx(at, self.actors.get(person) or actor_of(self.people[person]))


def load_people() -> Crowd:
    """Register everybody, claim and confirm the organisations, and grant the rights of the roster."""
    roster, crowd = load_roster(), Crowd()
    everybody = cast.STAFF + cast.REVIEWERS + cast.APPLICANTS + roster.people
    kinds = {each.key: each for each in cast.ORGANISATIONS + roster.organisations}
    for serial, each in enumerate(everybody):
        at = NEWCOMERS.get(each.key) or _registered_at(each, serial)
        crowd.people[each.key] = _register(each, at)
    at = FIRST_CLAIM
    for each, mandate in _mandates(everybody, leads=True):
        _grant_lead(crowd, kinds[mandate.organisation], each, mandate, NEWCOMERS.get(each.key) or at)
        at += timedelta(minutes=37)
    for each, mandate in _mandates(everybody, leads=False):
        claimant = crowd.ctx(crowd.lead_of[mandate.organisation], at)
        organisation = crowd.organisations[mandate.organisation]
        grant_right(claimant, organisation, crowd.people[each.key], mandate.right)
        if mandate.right is Right.STAFF:
            crowd.staff_by_id[organisation.id] = each.key
        at += timedelta(minutes=11)
    crowd.actors = {key: actor_of(person) for key, person in crowd.people.items()}
    return crowd


def _registered_at(person: DemoPerson, serial: int) -> datetime:
    return STAFF_BEGIN + timedelta(minutes=(1 if person.roles else 20) * serial)


def _register(person: DemoPerson, at: datetime) -> Person:
    return create_person(
        Ctx(at, system_actor("cli")),
        email=person.email,
        name=person.name,
        language=person.language,
        roles=person.roles,
        is_confirmed=True,
    )


def _mandates(people: Iterable[DemoPerson], *, leads: bool) -> list[tuple[DemoPerson, DemoMandate]]:
    return [(each, one) for each in people for one in each.mandates if (one.right is Right.LEAD) is leads]


def _grant_lead(
    crowd: Crowd, organisation: DemoOrganisation, person: DemoPerson, mandate: DemoMandate, at: datetime
) -> None:
    """Let the first lead claim the organisation, confirmed the next day; the claimant grants the others their right."""
    if organisation.key in crowd.organisations:
        claimant = crowd.ctx(crowd.lead_of[organisation.key], at)
        grant_right(claimant, crowd.organisations[organisation.key], crowd.people[person.key], Right.LEAD)
        return
    claim = claim_organisation(
        crowd.ctx(person.key, at),
        person=crowd.people[person.key],
        enterprise_number=organisation.enterprise_number,
        name=organisation.name,
        kind=OrganisationKind(organisation.kind),
        evidence=EVIDENCE,
        seat_nis=organisation.nis,
    )
    crowd.organisations[organisation.key] = claim.organisation
    crowd.lead_of[organisation.key] = crowd.lead_by_id[claim.organisation.id] = person.key
    if mandate.is_confirmed:
        confirm_claim(crowd.ctx("mieke", at + timedelta(days=1)), claim, CONFIRMED)
