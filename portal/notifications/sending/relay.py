"""From an event to the messages it causes: one delivery per notification and recipient, ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.sql.dml import ReturningInsert

from portal.core import outbox
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow, OutboxRow
from portal.core.text import Msg, _l
from portal.notifications.models import DELIVERIES
from portal.notifications.programmes import programme_of
from portal.notifications.sending.expanding import Planned, beginnings
from portal.notifications.table import URGENT_TOPICS, notifications_for

log = structlog.get_logger(__name__)

BATCH = 200
ROWS_AT_ONCE = 5000


@dataclass(slots=True)
class Relayed:
    """What one batch did: outbox rows handled, and deliveries made, urgent ones apart."""

    rows: int = 0
    made: int = 0
    urgent: int = 0

    def count(self, made: Sequence[bool]) -> None:
        self.made += len(made)
        self.urgent += sum(made)


def relay_batch(ctx: Ctx, limit: int = BATCH) -> Relayed:
    """Expand up to ``limit`` due outbox rows into deliveries, urgent ones first; the caller commits.

    All of them together, or where one cannot be expanded each for itself: that one is put off, and parked after
    ``outbox.PARK_AFTER`` failures, while the others go on.
    """
    at = machine_now()
    claimed = outbox.claim_due(at, limit, topics=URGENT_TOPICS) or outbox.claim_due(at, limit)
    done = Relayed(rows=len(claimed))
    if not claimed:
        return done
    try:
        with db.session.begin_nested():
            made = expand_events(ctx, [event for _, event in claimed])
    except Exception as fault:  # noqa: BLE001 - whichever it was is found below
        log.info("batch not expanded at once", rows=len(claimed), error=repr(fault))
        _relay_each(ctx, claimed, done)
    else:
        outbox.settle(row for row, _ in claimed)
        done.count(made)
    return done


def _relay_each(ctx: Ctx, claimed: list[tuple[OutboxRow, EventRow]], done: Relayed) -> None:
    for row, event in claimed:
        try:
            with db.session.begin_nested():
                made = expand_events(ctx, [event])
        except Exception as fault:  # noqa: BLE001 - one event's fault must not hold up the others
            log.warning("event not expanded", event_id=event.id, topic=event.topic, error=repr(fault))
            outbox.postpone(row, machine_now(), repr(fault))
        else:
            outbox.settle([row])
            done.count(made)


def expand_event(ctx: Ctx, event: EventRow) -> list[bool]:
    """As ``expand_events``, of one event."""
    return expand_events(ctx, [event])


def expand_events(ctx: Ctx, events: Sequence[EventRow]) -> list[bool]:
    """Write the deliveries of ``events`` that are not there yet; return for each new one whether it is urgent."""
    planned = [each for event in events for each in plan(event) if why_left_out(each) is None]
    made: list[bool] = []
    for start in range(0, len(planned), ROWS_AT_ONCE):
        made += _write(ctx, planned[start : start + ROWS_AT_ONCE])
    return made


def plan(event: EventRow) -> Iterator[Planned]:
    """Yield a message for everybody whom ``event`` concerns, also for those who are left out of the mails."""
    told = notifications_for(event.topic)
    programme_id = programme_of(event) if any(each.is_of_programme for each in told) else None
    for each in told:
        for recipient in each.recipients(event):
            yield Planned(event, each, recipient, programme_id if each.is_of_programme else None)


def why_left_out(planned: Planned) -> Msg | None:
    """Return why nothing is made for this recipient; None where it is. Every audience that is shown asks this too."""
    recipient = planned.recipient
    if not recipient.address:
        return _l("has no e-mail address")
    if not recipient.is_confirmed and not planned.notification.carries_token:
        return _l("did not confirm the e-mail address yet")
    return None


def _write(ctx: Ctx, planned: Sequence[Planned]) -> list[bool]:
    begun = beginnings(planned, ctx.now)
    columns = {
        "event_id": [each.event.id for each in planned],
        "notification": [each.notification.name for each in planned],
        "recipient": [each.recipient.key for each in planned],
        "person_id": [each.recipient.person_id for each in planned],
        "programme_id": [each.programme_id for each in planned],
        "address": [each.recipient.address for each in planned],
        "language": [each.recipient.language for each in planned],
        "is_urgent": [each.notification.is_urgent for each in planned],
        "state": [str(each.state) for each in begun],
        "subject": [each.subject for each in begun],
    }
    return list(db.session.scalars(_INSERT, {**columns, "made_at": ctx.now, "next_attempt_at": machine_now()}))


def _insertion() -> ReturningInsert[bool]:
    """Compose the statement once: a list for each column, whatever the number of rows."""
    lists: dict[str, sa.types.TypeEngine[Any]] = {
        "event_id": sa.BigInteger(),
        "notification": sa.Text(),
        "recipient": sa.Text(),
        "person_id": sa.BigInteger(),
        "programme_id": sa.BigInteger(),
        "address": sa.Text(),
        "language": sa.Text(),
        "is_urgent": sa.Boolean(),
        "state": sa.Text(),
        "subject": sa.Text(),
    }
    bound = [sa.bindparam(name, type_=ARRAY(kind)) for name, kind in lists.items()]
    rows = (
        sa.func.unnest(*bound).table_valued(*(sa.column(name, kind) for name, kind in lists.items())).render_derived()
    )
    shared = {
        "made_at": sa.bindparam("made_at", type_=DELIVERIES.c.made_at.type),
        "copy": sa.literal(0),
        "attempts": sa.literal(0),
        "next_attempt_at": sa.bindparam("next_attempt_at", type_=DELIVERIES.c.next_attempt_at.type),
        "last_error": sa.literal(""),
    }
    chosen = sa.select(*(rows.c[name] for name in lists), *shared.values())
    stmt = insert(DELIVERIES).from_select([*lists, *shared], chosen)
    return stmt.on_conflict_do_nothing(constraint="uq_delivery_once").returning(DELIVERIES.c.is_urgent)


_INSERT = _insertion()
