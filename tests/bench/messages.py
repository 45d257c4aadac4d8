"""From a committed event to the mail server's OK: messages a second with one and two workers, beside the floor.

The floor is smtplib alone: building and sending the same message over one kept connection, to the same server. Each
size is told anew: that many events of one recipient each, in one commit, and then the relay is woken once.
"""

import os
import shutil
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from portal.accounts.events import ClaimConfirmed
from portal.core.actor import system_actor
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow, record
from portal.embedded.run import QUEUES, ROOT_IS_MEANT
from portal.embedded.services import Services, start_services
from portal.embedded.system import temporary_folder
from portal.notifications.models import Delivery
from portal.notifications.sending.rendering import render_message
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.bench.sink import RunningSink, running_sink
from tests.services import Database, cloned_database
from tests.world.mail import AT, given_claims
from workers.queues import CeleryQueue

ROOT = Path(__file__).resolve().parents[2]
SIZES = (200, 2_000, 10_000)
FLOOR_MESSAGES = 2_000
AIM_OF_FLOOR = 0.5
AIM_DRAIN_SECONDS = 60
WARM_UP = 40
LONGEST = 600.0
CTX = Ctx(AT, system_actor("bench"))
Row = dict[str, float]
_numbers = count(1)


@dataclass(frozen=True)
class Bench:
    """A portal with its services, and the mail server that counts."""

    app: Flask
    database: Database
    services: Services
    sink: RunningSink
    folder: Path


def measure_messages(sizes: tuple[int, ...] = SIZES) -> dict[str, Row]:
    """Measure and print; return the rows by name."""
    folder = temporary_folder()
    rows: dict[str, Row] = {}
    try:
        with (
            start_services(folder, durable=True) as services,
            cloned_database(services, "portal_bench_messages", migrate) as database,
            running_sink(folder) as sink,
        ):
            app = app_for_tests(settings_for_tests(database, redis_url=services.redis_url, storage=folder))
            bench = Bench(app, database, services, sink, folder)
            _print("messages", "a second", "ms each", "ms of processor", "seconds", "of the floor")
            for workers in (1, 2):
                with _workers(bench, workers) as worker:
                    _told(bench, WARM_UP, worker)
                    floor = _floor(bench)
                    rows[f"floor beside {workers}"] = _shown("floor: smtplib, one connection", floor, floor)
                    for size in sizes:
                        name = f"{size} events, {workers} worker{'s' if workers > 1 else ''}"
                        rows[name] = _shown(name, _told(bench, size, worker), floor)
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
    finally:
        shutil.rmtree(folder)
    _compare(rows, sizes)
    return rows


def _shown(name: str, row: Row, floor: Row) -> Row:
    row["of_floor"] = row["per_second"] / floor["per_second"]
    figures = (
        f"{row['per_second']:.0f}",
        f"{row['ms_each']:.2f}",
        f"{row['cpu_ms_each']:.2f}",
        f"{row['seconds']:.1f}",
    )
    _print(name, *figures, f"{row['of_floor']:.0%}")
    return row


def _print(name: str, *figures: str) -> None:
    print(f"{name:34}" + "".join(f"{each:>17}" for each in figures), flush=True)


def _compare(rows: dict[str, Row], sizes: tuple[int, ...]) -> None:
    small, large = min(sizes), max(sizes)
    for workers in ("1 worker", "2 workers"):
        before, now = rows[f"{small} events, {workers}"], rows[f"{large} events, {workers}"]
        ratio = now["ms_each"] / before["ms_each"]
        print(f"{workers}: a message of {large} costs {ratio:.2f} times one of {small}; {now['seconds']:.0f} s for all")
    print(f"aims: {AIM_OF_FLOOR:.0%} of the floor with one worker, {max(sizes)} within {AIM_DRAIN_SECONDS} s")


def _row(messages: int, seconds: float, cpu: float) -> Row:
    """``cpu``: seconds of processor of whoever sent, without the database and the mail server."""
    each = {"ms_each": seconds / messages * 1000, "cpu_ms_each": cpu / messages * 1000}
    return {"per_second": messages / seconds, "seconds": seconds, **each}


def _cpu_of(parent: int) -> float:
    """Return the seconds of processor that a process and its children used up to now."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    ticks = 0
    for pid in (str(parent), *children):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _told(bench: Bench, size: int, worker: int) -> Row:
    """Commit ``size`` events, wake the relay, and measure until the last message was taken."""
    first = next(_numbers) * 100_000
    with bench.app.app_context():
        for claim in given_claims(first, size):
            record(CTX, ClaimConfirmed(claim.id, claim.organisation_id))
        expected = bench.sink.taken() + size
        db.session.commit()
        db.session.remove()
    began, cpu = time.monotonic(), _cpu_of(worker)
    queue = CeleryQueue(bench.services.redis_url)
    queue.send("outbox.relay_events", queue="urgent")
    queue.celery.close()
    bench.sink.wait_for(expected, seconds=LONGEST)
    return _row(size, bench.sink.last_at() - began, _cpu_of(worker) - cpu)


def _floor(bench: Bench) -> Row:
    """Build and send what the portal sent last, again and again, with nothing but smtplib."""
    with bench.app.app_context():
        delivery = db.session.scalars(sa.select(Delivery).order_by(Delivery.id.desc()).limit(1)).one()
        made = render_message(bench.app, delivery, db.session.get_one(EventRow, delivery.event_id))
        db.session.rollback()
    text, html = (made.get_body((kind,)).get_content() for kind in ("plain", "html"))
    heads = [(name, str(value)) for name, value in made.items() if name.lower() not in ("content-type", "mime-version")]
    began, cpu = time.monotonic(), time.process_time()
    with smtplib.SMTP("127.0.0.1", bench.sink.port) as connection:
        for number in range(FLOOR_MESSAGES):
            message = EmailMessage()
            for name, value in heads:
                message[name] = f"person-{number}@example.be" if name == "To" else value
            message.set_content(text)
            message.add_alternative(html, subtype="html")
            connection.send_message(message)
    return _row(FLOOR_MESSAGES, time.monotonic() - began, time.process_time() - cpu)


@contextmanager
def _workers(bench: Bench, processes: int) -> Iterator[int]:
    """One worker as ``make run`` starts it, with so many processes; yields the number of its parent."""
    env = {
        **os.environ,
        **ROOT_IS_MEANT,
        "PORTAL_MODE": "test",
        "PORTAL_SECRET_KEY": "a-secret-of-the-bench-and-of-nothing-else",
        "PORTAL_DATABASE_URL": bench.database.app_url,
        "PORTAL_REDIS_URL": bench.services.redis_url,
        "PORTAL_SMTP_HOST": "127.0.0.1",
        "PORTAL_SMTP_PORT": str(bench.sink.port),
        "PORTAL_BASE_URL": "http://localhost",
        "PORTAL_STORAGE_PATH": str(bench.folder),
    }
    command = [sys.executable, "-m", "celery", "-A", "workers.app", "--quiet", "worker", "-Q", QUEUES]
    options = ["--concurrency", str(processes), "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    with (bench.folder / "worker.log").open("ab") as log:
        worker = subprocess.Popen([*command, *options], cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            yield worker.pid
        finally:
            worker.terminate()
            worker.wait(60)
