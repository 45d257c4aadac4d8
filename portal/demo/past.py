"""Mails of the demo's past: noted as delivered at their time, never sent again."""

from __future__ import annotations

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import outbox
from portal.core.actor import system_actor
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.demo.cast import PEOPLE
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.sending.reach import note_undelivered
from portal.notifications.sending.relay import expand_event

BATCH = 2000


REFUSED = "permanent: SMTPRecipientsRefused({'%s': (550, b'5.1.1 Deze mailbox bestaat niet')})"


def deliver_the_past() -> None:
    """Expand every open event into its deliveries, each sent when its event happened."""
    db.session.flush()
    while due := outbox.claim_due(machine_now(), BATCH):
        for _, event in due:
            expand_event(Ctx(event.occurred_at, system_actor("relay")), event)
        outbox.settle(row for row, _ in due)
    sent = sa.update(Delivery).where(Delivery.event_id == EventRow.id, Delivery.state == DeliveryState.WAITING)
    db.session.execute(
        sent.values(state=DeliveryState.SENT, attempts=1, sent_at=EventRow.occurred_at),
        execution_options={"synchronize_session": False},
    )


def refuse_one() -> None:
    """Let the mail server have refused the last mailing to one person, nobody whom one can sign in as.

    It is the last message of all: one that the server took after it would have said that the person is reached again.
    """
    cast = [each.email for each in PEOPLE]
    stmt = sa.select(Delivery).where(Delivery.notification == "mailing", Delivery.address.not_in(cast))
    delivery = db.session.scalars(stmt.order_by(Delivery.id.desc()).limit(1)).one()
    delivery.state, delivery.sent_at = DeliveryState.PARKED, None
    delivery.last_error = REFUSED % delivery.address
    db.session.flush()
    event, person = db.session.get_one(EventRow, delivery.event_id), db.session.get_one(Person, delivery.person_id)
    ctx = Ctx(max(event.occurred_at, person.registered_at), system_actor("mail"))
    note_undelivered(ctx, delivery.id, delivery.person_id, delivery.address, "5.1.1")
