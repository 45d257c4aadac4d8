"""Holding back what has not left of the messages of one action."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portal.core import outbox
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import refuse_if
from portal.core.event_log import EventRow, record
from portal.notifications.commands import make_stop
from portal.notifications.events import StopOrdered
from portal.notifications.fan_outs import event_ids_of
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.rules import problems_before_holding_back
from portal.notifications.sending.relay import expand_events
from portal.notifications.table import notification_named

HOLDABLE = (DeliveryState.WAITING, DeliveryState.GATHERED)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """How many messages do not leave, and how many a worker was sending at that moment."""

    count: int
    leaving: int


def hold_back(ctx: Ctx, anchor: EventRow, reason: str) -> HeldBack:
    """Hold back every message of ``anchor`` that has not left, for ``reason``.

    Its events that were not expanded yet are expanded first, so that the log shows who was not told. What a worker is
    sending holds its row's lock, is passed over, and leaves. RuleViolation where nothing waits, and where a message is
    legally needed and no reason is given.
    """
    unmade = outbox.lock_open(event_ids_of(anchor))
    expand_events(ctx, [event for _, event in unmade])
    outbox.settle(row for row, _ in unmade)
    waiting = sa.and_(Delivery.event_id.in_(event_ids_of(anchor)), Delivery.state.in_(HOLDABLE))
    ids = list(
        db.session.scalars(sa.select(Delivery.id).where(waiting).with_for_update(key_share=True, skip_locked=True))
    )
    refuse_if(problems_before_holding_back(len(ids), reason, is_needed=is_legally_needed(anchor)))
    stop = make_stop(ctx, reason)
    held = sa.update(Delivery).where(Delivery.id.in_(ids)).values(state=DeliveryState.CANCELLED, stop_id=stop.id)
    db.session.execute(held, execution_options={"synchronize_session": False})
    leaving = db.session.scalar(sa.select(sa.func.count()).select_from(Delivery).where(waiting)) or 0
    record(ctx, StopOrdered(stop_id=stop.id, count=len(ids), event_id=anchor.id))
    return HeldBack(len(ids), leaving)


def is_legally_needed(anchor: EventRow) -> bool:
    """Return whether the reader of one of these messages may not switch it off: the law or a right hangs on it."""
    stmt = sa.select(Delivery.notification).where(Delivery.event_id.in_(event_ids_of(anchor))).distinct()
    return any(not notification_named(name).is_mutable for name in db.session.scalars(stmt))
