"""Sending what waits. Rows are exactly once, SMTP is at least once: see ``_Run.send``."""

from __future__ import annotations

import smtplib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any, Protocol

import sqlalchemy as sa
import structlog
from flask import Flask
from sqlalchemy.exc import DBAPIError, OperationalError

from config import Settings
from portal.core.actor import system_actor
from portal.core.clock import machine_now, monotonic
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.core.mailer import Mailer
from portal.notifications.models import DELIVERIES, Delivery, DeliveryState
from portal.notifications.sending import pace
from portal.notifications.sending.leasing import IS_MINE, Leased, lease_batch, release
from portal.notifications.sending.reach import note_undelivered, status_in
from portal.notifications.sending.rendering import render_message
from portal.notifications.table import notification_named
from portal.notifications.texts.standing import Wordings

log = structlog.get_logger(__name__)

LONGEST_WAIT = timedelta(hours=1)
RUN_SECONDS = 2.0  # then the next task's turn: whoever waits for a new password waits no longer than this
BATCH = 20
SECONDS_BETWEEN_TRIES = 0.2
OVERTAKEN = "overtaken: nothing to remind of"
INSIST_SECONDS = 60.0  # with a lease's length still less than a task's time limit

FRESH_SECONDS = 1.0
"""A message is made of what the database said within these; a transaction that only reads stays open no longer."""

_WAITS = sa.and_(IS_MINE, DELIVERIES.c.state == DeliveryState.WAITING)
_LOCK = sa.select(DELIVERIES.c.attempts).where(_WAITS).with_for_update(key_share=True)
_SENT = (
    sa.update(DELIVERIES)
    .where(IS_MINE)
    .values(state=DeliveryState.SENT, claimed_until=None, last_error="")
    .values(sent_at=sa.bindparam("sent_at"), text_number=sa.bindparam("text_number"))
    .values(subject=sa.bindparam("written_subject"))
)


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


class CannotRender(Exception):  # noqa: N818
    """A message could not be made: its subject is gone, or its template is at fault."""


class _Commits(Protocol):
    """The session, or a connection of a run's own."""

    def commit(self) -> None: ...

    def rollback(self) -> None: ...


Judge = Callable[[Exception], Failure]


def send_due(app: Flask, judge: Judge, *, only_urgent: bool, seconds: float = RUN_SECONDS) -> bool:
    """Send waiting deliveries for about ``seconds``, committing each; return whether more may be waiting.

    Ends early where the mail server cannot be reached: one failed attempt a run, not one for every message.
    """
    with db.engine.connect() as line:
        run, until = _Run(app, judge, line), monotonic() + seconds
        while monotonic() < until:
            if not run.lease(only_urgent=only_urgent):
                return False
            if not run.send_batch(until):
                return False
    return True


class _Run:
    """One task's work: it leases a batch, sends it one by one, and gives back what it did not come to.

    ``line`` is a connection kept for the whole run: it locks a row while its message leaves, and says that it left.
    The session beside it reads what messages are made of, many of them in one transaction.
    """

    def __init__(self, app: Flask, judge: Judge, line: sa.Connection) -> None:
        self.app, self.judge, self.line = app, judge, line
        self.mailer: Mailer = app.extensions["portal.mailer"]
        self.settings: Settings = app.extensions["portal.settings"]
        self.lease_seconds = self.settings.mail_lease
        self.take: int | None = None
        self.batch: deque[Leased] = deque()
        self.events: dict[int, EventRow] = {}
        self.wordings = Wordings()
        self.lease_ends = self.read_since = 0.0

    def lease(self, *, only_urgent: bool) -> bool:
        """Lease the next batch; return whether there was anything that may leave now."""
        self.lease_ends = monotonic() + self.lease_seconds
        self.batch.extend(self._lease_within_limit(only_urgent=only_urgent))
        numbers = {each.delivery.event_id for each in self.batch}
        if not numbers <= self.events.keys():
            found = db.session.scalars(sa.select(EventRow).where(EventRow.id.in_(numbers))).all()
            for event in found:  # the log is never changed: what was read once is true for the whole run
                db.session.expunge(event)
            self.events = {each.id: each for each in found}
        db.session.commit()
        self.read_since = monotonic()
        return bool(self.batch)

    def _lease_within_limit(self, *, only_urgent: bool) -> list[Leased]:
        at, per_minute = machine_now(), self.settings.mail_per_minute
        if not per_minute:
            return lease_batch(at, self.lease_seconds, BATCH, only_urgent=only_urgent)
        most = min(pace.allowance(at, per_minute), BATCH)
        batch = lease_batch(at, self.lease_seconds, BATCH, only_urgent=True)
        if not batch and not only_urgent and most:
            batch = lease_batch(at, self.lease_seconds, most, only_urgent=False)
        if batch:
            self.take = pace.take(at, len(batch))
        return batch

    def _release(self) -> None:
        release(self.batch)
        if self.take is not None:
            pace.give_back(self.take, len(self.batch))

    def send_batch(self, until: float) -> bool:
        """Send what was leased, one message at least; return whether the run may go on.

        What is left at ``until`` is given back, and half-way through the lease at the latest: the other half outlasts
        the slowest conversation with a mail server.
        """
        leave_at = min(until, self.lease_ends - self.lease_seconds / 2)
        try:
            while self.batch:
                failure = self.send(self.batch.popleft())
                if failure is not None and failure.ends_run:
                    return False
                if monotonic() >= leave_at:
                    break
        finally:
            if self.batch:
                self.insist(db.session, self._release)
                self.batch.clear()
        return True

    def send(self, leased: Leased) -> Failure | None:
        """Send one leased delivery and commit what came of it; nothing where it is gone, cancelled or another's.

        The row stays locked until then, so that nobody cancels what is leaving, and no other worker takes it even
        where its lease is over. Between the server's OK and the commit lies one UPDATE by primary key. A process
        killed right there leaves the row waiting: the message goes out again, with the same Message-ID.
        """
        if self.line.execute(_LOCK, leased.key).one_or_none() is None:
            self.line.rollback()
            return None
        delivery = leased.delivery
        try:
            message = self._written(delivery, self.events[delivery.event_id])
        except Exception as fault:  # noqa: BLE001 - one message's fault must not hold up the others
            return self._failed(leased, CannotRender(repr(fault)), fault)
        if message is None:
            values: dict[str, Any] = {"state": DeliveryState.CANCELLED, "claimed_until": None, "last_error": OVERTAKEN}
            self.line.execute(sa.update(DELIVERIES).where(DELIVERIES.c.id == delivery.id).values(values))
            self.line.commit()
            return None
        try:
            self.mailer.send(message)
        except (smtplib.SMTPException, OSError, ValueError) as fault:
            return self._failed(leased, fault, fault)
        sent_at = self.app.extensions["portal.clock"].now()
        written = {"text_number": delivery.text_number, "written_subject": str(message["Subject"])}
        values = {**leased.key, "sent_at": sent_at, **written}
        self.insist(self.line, lambda: self.line.execute(_SENT, values))
        return None

    def _written(self, delivery: Delivery, event: EventRow) -> EmailMessage | None:
        """Return the message; None for a reminder whose reader did what it asks, or whose deadline is past.

        What somebody sends again leaves whatever happened meanwhile.
        """
        if monotonic() - self.read_since > FRESH_SECONDS:
            db.session.rollback()
            self.read_since = monotonic()
        now = self.app.extensions["portal.clock"].now()
        if not delivery.copy and notification_named(delivery.notification).is_overtaken(event, now):
            return None
        return render_message(self.app, delivery, event, wordings=self.wordings)

    def _failed(self, leased: Leased, judged: Exception, fault: Exception) -> Failure:
        self.line.rollback()  # the row is free again: the session locks it anew
        return _note_failure(self.app, leased, self.judge(judged), fault)

    def insist(self, on: _Commits, write: Callable[[], object]) -> None:
        """Write and commit, again and again while the database is away, and for a while after the lease is over.

        A message that left and whose row does not say so would leave once more. What another run leased meanwhile is
        not ours to write any more.
        """
        while True:
            try:
                write()
                on.commit()
            except DBAPIError as fault:
                on.rollback()
                if not _is_away(fault) or monotonic() > self.lease_ends + INSIST_SECONDS:
                    raise
                log.warning("database away", error=repr(fault.orig))
                db.session().invalidate()  # what the session was reading is lost with it
                time.sleep(SECONDS_BETWEEN_TRIES)
            else:
                return


def _is_away(fault: DBAPIError) -> bool:
    """Return whether the connection is gone or cannot be made, and not something that would fail again."""
    return fault.connection_invalidated or isinstance(fault, OperationalError)


def _note_failure(app: Flask, leased: Leased, failure: Failure, fault: Exception) -> Failure:
    """Put the delivery off, or park it; one that is gone, or that another worker took meanwhile, stays as it is."""
    db.session.rollback()
    delivery, before = leased.delivery, db.session.scalar(_LOCK, leased.key)
    if before is not None:
        attempts = before + 1
        values = {
            "attempts": attempts,
            "claimed_until": None,
            "last_error": f"{failure.kind}: {fault!r}"[:500],
            "next_attempt_at": machine_now() + failure.wait(attempts),
            "state": DeliveryState.PARKED if attempts >= failure.park_after else DeliveryState.WAITING,
        }
        db.session.execute(sa.update(DELIVERIES).where(DELIVERIES.c.id == delivery.id).values(values))
        if failure.park_after == 1:  # refused for good: the server knows something about this address
            ctx = Ctx(app.extensions["portal.clock"].now(), system_actor("mail"))
            note_undelivered(ctx, delivery.id, delivery.person_id, delivery.address, status_in(repr(fault)))
        log.warning("message not sent", delivery_id=delivery.id, kind=failure.kind, attempts=attempts)
    db.session.commit()
    return failure
