"""A draft of a lead partner and two core partners, each with somebody who may sign: what partners see of each other."""

from dataclasses import dataclass

from portal.accounts.models import Organisation
from portal.core.db import db
from tests.world.accounts import given_organisation, given_person
from tests.world.applications import given_draft
from tests.world.drafting import FAR, given_open_round
from tests.world.partnerships import given_partnership


@dataclass
class Side:
    """One organisation and somebody who may sign for it."""

    organisation_id: int
    name: str
    person: object

    @property
    def email(self):
        return self.person.email


@dataclass
class PartnersDraft:
    reference: str
    promotor: Side
    brem: Side
    lus: Side

    @property
    def path(self):
        return f"/applications/{self.reference}"


def _side(person_name, name):
    person = given_person(person_name)
    return Side(given_organisation(person, name=name).id, name, person)


def given_partners_draft(call="execution", closes_at=FAR):
    sides = (
        _side("Eva Claes", "Streekvereniging Noordheide"),
        _side("An Maes", "De Brem"),
        _side("Tom Jacobs", "De Lus"),
    )
    promotor, brem, lus = (db.session.get(Organisation, each.organisation_id) for each in sides)
    draft = given_draft(
        given_partnership(promotor, partners=[brem, lus]),
        round_=given_open_round(closes_at=closes_at, call=call),
        person=sides[0].person,
    )
    return PartnersDraft(draft.reference, *sides)
