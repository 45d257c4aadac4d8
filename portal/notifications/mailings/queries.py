"""Mailings, and whom they are for."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.applications.states import State
from portal.calls.models import Programme, Round
from portal.core.db import db, get_one
from portal.core.event_log import EventRow
from portal.core.paging import Page, page
from portal.notifications.audience import leads_of_partnerships, partnerships_of_programme, partnerships_of_round
from portal.notifications.mailings.models import Mailing
from portal.notifications.mailings.states import Audience, MailingState
from portal.notifications.notification import Recipient, to_person
from portal.reviewing.models import Review
from portal.reviewing.states import COUNTED, UNDER_WAY, ReviewState

HANDED_IN = tuple(each for each in State if each not in (State.DRAFT, State.WITHDRAWN))
REVIEWING = (ReviewState.INVITED, *UNDER_WAY, *COUNTED)


def _whole() -> sa.Select[Mailing]:
    return sa.select(Mailing).options(
        joinedload(Mailing.round), joinedload(Mailing.programme), joinedload(Mailing.drafted_by)
    )


def get_mailing(number: int, *, lock: bool = False) -> Mailing:
    """Return a mailing with what it is for; NotFound where there is none such."""
    return get_one(_whole().where(Mailing.id == number), lock=lock)


def page_mailings(cursor: str | None) -> Page[Mailing]:
    """Return one page of mailings, the newest first."""
    return page(_whole(), by=[(Mailing.id.expression, True)], key=lambda each: [each.id], cursor=cursor, size=20)


def lock_due(at: datetime) -> list[Mailing]:
    """Return the scheduled mailings whose moment has come, locked; those that another beat holds are passed over."""
    stmt = (
        sa.select(Mailing)
        .where(Mailing.state == MailingState.SCHEDULED, Mailing.send_at <= at)
        .order_by(Mailing.send_at, Mailing.id)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(stmt))


def released_by(mailing: Mailing) -> int | None:
    """Return the event with which the mailing left, or None."""
    stmt = sa.select(EventRow.id).where(
        EventRow.subject == "mailing", EventRow.subject_id == mailing.id, EventRow.topic == "mailing.released"
    )
    return db.session.scalar(stmt)


def partnerships_for(mailing: Mailing) -> list[int]:
    """Return the partnerships whose leads a mailing is for; none where it is for reviewers."""
    if mailing.audience is Audience.PROGRAMME:
        return partnerships_of_programme(mailing.programme_id or 0)
    states = {Audience.DRAFTS: (State.DRAFT,), Audience.SUBMITTED: HANDED_IN}.get(mailing.audience)
    return partnerships_of_round(mailing.round_id or 0, states) if states else []


def audience_of(mailing: Mailing) -> list[Recipient]:
    """Return whom a mailing is for, at this moment, each once."""
    if mailing.audience is not Audience.REVIEWERS:
        return leads_of_partnerships(partnerships_for(mailing))
    asked = sa.select(Review.reviewer_id).where(Review.round_id == mailing.round_id, Review.state.in_(REVIEWING))
    return [
        to_person(each)
        for each in db.session.scalars(sa.select(Person).where(Person.id.in_(asked)).order_by(Person.id))
    ]


def list_targets() -> tuple[list[str], list[str]]:
    """Return the codes of all rounds, the newest first, and of all programmes."""
    rounds = db.session.scalars(sa.select(Round.code).order_by(Round.opens_at.desc()))
    return list(rounds), list(db.session.scalars(sa.select(Programme.code).order_by(Programme.code)))


def find_targets(audience: Audience, round_code: str, programme_code: str) -> tuple[Round | None, Programme | None]:
    """Return the round or the programme that a mailing to ``audience`` is about; the other is None."""
    if audience is Audience.PROGRAMME:
        return None, db.session.scalar(sa.select(Programme).where(Programme.code == programme_code))
    return db.session.scalar(sa.select(Round).where(Round.code == round_code)), None
