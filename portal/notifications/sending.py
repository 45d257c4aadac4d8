"""Sending what waits. Rows are exactly once, SMTP is at least once: see ``send_next``."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from flask import Flask

from portal.core.clock import machine_now, monotonic
from portal.core.db import db, find_one
from portal.core.event_log import EventRow
from portal.core.mailer import Mailer
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.rendering import render_message

log = structlog.get_logger(__name__)

LONGEST_WAIT = timedelta(hours=1)
RUN_SECONDS = 60.0  # well within a task's time limit


@dataclass(frozen=True, slots=True)
class Failure:
    """A kind of failure: how long to wait after the first one, and after how many a person has to look.

    ``ends_run``: the next message would meet the same fault, so that this run is over.
    """

    kind: str
    first_wait: timedelta
    park_after: int
    ends_run: bool = False

    def wait(self, attempts: int) -> timedelta:
        """Return the wait after the ``attempts``-th failure: doubled each time, an hour at most."""
        doublings: int = 2 ** min(max(attempts - 1, 0), 20)
        return min(self.first_wait * doublings, LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class Leased:
    """A delivery and the lease under which it is sent: whose lease ended says no more what came of it.

    The id alone is not enough. The demo can be put back to its start meanwhile: the row is gone then, and its id may
    be another message's.
    """

    delivery_id: int
    until: datetime

    @property
    def mine(self) -> sa.ColumnElement[bool]:
        return sa.and_(Delivery.id == self.delivery_id, Delivery.claimed_until == self.until)


class CannotRender(Exception):  # noqa: N818
    """A message could not be made: its subject is gone, or its template is at fault."""


Judge = Callable[[Exception], Failure]


def send_due(app: Flask, judge: Judge, *, only_urgent: bool, seconds: float = RUN_SECONDS) -> bool:
    """Send waiting deliveries for about ``seconds``, committing each; return whether more may be waiting.

    Ends early where the mail server cannot be reached: one failed attempt a run, not one for every message.
    """
    until = monotonic() + seconds
    while monotonic() < until:
        leased = claim_next(machine_now(), app.extensions["portal.settings"].mail_lease, only_urgent=only_urgent)
        if leased is None:
            return False
        failure = _send(app, leased, judge)
        if failure is not None and failure.ends_run:
            return False
    return True


def claim_next(at: datetime, lease: int, *, only_urgent: bool) -> Leased | None:
    """Lease the next due delivery for ``lease`` seconds from machine time ``at``, and commit; None where none is due.

    The lease outlasts the slowest conversation with a mail server, and brings a killed worker's message back.
    """
    stmt = (
        sa.select(Delivery)
        .where(Delivery.state == DeliveryState.WAITING, Delivery.next_attempt_at <= at)
        .where(sa.or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= at))
        .order_by(Delivery.next_attempt_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if only_urgent:
        stmt = stmt.where(Delivery.is_urgent)
    delivery = db.session.scalar(stmt)
    leased = None
    if delivery is not None:
        leased = Leased(delivery.id, at + timedelta(seconds=lease))
        delivery.claimed_until = leased.until
    db.session.commit()
    return leased


def _send(app: Flask, leased: Leased, judge: Judge) -> Failure | None:
    """Send one leased delivery and commit what came of it; nothing where it is gone.

    Between the server's OK and the commit lies one UPDATE by primary key. A process killed right there leaves the row
    waiting: the message goes out again, with the same Message-ID.
    """
    mailer: Mailer = app.extensions["portal.mailer"]
    delivery = find_one(sa.select(Delivery).where(leased.mine))
    if delivery is None:
        return None
    try:
        message = render_message(app, delivery, db.session.get_one(EventRow, delivery.event_id))
    except Exception as fault:  # noqa: BLE001 - one message's fault must not hold up the others
        return _note_failure(leased, judge(CannotRender(repr(fault))), fault)
    sent_at = app.extensions["portal.clock"].now()
    db.session.commit()  # no transaction stays open while a mail server thinks
    try:
        mailer.send(message)
    except (smtplib.SMTPException, OSError, ValueError) as fault:
        return _note_failure(leased, judge(fault), fault)
    values = {"state": DeliveryState.SENT, "sent_at": sent_at, "claimed_until": None, "last_error": ""}
    db.session.execute(sa.update(Delivery).where(leased.mine).values(values))
    db.session.commit()
    return None


def _note_failure(leased: Leased, failure: Failure, fault: Exception) -> Failure:
    """Put the delivery off, or park it; one that is gone, or that another worker took meanwhile, stays as it is."""
    db.session.rollback()
    stmt = sa.select(Delivery).where(leased.mine).with_for_update(key_share=True)
    delivery = find_one(stmt.execution_options(populate_existing=True))
    if delivery is not None and delivery.state == DeliveryState.WAITING:
        delivery.attempts += 1
        delivery.claimed_until = None
        delivery.last_error = f"{failure.kind}: {fault!r}"[:500]
        delivery.next_attempt_at = machine_now() + failure.wait(delivery.attempts)
        if delivery.attempts >= failure.park_after:
            delivery.state = DeliveryState.PARKED
        log.warning("message not sent", delivery_id=delivery.id, kind=failure.kind, attempts=delivery.attempts)
    db.session.commit()
    return failure
