"""Everybody's claim is confirmed at once: a message each, counted where they arrive, whatever strikes meanwhile."""

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Self

import redis
import sqlalchemy as sa
from flask import Flask

from portal.accounts.events import ClaimConfirmed
from portal.core.actor import system_actor
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow, OutboxRow, record
from portal.core.heartbeat import Heartbeat
from portal.notifications.models import Delivery, DeliveryState
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.faults.services_under_fire import Beat, Broker, DatabaseServer, database_server
from tests.faults.size import IS_FULL
from tests.faults.workers_under_fire import Workers, workers
from tests.mail_sink import MailSink
from tests.services import Database
from tests.world.mail import AT, given_claims

RECIPIENTS = 2000 if IS_FULL else 120
SECONDS = 240.0 if IS_FULL else 120.0
PAUSE = 0.005
LEASE = "20" if IS_FULL else "8"  # seconds: longer than the database is away
Strike = Callable[[], object]
HEAD = "| fault | expected | received | repeated | processes killed | lost | seconds to recover |"


@dataclass(frozen=True)
class Struck:
    """What a fan-out met: how many processes died in it, and how long after the last strike it was over."""

    killed: int
    seconds: float


class Ground:
    """A portal of the test's own, with everything that it needs in processes that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = folder / "clock"
        self.log = folder / "worker.log"
        self.sink, self.broker = MailSink(), Broker()
        self.app: Flask
        self.database: Database
        self.server: DatabaseServer
        self.running: Workers
        self.beat: Beat
        self._guests = ExitStack()
        self._held, self._numbers = ExitStack(), count(1, RECIPIENTS)
        self._printed = False

    def __enter__(self) -> Self:
        self.clock.write_text("0", encoding="ascii")
        self.sink.pause = PAUSE
        self.sink.open()
        self._held.callback(self.sink.close)
        self.broker.start()
        self._held.callback(self.broker.end)
        self.server, self.database = self._held.enter_context(database_server(self.folder))
        migrate(self.database)
        self.app = app_for_tests(settings_for_tests(self.database, redis_url=self.broker.url, storage=self.folder))
        self._held.callback(self._forget_database)
        jumping = {"app": "tests.faults.jumping_worker", "PORTAL_FAULTS_CLOCK": str(self.clock)}
        jumping["PORTAL_MAIL_LEASE"] = LEASE
        made = workers(self.database, self.broker.url, self.sink, self.folder, **jumping)
        self.running = self._held.enter_context(made)
        return self

    def __exit__(self, *_: object) -> None:
        self._guests.close()
        self._held.close()

    def _forget_database(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def tell(self) -> None:
        """Confirm the claims of the next people: an event each, in one commit, and nobody is woken."""
        self.sink.forget()
        with self.app.app_context():
            for claim in given_claims(next(self._numbers), RECIPIENTS):
                record(Ctx(AT, system_actor("test")), ClaimConfirmed(claim.id, claim.organisation_id))
            db.session.commit()

    def is_told(self) -> bool:
        """Ask the database: is every event expanded and every delivery sent?"""
        with self.app.app_context():
            open_rows = db.session.scalar(sa.select(sa.func.count()).where(OutboxRow.is_open))
            left = db.session.scalar(sa.select(sa.func.count()).where(Delivery.state != DeliveryState.SENT))
            db.session.rollback()
            return not open_rows and not left

    def count(self) -> int:
        return len(self.sink.messages)

    def fire(self, strikes: Sequence[Strike], *, ticks: bool = True) -> Struck:
        """Strike each time the next share of the messages has left, and wait until everything is told.

        Without ``ticks`` the first strike comes before any: it starts what ticks.
        """
        killed = self.running.kills
        for number, strike in enumerate(strikes, 1):
            share = RECIPIENTS * (number if ticks else number - 1) // (len(strikes) + 1)
            self.wait(lambda share=share: self.count() >= share, ticks=ticks)
            strike()
        struck_at = time.monotonic()
        self.wait(self.is_told, ticks=ticks)
        struck = Struck(self.running.kills - killed, time.monotonic() - struck_at)
        self._back_to_peace()
        return struck

    def _back_to_peace(self) -> None:
        """Undo what a fault left behind, for the next one."""
        self._guests.close()
        self.set_clock(0)
        if self.running.log != self.log:
            self.running.end()
            self.running.log = self.log
            self.running.start()

    def also_end(self, end: Callable[[], object]) -> None:
        """Call ``end`` when the fan-out is over."""
        self._guests.callback(end)

    def empty_broker(self) -> None:
        with redis.Redis.from_url(self.broker.url) as client:
            client.flushall()

    def wait(self, is_over: Callable[[], bool], *, ticks: bool = True, seconds: float = SECONDS) -> None:
        """Play beat, a tick a second, until ``is_over``; without ``ticks`` only wait."""
        over = self.running.run_until(is_over, seconds=seconds, ticks=ticks)
        assert over, f"{self.count()} of {RECIPIENTS} messages\n" + self.log.read_text(encoding="utf-8")[-3000:]

    def wait_for_seconds(self, seconds: float) -> None:
        """Let beat go on meanwhile."""
        self.running.run_until(lambda: False, seconds=seconds)

    def set_clock(self, seconds: float) -> None:
        """Let the workers' machine be so many seconds ahead, from now on."""
        unfinished = self.clock.with_suffix(".new")
        unfinished.write_text(str(seconds), encoding="ascii")
        unfinished.rename(self.clock)

    def has_sign_from_the_future(self) -> bool:
        """Ask whether the workers gave a sign of life since their clock was set forward."""
        with self.app.app_context():
            newest = db.session.scalar(sa.select(sa.func.max(Heartbeat.seen_at)))
            db.session.rollback()
            return newest is not None and newest > machine_now() + timedelta(minutes=1)

    def judge(self, capsys, fault: str, struck: Struck) -> None:
        """Everybody has the message, nobody two; it came twice only where a process died, with the same Message-ID."""
        ids = [(str(each["To"]), str(each["Message-ID"])) for each in self.sink.messages]
        ids = [each for each in ids if ".claim-confirmed." in each[1]]
        repeated = len(ids) - len(set(ids))
        lost = RECIPIENTS - len({address for address, _ in ids})
        with capsys.disabled():
            cells = (fault, RECIPIENTS, len(ids), repeated, struck.killed, lost, f"{struck.seconds:.1f}")
            sys.stdout.write(("" if self._printed else f"\n{HEAD}") + "\n| " + " | ".join(map(str, cells)) + " |\n")
        self._printed = True
        assert not lost, "somebody was not told"
        assert len(set(ids)) == RECIPIENTS, "somebody was told two different things"
        assert repeated <= struck.killed
        self._check_rows()

    def _check_rows(self) -> None:
        """Nothing is stuck, and the log has each event and each delivery once."""
        with self.app.app_context():
            stuck = sa.or_(Delivery.state != DeliveryState.SENT, Delivery.claimed_until.is_not(None))
            assert db.session.scalars(sa.select(Delivery.id).where(stuck)).all() == []
            confirmed = sa.select(sa.func.count()).where(EventRow.topic == "claim.confirmed")
            each = sa.select(sa.func.count()).where(Delivery.notification == "claim-confirmed")
            assert db.session.scalar(confirmed) == db.session.scalar(each)
            db.session.rollback()
