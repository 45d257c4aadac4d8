"""What a message that did not arrive says of its address, and when messages arrive again.

An address that failed is still written to: what is lost then is one attempt, and what is gained is everybody whose
mailbox came back. The mark only shows it.
"""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.commands.addresses import mark_reachable, mark_unreachable
from portal.accounts.models import Person
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import record
from portal.notifications.events import DeliveryBounced
from portal.notifications.links import Links
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.sending.bounces import Bounce
from portal.notifications.sending.rendering import message_id

COMES_BACK_WITHIN = timedelta(days=1)  # a server that took a message gives it back within a day, or delivered it
_ID = re.compile(r"<(?P<event>[0-9]{1,18})\.(?P<name>[a-z-]{1,60})\.[0-9a-f.]{16,40}@[^<>@\s]+>")
_STATUS = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b|\b5\d\d\b")


def status_in(error: str) -> str:
    """Return the status code that a mail server's refusal holds: ``5.1.1``, or else ``550``."""
    found = sorted(_STATUS.findall(error), key=len, reverse=True)
    return found[0] if found else "550"


def note_undelivered(ctx: Ctx, delivery_id: int, person_id: int | None, address: str, status: str) -> None:
    """Note that a message did not arrive, and mark its person's address; the caller commits."""
    values = {"undelivered_at": ctx.now, "undelivered_status": status}
    db.session.execute(sa.update(Delivery).where(Delivery.id == delivery_id).values(values))
    if person_id is not None:
        mark_unreachable(ctx, person_id, address, status)


def find_returned(bounce: Bounce, links: Links) -> Delivery | None:
    """Return the sent message that came back; None for a Message-ID that is not ours to the last digit."""
    match = _ID.fullmatch(bounce.message_id)
    if match is None:
        return None
    stmt = sa.select(Delivery).where(
        Delivery.event_id == int(match["event"]),
        Delivery.notification == match["name"],
        Delivery.state == DeliveryState.SENT,
    )
    found = db.session.scalars(stmt.with_for_update(key_share=True)).all()
    return next((each for each in found if hmac.compare_digest(message_id(each, links), bounce.message_id)), None)


def note_bounce(ctx: Ctx, bounce: Bounce, links: Links) -> str:
    """Note what a delivery status notification says; return ``unknown``, ``delayed`` or ``bounced``.

    A message that came back twice is noted once. What is delayed is noted beside the message, and marks nobody.
    """
    delivery = find_returned(bounce, links)
    if delivery is None:
        return "unknown"
    if not bounce.has_failed or bounce.status.startswith("2"):
        delivery.last_error = f"delayed: {bounce.status}"
        return "delayed"
    if delivery.undelivered_at is None:
        delivery.last_error = f"bounced: {bounce.status}"
        db.session.flush()
        note_undelivered(ctx, delivery.id, delivery.person_id, delivery.address, bounce.status)
        record(ctx, DeliveryBounced(delivery_id=delivery.id, code=bounce.status))
    return "bounced"


def clear_reached(ctx: Ctx) -> int:
    """Clear the mark of everybody whom a later message reached; return how many.

    After a refusal, the next message that the server takes. After one that came back, the next that has not a day later:
    a server that takes everything and gives it back afterwards takes that one too.
    """
    people = db.session.scalars(
        sa.select(Person).where(Person.unreachable_since.is_not(None)).with_for_update(key_share=True)
    ).all()
    reached = [each for each in people if _is_reached(each.id, each.email, ctx.now)]
    for each in reached:
        mark_reachable(ctx, each)
    return len(reached)


def _is_reached(person_id: int, address: str, at: datetime) -> bool:
    later = aliased(Delivery)
    failing = (
        sa.select(Delivery.id, Delivery.state)
        .where(Delivery.address == address, Delivery.undelivered_at.is_not(None))
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    last = db.session.execute(failing).one_or_none()
    if last is None:
        return False
    by = at if last.state != DeliveryState.SENT else at - COMES_BACK_WITHIN
    stmt = sa.select(later.id).where(
        later.address == address,
        later.person_id == person_id,
        later.id > last.id,
        later.state == DeliveryState.SENT,
        later.undelivered_at.is_(None),
        later.sent_at <= by,
    )
    return db.session.scalar(stmt.limit(1)) is not None
