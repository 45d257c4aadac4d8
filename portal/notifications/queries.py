"""What waits, and what is parked."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core.db import db, get_one
from portal.core.event_log import EventRow, OutboxRow
from portal.core.paging import Page, page
from portal.notifications.models import Delivery, DeliveryState, Stop
from portal.notifications.programmes import is_of_none


def count_waiting() -> int:
    """Return how many deliveries have not left yet."""
    return db.session.scalar(sa.select(sa.func.count()).where(Delivery.state == DeliveryState.WAITING)) or 0


def get_delivery(number: int, *, lock: bool = False) -> Delivery:
    """Return a delivery; NotFound where there is none such."""
    return get_one(sa.select(Delivery).where(Delivery.id == number), lock=lock)


def get_outbox_row(number: int, *, lock: bool = False) -> OutboxRow:
    """Return an event's outbox row; NotFound where there is none such."""
    return get_one(sa.select(OutboxRow).where(OutboxRow.event_id == number), lock=lock)


def page_parked(cursor: str | None) -> Page[Delivery]:
    """Return parked deliveries, the newest first."""
    stmt = sa.select(Delivery).where(Delivery.state == DeliveryState.PARKED)
    return page(stmt, by=[(Delivery.id.expression, True)], key=lambda each: [each.id], cursor=cursor)


def get_event(number: int) -> EventRow:
    """Return an event of the log; NotFound where there is none such."""
    return get_one(sa.select(EventRow).where(EventRow.id == number))


def find_stop(number: int | None) -> Stop | None:
    """Return who held a message back and why, or None."""
    return db.session.get(Stop, number) if number is not None else None


def present_address(delivery: Delivery) -> str:
    """Return where another copy would go: to its person's address of today, else to the one it had."""
    person = db.session.get(Person, delivery.person_id) if delivery.recipient.startswith("person:") else None
    return person.email if person else delivery.address


def is_apart_from(event: EventRow, own: Collection[int]) -> bool:
    """Return whether ``event`` is of no round and no partnership in which the organisations ``own`` have a part."""
    if not own:
        return True
    stmt = sa.select(EventRow.id).where(EventRow.id == event.id, is_of_none(event.subject, own))
    return db.session.scalar(stmt) is not None
