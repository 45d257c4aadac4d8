"""From an event to the messages it causes: one delivery per notification and recipient, ever."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import insert

from portal.core import outbox
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.programmes import programme_of
from portal.notifications.table import notifications_for

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Relayed:
    """What one batch did: outbox rows handled, and deliveries made, urgent ones apart."""

    rows: int = 0
    made: int = 0
    urgent: int = 0


def relay_batch(ctx: Ctx, limit: int = 100) -> Relayed:
    """Expand up to ``limit`` due outbox rows into deliveries; the caller commits.

    An event that cannot be expanded is put off, and parked after ``outbox.PARK_AFTER`` failures; the others go on.
    """
    done = Relayed()
    for row, event in outbox.claim_due(machine_now(), limit):
        done.rows += 1
        try:
            with db.session.begin_nested():
                made = expand_event(ctx, event)
        except Exception as fault:  # noqa: BLE001 - one event's fault must not hold up the others
            log.warning("event not expanded", event_id=event.id, topic=event.topic, error=repr(fault))
            outbox.postpone(row, machine_now(), repr(fault))
            continue
        outbox.settle(row)
        done.made += len(made)
        done.urgent += sum(made)
    return done


def expand_event(ctx: Ctx, event: EventRow) -> list[bool]:
    """Write the deliveries of ``event`` that are not there yet; return for each new one whether it is urgent."""
    now = machine_now()
    told = notifications_for(event.topic)
    programme_id = programme_of(event) if any(each.is_of_programme for each in told) else None
    rows = [
        {
            "event_id": event.id,
            "notification": notification.name,
            "recipient": each.key,
            "copy": 0,
            "person_id": each.person_id,
            "programme_id": programme_id if notification.is_of_programme else None,
            "address": each.address,
            "language": each.language,
            "is_urgent": notification.is_urgent,
            "state": DeliveryState.WAITING,
            "made_at": ctx.now,
            "attempts": 0,
            "next_attempt_at": now,
            "last_error": "",
        }
        for notification in told
        for each in notification.recipients(event)
    ]
    if not rows:
        return []
    stmt = insert(Delivery).values(rows).on_conflict_do_nothing(constraint="uq_delivery_once")
    return list(db.session.scalars(stmt.returning(sa.column("is_urgent", sa.Boolean))))
