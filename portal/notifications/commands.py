"""What an administrator does about messages that could not leave."""

from __future__ import annotations

from portal.core import outbox
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.errors import NotFound
from portal.core.event_log import OutboxRow, record
from portal.notifications.events import DeliveryRetried, OutboxRowRetried
from portal.notifications.models import Delivery, DeliveryState


def retry_delivery(ctx: Ctx, delivery: Delivery) -> None:
    """Let a parked message wait to be sent again; NotFound for one that is not parked."""
    if delivery.state != DeliveryState.PARKED:
        raise NotFound
    delivery.state, delivery.attempts, delivery.next_attempt_at = DeliveryState.WAITING, 0, machine_now()
    record(ctx, DeliveryRetried(delivery_id=delivery.id))


def retry_event(ctx: Ctx, row: OutboxRow) -> None:
    """Let a parked event wait for the relay again; NotFound for one that is not parked."""
    outbox.retry_parked(row.event_id, machine_now())
    record(ctx, OutboxRowRetried(outbox_id=row.event_id))
