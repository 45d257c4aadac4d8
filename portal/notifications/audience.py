"""Who stands behind a partnership, a programme or a round: the people who may sign for its organisations."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from portal.accounts.queries import list_leads
from portal.applications.models import Application
from portal.applications.states import State
from portal.core.db import db
from portal.notifications.notification import Recipient, to_person
from portal.partnerships.models import Partner, Partnership

CONCERNED = (State.DRAFT, State.SUBMITTED, State.RETURNED)


def leads_of_partnerships(partnership_ids: Iterable[int]) -> list[Recipient]:
    """Return who may sign for a present partner of one of these partnerships, each once."""
    stmt = sa.select(Partner.organisation_id).where(
        Partner.partnership_id.in_(list(partnership_ids)), Partner.ended_on.is_(None)
    )
    return [to_person(person) for person in list_leads(db.session.scalars(stmt))]


def leads_of_programme(programme_id: int) -> list[Recipient]:
    """Return who may sign for a partner of any partnership of the programme."""
    stmt = sa.select(Partnership.id).where(Partnership.programme_id == programme_id)
    return leads_of_partnerships(db.session.scalars(stmt))


def leads_of_round(round_id: int) -> list[Recipient]:
    """Return who may sign for a partner of any application that is a draft, submitted or returned in the round."""
    stmt = sa.select(Application.partnership_id).where(
        Application.round_id == round_id, Application.state.in_(CONCERNED)
    )
    return leads_of_partnerships(db.session.scalars(stmt))
