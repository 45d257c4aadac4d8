"""A draft of a lead partner and two core partners, each with somebody who may sign: what partners see of each other."""

from dataclasses import dataclass

from portal.accounts.models import Organisation
from portal.accounts.queries import list_leads
from portal.applications.commands.signing import sign_off
from portal.applications.dossiers import dossier_of
from portal.applications.sign_offs import digest_of, facts_of, missing_sign_offs
from portal.core.db import db
from tests.world.accounts import NOW, ctx_for, given_organisation, given_person
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


def sign_off_as(person, application, organisation_id, at=NOW):
    """Sign off on what stands now for one partner."""
    part = next(each for each in application.parts if each.organisation_id == organisation_id)
    sha256 = digest_of(facts_of(part, application.counted_lines))
    return sign_off(ctx_for(person, at), application, organisation_id, sha256)


def sign_off_all(application, at=NOW):
    """Everybody whom the call asks signs off on what stands now."""
    for part in missing_sign_offs(dossier_of(application)):
        lead = list_leads([part.organisation_id])[0]
        sign_off_as(lead, application, part.organisation_id, at)
    db.session.commit()
