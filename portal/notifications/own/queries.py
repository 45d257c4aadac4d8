"""What one person chose, and reads in the portal."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from portal.core.db import db, get_one
from portal.core.paging import Page, page
from portal.notifications.categories import Category, Choice
from portal.notifications.models import Delivery, DeliveryState, MailChoice

DIGEST = "daily-digest"  # its lines stand in the portal one by one, so that it does not
MOST_COUNTED = 100


def choices_of(person_ids: Collection[int]) -> dict[tuple[int, Category], Choice]:
    """Return what these people chose by person and category; what is not there comes by mail at once."""
    stmt = sa.select(MailChoice.person_id, MailChoice.category, MailChoice.choice)
    found = db.session.execute(stmt.where(MailChoice.person_id.in_(list(person_ids))))
    return {(person_id, category): choice for person_id, category, choice in found}


def list_choices(person_id: int) -> list[MailChoice]:
    """Return what one person chose, in the order of their categories."""
    stmt = sa.select(MailChoice).where(MailChoice.person_id == person_id).order_by(MailChoice.category)
    return list(db.session.scalars(stmt))


def list_digested(event_id: int) -> list[Delivery]:
    """Return what the digest of this event takes along and nobody held back since, the oldest first."""
    stmt = sa.select(Delivery).where(Delivery.digest_id == event_id, Delivery.state != DeliveryState.CANCELLED)
    return list(db.session.scalars(stmt.order_by(Delivery.id)))


def own(person_id: int | sa.BindParameter[int]) -> tuple[sa.ColumnElement[bool], ...]:
    """Return what makes a delivery one that its person reads in the portal: whatever state, unless it was held back."""
    return (
        Delivery.person_id == person_id,
        Delivery.state != DeliveryState.CANCELLED,
        Delivery.notification != DIGEST,
    )


# Written once: the head of every page asks it.
_UNREAD = sa.select(sa.func.count()).select_from(
    sa.select(Delivery.id)
    .where(*own(sa.bindparam("person_id")), Delivery.read_at.is_(None))
    .limit(MOST_COUNTED)
    .subquery()
)


def count_unread(person_id: int) -> int:
    """Return how many messages the person has not read, ``MOST_COUNTED`` at most: what the head of every page shows."""
    return db.session.scalar(_UNREAD, {"person_id": person_id}) or 0


def page_own(
    person_id: int, cursor: str | None, *, names: Collection[str] | None = None, only_unread: bool = False
) -> Page[Delivery]:
    """Return the person's messages, the newest first; ``names``: of these notifications alone."""
    stmt = sa.select(Delivery).where(*own(person_id))
    if names is not None:
        stmt = stmt.where(Delivery.notification.in_(names))
    if only_unread:
        stmt = stmt.where(Delivery.read_at.is_(None))
    return page(
        stmt,
        by=[(Delivery.made_at, True), (Delivery.id.expression, True)],
        key=lambda each: [each.made_at, each.id],
        cursor=cursor,
        size=30,
    )


def get_own_delivery(number: int, *, lock: bool = False) -> Delivery:
    """Return a delivery that its person can read in the portal; NotFound for a digest and for what was held back."""
    stmt = sa.select(Delivery).where(Delivery.id == number, Delivery.notification != DIGEST)
    return get_one(stmt.where(Delivery.state != DeliveryState.CANCELLED), lock=lock)
