"""The delivery log: every message with what became of it, filtered, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.applications.models import Application
from portal.calls.models import Round
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.core.paging import Page, page
from portal.decisions.models import Decision
from portal.notifications.dead_letters import message_cause
from portal.notifications.models import Delivery, DeliveryState
from portal.reviewing.models import Review

Subjects = tuple[tuple[str, sa.Select[Any]], ...]


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which deliveries: every condition that is given must hold. ``since`` is included, ``before`` is not.

    ``recipient`` is an address, or a part of a person's name; ``about`` names the subjects of the events;
    ``event_ids`` are the events of one bulk action.
    """

    state: DeliveryState | None = None
    notification: str | None = None
    recipient: str = ""
    cause: str = ""
    about: Subjects = ()
    event_ids: sa.Select[Any] | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line of the log; ``name`` is empty where the address is no person's."""

    delivery: Delivery
    name: str


def page_deliveries(asked: DeliveryFilter, cursor: str | None) -> Page[LogRow]:
    """Return one page of the log, the newest first, in one statement."""
    stmt = sa.select(Delivery, Person.name).outerjoin(Person, Person.id == Delivery.person_id).where(*_wanted(asked))
    by = [(Delivery.id.expression, True)]
    found = page(stmt, by=by, key=lambda row: [row[0].id], cursor=cursor, scalars=False)
    return Page([LogRow(delivery, name or "") for delivery, name in found.rows], found.next_cursor)


def _wanted(asked: DeliveryFilter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if asked.state is not None:
        found.append(Delivery.state == asked.state)
    if asked.notification:
        found.append(Delivery.notification == asked.notification)
    if asked.cause:
        found += [Delivery.state == DeliveryState.PARKED, message_cause == asked.cause]
    if asked.recipient:
        found.append(_to(asked.recipient))
    if asked.about:
        events = [
            sa.select(EventRow.id).where(EventRow.subject == subject, EventRow.subject_id.in_(ids))
            for subject, ids in asked.about
        ]
        found.append(Delivery.event_id.in_(sa.union_all(*events)))
    if asked.event_ids is not None:
        found.append(Delivery.event_id.in_(asked.event_ids))
    if asked.since is not None:
        found.append(Delivery.made_at >= asked.since)
    if asked.before is not None:
        found.append(Delivery.made_at < asked.before)
    return found


def _to(typed: str) -> sa.ColumnElement[bool]:
    if "@" in typed:
        return Delivery.address == typed.lower()
    people = sa.select(Person.id).where(Person.name.icontains(typed, autoescape=True))
    return Delivery.person_id.in_(people)


def find_about(typed: str) -> Subjects | None:
    """Return the subjects that a round's code or an application's reference stands for; None where there is none such."""
    code = typed.strip().upper()
    round_id = db.session.scalar(sa.select(Round.id).where(Round.code == code))
    application_id = db.session.scalar(sa.select(Application.id).where(Application.reference == code))
    if round_id is not None:
        return (
            ("round", sa.select(Round.id).where(Round.id == round_id)),
            ("application", sa.select(Application.id).where(Application.round_id == round_id)),
            ("decision", sa.select(Decision.id).where(Decision.round_id == round_id)),
            ("review", sa.select(Review.id).where(Review.round_id == round_id)),
        )
    if application_id is not None:
        return (
            ("application", sa.select(Application.id).where(Application.id == application_id)),
            ("decision", sa.select(Decision.id).where(Decision.application_id == application_id)),
            ("review", sa.select(Review.id).where(Review.application_id == application_id)),
        )
    return None


def list_copies(delivery: Delivery) -> list[Delivery]:
    """Return the other copies of this message to this recipient, the first one first."""
    stmt = sa.select(Delivery).where(
        Delivery.event_id == delivery.event_id,
        Delivery.notification == delivery.notification,
        Delivery.recipient == delivery.recipient,
        Delivery.id != delivery.id,
    )
    return list(db.session.scalars(stmt.order_by(Delivery.copy)))


def names_of(person_ids: set[int]) -> dict[int, str]:
    """Return the names of people by their numbers."""
    stmt = sa.select(Person.id, Person.name).where(Person.id.in_(person_ids))
    return {row.id: row.name for row in db.session.execute(stmt)}
