"""What an administrator did about messages that could not leave."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True)
class DeliveryRetried(Event, topic="delivery.retried"):
    delivery_id: int


@dataclass(frozen=True)
class OutboxRowRetried(Event, topic="outbox.retried"):
    outbox_id: int
