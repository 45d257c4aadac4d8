"""Who looks after messages that could not leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.actor import Role
from portal.core.policy import Policy, role
from portal.core.text import _l

if TYPE_CHECKING:
    from portal.core.event_log import OutboxRow
    from portal.notifications.models import Delivery

_reads = role(Role.ADMINISTRATOR, Role.AUDITOR)
_WHO = _l("An administrator tries parked messages again.")

READ_OUTBOX: Policy[None] = Policy("outbox.read", sees=_reads, may=_reads)
RETRY_EVENT: Policy[OutboxRow] = Policy("outbox.retry", sees=_reads, may=role(Role.ADMINISTRATOR), who=_WHO)
RETRY_DELIVERY: Policy[Delivery] = Policy("delivery.retry", sees=_reads, may=role(Role.ADMINISTRATOR), who=_WHO)
