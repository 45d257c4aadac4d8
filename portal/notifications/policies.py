"""Who looks after messages: administrators act, auditors read along, nobody else finds these pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.actor import Actor, Role
from portal.core.policy import Policy, role
from portal.core.text import _l

if TYPE_CHECKING:
    from portal.core.event_log import EventRow, OutboxRow
    from portal.notifications.mailings.models import Mailing
    from portal.notifications.models import Delivery
    from portal.notifications.texts.queries import StandingText

_reads = role(Role.ADMINISTRATOR, Role.AUDITOR)
_acts = role(Role.ADMINISTRATOR)
_WHO = _l("An administrator tries parked messages again.")
_STEERS = _l("An administrator sends messages again and holds them back.")
_WRITES = _l("An administrator writes to many.")

READ_OUTBOX: Policy[None] = Policy("outbox.read", sees=_reads, may=_reads)
RETRY_EVENT: Policy[OutboxRow | None] = Policy("outbox.retry", sees=_reads, may=_acts, who=_WHO)
STOP_EVENT: Policy[OutboxRow] = Policy("outbox.stop", sees=_reads, may=_acts, who=_STEERS)
READ_DELIVERY: Policy[Delivery | None] = Policy("delivery.read", sees=_reads, may=_reads)
RETRY_DELIVERY: Policy[Delivery | None] = Policy("delivery.retry", sees=_reads, may=_acts, who=_WHO)
SEND_AGAIN: Policy[Delivery] = Policy("delivery.send-again", sees=_reads, may=_acts, who=_STEERS)
STOP_DELIVERY: Policy[Delivery] = Policy("delivery.stop", sees=_reads, may=_acts, who=_STEERS)
READ_SENDING: Policy[EventRow] = Policy("sending.read", sees=_reads, may=_reads)
STOP_SENDING: Policy[EventRow] = Policy("sending.stop", sees=_reads, may=_acts, who=_STEERS)
READ_MAILINGS: Policy[None] = Policy("mailing.list", sees=_reads, may=_reads)
WRITE_MAILING: Policy[None] = Policy("mailing.write", sees=_reads, may=_acts, who=_WRITES)
READ_MAILING: Policy[Mailing] = Policy("mailing.read", sees=_reads, may=_reads)
STEER_MAILING: Policy[Mailing] = Policy("mailing.steer", sees=_reads, may=_acts, who=_WRITES)


def _is_own(actor: Actor, delivery: Delivery) -> bool:
    return actor.person_id is not None and delivery.person_id == actor.person_id


READ_OWN: Policy[Delivery] = Policy("delivery.read-own", sees=_is_own, may=_is_own)
LIST_TEXTS: Policy[None] = Policy("message-text.list", sees=_reads, may=_reads)
READ_TEXT: Policy[StandingText] = Policy("message-text.read", sees=_reads, may=_reads)
WRITE_TEXT: Policy[StandingText] = Policy(
    "message-text.write",
    sees=_reads,
    may=_acts,
    who=_l("An administrator writes the texts of messages."),
)
