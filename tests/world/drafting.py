"""A draft that is written in the browser: the application of the tests reads the machine's clock, so its round is open."""

from dataclasses import dataclass

import sqlalchemy as sa

from portal.calls.models import Round
from portal.core.db import db
from tests.world.accounts import given_organisation, given_person
from tests.world.applications import given_draft, given_round
from tests.world.partnerships import given_partnership
from tests.world.time import moment

FAR = moment("2099-01-01T12:00")


def given_open_round(closes_at=FAR, call="execution"):
    round_ = given_round(call)
    db.session.execute(sa.update(Round).where(Round.id == round_.id).values(closes_at=closes_at))
    return round_


@dataclass
class TeamDraft:
    """A draft of a lead partner and one core partner, De Brem, with somebody of each who writes."""

    reference: str
    promotor_id: int
    partner_id: int
    lead: str
    partner: str

    @property
    def path(self):
        return f"/applications/{self.reference}"


def given_team_draft(call="execution", closes_at=FAR):
    lead, partner = given_person("Eva Claes"), given_person("An Maes")
    brem = given_organisation(partner, name="De Brem")
    partnership = given_partnership(given_organisation(lead), partners=[brem])
    draft = given_draft(partnership, round_=given_open_round(call=call), person=lead)
    db.session.execute(sa.update(Round).where(Round.id == draft.round_id).values(closes_at=closes_at))
    return TeamDraft(draft.reference, draft.promotor_id, brem.id, lead.email, partner.email)


def close_round(reference):
    """Let the draft's round be closed since the summer of 2022."""
    code = reference.split("-", 1)[1].rsplit("-", 1)[0]
    closed = moment("2022-07-29T12:00")
    db.session.execute(sa.update(Round).where(Round.code == code).values(closes_at=closed))
