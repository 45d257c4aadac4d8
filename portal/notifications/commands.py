"""What an administrator does about messages: try again what is parked, send again what left, hold back what waits."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import outbox
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import advisory_lock, db
from portal.core.errors import NotFound, Problem, RuleViolation, refuse_if
from portal.core.event_log import OutboxRow, record
from portal.core.text import _l
from portal.notifications import dead_letters
from portal.notifications.events import DeliveryCopied, DeliveryRetried, OutboxRowRetried, StopOrdered
from portal.notifications.models import Delivery, DeliveryState, Stop
from portal.notifications.rules import problems_before_sending_again
from portal.notifications.table import notification_named

NO_WAIT = timedelta(0)
MOST_AT_ONCE = 1000  # of one press of a button: each is an event of its own


def retry_delivery(ctx: Ctx, delivery: Delivery) -> None:
    """Let a parked message wait to be sent again; NotFound for one that is not parked."""
    if delivery.state != DeliveryState.PARKED:
        raise NotFound
    delivery.state, delivery.attempts, delivery.next_attempt_at = DeliveryState.WAITING, 0, machine_now()
    delivery.undelivered_at, delivery.undelivered_status = None, None  # its person stays marked until one arrives
    record(ctx, DeliveryRetried(delivery_id=delivery.id))


def retry_event(ctx: Ctx, row: OutboxRow) -> None:
    """Let a parked event wait for the relay again; NotFound for one that is not parked."""
    outbox.retry_parked(row.event_id, machine_now())
    record(ctx, OutboxRowRetried(outbox_id=row.event_id))


def retry_messages_of(ctx: Ctx, cause: str) -> int:
    """Let the messages parked for ``cause`` wait again, ``MOST_AT_ONCE`` at most; return how many."""
    found = dead_letters.lock_messages(cause, MOST_AT_ONCE)
    for each in found:
        retry_delivery(ctx, each)
    return len(found)


def retry_events_of(ctx: Ctx, cause: str) -> int:
    """Let the events parked for ``cause`` wait for the relay again, ``MOST_AT_ONCE`` at most; return how many."""
    found = dead_letters.lock_events(cause, MOST_AT_ONCE)
    for each in found:
        retry_event(ctx, each)
    return len(found)


def send_again(ctx: Ctx, delivery: Delivery) -> Delivery:
    """Make another copy of a message that was sent or held back, to its person's present address; return it.

    A row and a Message-ID of its own: the first one's story stands, and its reader meets a new message. RuleViolation
    for a message whose link is personal, and for one that waits or is parked.
    """
    notification = notification_named(delivery.notification)
    refuse_if(problems_before_sending_again(delivery, carries_token=notification.carries_token))
    person = db.session.get(Person, delivery.person_id) if delivery.recipient.startswith("person:") else None
    advisory_lock(f"copies:{delivery.event_id}:{delivery.notification}:{delivery.recipient}")
    same = (
        Delivery.event_id == delivery.event_id,
        Delivery.notification == delivery.notification,
        Delivery.recipient == delivery.recipient,
    )
    newest = db.session.scalar(sa.select(sa.func.max(Delivery.copy)).where(*same)) or 0
    made = Delivery(
        event_id=delivery.event_id,
        notification=delivery.notification,
        recipient=delivery.recipient,
        person_id=delivery.person_id,
        programme_id=delivery.programme_id,
        address=person.email if person else delivery.address,
        language=person.language if person else delivery.language,
        is_urgent=delivery.is_urgent,
        made_at=ctx.now,
        next_attempt_at=machine_now(),
        copy=newest + 1,
    )
    db.session.add(made)
    db.session.flush()
    record(ctx, DeliveryCopied(delivery_id=made.id, original_id=delivery.id))
    return made


def stop_delivery(ctx: Ctx, delivery: Delivery, reason: str) -> None:
    """Hold one message back that waits or is parked, for ``reason``.

    RuleViolation for one in another state, and for one that a worker is sending at this moment.
    """
    if delivery.state not in (DeliveryState.WAITING, DeliveryState.GATHERED, DeliveryState.PARKED):
        raise RuleViolation([Problem("not-waiting", _l("This message does not wait any more."), "reason")])
    if delivery.claimed_until is not None and delivery.claimed_until > machine_now():
        raise RuleViolation([Problem("leaving", _l("This message is being sent at this moment."), "reason")])
    stop = make_stop(ctx, reason)
    delivery.state, delivery.stop_id = DeliveryState.CANCELLED, stop.id
    record(ctx, StopOrdered(stop_id=stop.id, count=1, delivery_id=delivery.id, event_id=delivery.event_id))


def stop_event(ctx: Ctx, row: OutboxRow, reason: str) -> None:
    """Let nobody be told of a parked event, for ``reason``; NotFound for one that is not parked."""
    outbox.discard_parked(row.event_id)
    stop = make_stop(ctx, reason)
    record(ctx, StopOrdered(stop_id=stop.id, count=0, event_id=row.event_id))


def make_stop(ctx: Ctx, reason: str) -> Stop:
    """Write down who holds messages back, when and why."""
    stop = Stop(stopped_at=ctx.now, stopped_by_id=ctx.actor.person_id, reason=reason)
    db.session.add(stop)
    db.session.flush()
    return stop
