"""Who stands behind a partnership, a programme or a round: the people who may sign for its organisations."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from portal.accounts.models import Membership, Organisation
from portal.accounts.queries import list_leads
from portal.applications.models import Application
from portal.applications.states import State
from portal.core.actor import Right
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


def leaderless_of(partnership_ids: Iterable[int]) -> list[str]:
    """Return the names of present partners of these partnerships for which nobody may sign."""
    signs = sa.exists().where(
        Membership.organisation_id == Organisation.id, Membership.right == Right.LEAD, Membership.ended_at.is_(None)
    )
    stmt = (
        sa.select(Organisation.name)
        .join(Partner, Partner.organisation_id == Organisation.id)
        .where(Partner.partnership_id.in_(list(partnership_ids)), Partner.ended_on.is_(None), ~signs)
    )
    return list(db.session.scalars(stmt.distinct().order_by(Organisation.name)))


def partnerships_of_round(round_id: int, states: Iterable[State] = CONCERNED) -> list[int]:
    """Return the partnerships with an application in one of ``states`` in the round."""
    stmt = sa.select(Application.partnership_id).where(
        Application.round_id == round_id, Application.state.in_(list(states))
    )
    return list(db.session.scalars(stmt.distinct()))


def partnerships_of_programme(programme_id: int) -> list[int]:
    """Return the partnerships of the programme."""
    return list(db.session.scalars(sa.select(Partnership.id).where(Partnership.programme_id == programme_id)))


def leads_of_programme(programme_id: int) -> list[Recipient]:
    """Return who may sign for a partner of any partnership of the programme."""
    return leads_of_partnerships(partnerships_of_programme(programme_id))


def leads_of_round(round_id: int) -> list[Recipient]:
    """Return who may sign for a partner of any application that is a draft, submitted or returned in the round."""
    return leads_of_partnerships(partnerships_of_round(round_id))
