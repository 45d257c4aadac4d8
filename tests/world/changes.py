"""An application of three partners that was handed in, its round closed: what a change of partners is asked of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.accounts.models import Organisation
from portal.accounts.states import OrganisationKind
from portal.applications.commands.submit import submit_application
from portal.applications.models import BudgetLine, PartnerPart
from portal.applications.queries import get_application
from portal.applications.states import VatStatus
from portal.core.actor import Role
from portal.core.db import db
from portal.partnerships.models import Partner
from portal.partnerships.states import PartnerRole
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications_models import ACCEPTED, documents_of, given_complete_draft
from tests.world.partners import Side, sign_off_as

AFTER = "2022-08-02T10:00"  # the round closed on 29 July
REASON = "De vereniging stopt eind dit jaar met haar werking."


@dataclass
class HandedIn:
    """The promotor, the core partner De Brem with a quarter of the costs, the network partner De Lus; an officer."""

    reference: str
    promotor: Side
    brem: Side
    lus: Side
    officer: object

    @property
    def application(self):
        return get_application(self.reference)

    @property
    def path(self):
        return f"/applications/{self.reference}/requests"

    def page_of(self, change):
        return f"/desk/dossiers/{self.reference}/requests/{change}"


def _side(person_name, name, kind):
    person = given_person(person_name)
    organisation = given_organisation(person, name=name, kind=kind)
    return Side(organisation.id, name, person), organisation


def given_handed_in(round_=None):
    lead, promotor = _side("Eva Claes", "Streekvereniging Noordheide", OrganisationKind.OTHER_GOVERNMENT)
    brem, core = _side("An Maes", "De Brem", OrganisationKind.CIVIL_SOCIETY)
    lus, network = _side("Tom Jacobs", "De Lus", OrganisationKind.LOCAL_GOVERNMENT)
    draft = given_complete_draft(promotor, costs="300000.00", round_=round_)
    _join(draft, core, PartnerRole.CORE, costs="100000.00")
    _join(draft, network, PartnerRole.NETWORK)
    db.session.commit()
    application = get_application(draft.reference)
    sign_off_as(brem.person, application, brem.organisation_id)
    submit_application(ctx_for(lead.person), application, accepted=ACCEPTED)
    db.session.commit()
    officer = given_person("Nele Peeters", roles=[Role.CASE_OFFICER])
    return HandedIn(application.reference, lead, brem, lus, officer)


def _join(draft, organisation: Organisation, role, costs=None):
    number, is_funded = organisation.id, costs is not None
    draft.partnership.partners.append(Partner(organisation=organisation, role=role, started_on=date(2022, 6, 1)))
    draft.parts.append(
        PartnerPart(
            organisation_id=number,
            role=str(role),
            task="Leert mensen werken met een computer.",
            receives_funds=is_funded,
            vat_status=VatStatus.LIABLE if is_funded else None,
            earlier_aid_amount=Decimal("0.00"),
        )
    )
    if costs is None:
        return
    draft.lines.append(
        BudgetLine(
            organisation_id=number,
            category="staff",
            year=2023,
            quantity=Decimal(1),
            unit_price_amount=Decimal(costs),
            explanation="Een digihelper, 0,8 voltijds, twee jaar lang.",
        )
    )
    draft.attachments.extend(each for each in documents_of(number) if each.organisation_id == number)
