"""A real broker and a real worker in this process; committed data, deleted after each test."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg
import pytest
from celery.contrib.testing.worker import start_worker
from celery.signals import task_postrun, worker_process_init
from flask import Flask
from psycopg import sql

import workers.signals  # noqa: F401 - connected before our own, see ``run``
from portal.core.db import db
from portal.core.mailer import SmtpMailer
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.mail_sink import MailSink
from tests.services import Database, cloned_database, worker_number
from tests.world.waiting import PATIENCE
from workers.app import celery
from workers.base import use_app
from workers.queues import NAMES

KEPT = {"alembic_version", "municipality", "postal_code"}


@pytest.fixture(scope="session")
def sink() -> Iterator[MailSink]:
    made = MailSink()
    made.open()
    yield made
    made.close()


@pytest.fixture(scope="session")
def worker_database(services) -> Iterator[Database]:
    with cloned_database(services, f"portal_workers_{worker_number()}", migrate) as cloned:
        yield cloned


@pytest.fixture(scope="session")
def worker_app(worker_database, redis_url, sink, tmp_path_factory) -> Iterator[Flask]:
    settings = settings_for_tests(worker_database, redis_url=redis_url, storage=tmp_path_factory.mktemp("files"))
    settings = replace(settings, smtp_port=sink.port)
    mailer = SmtpMailer("127.0.0.1", sink.port)
    app = app_for_tests(settings, mailer=mailer)  # its queue is silent: a test says which task runs when
    yield app
    use_app(None)
    mailer.close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def run(worker_app, redis_url) -> Iterator[Callable[[str], None]]:
    """``run("mail.send_due")``: sends the task through the broker, and returns when the worker has done it."""
    done: dict[str, threading.Event] = {}

    def tell(task_id: str = "", **_: object) -> None:
        done.setdefault(task_id, threading.Event()).set()

    def send(name: str) -> None:
        sent = celery.send_task(name, queue="mail")
        assert done.setdefault(sent.id, threading.Event()).wait(PATIENCE), f"{name} was not done in time"

    def work_here(**_: object) -> None:
        use_app(worker_app)

    celery.conf.broker_url = redis_url
    worker_process_init.connect(work_here, weak=False)  # after the worker's own, which forgets the application
    task_postrun.connect(tell, weak=False)
    with start_worker(
        celery, perform_ping_check=False, pool="solo", queues=list(NAMES), loglevel="ERROR", shutdown_timeout=20
    ):
        yield send
    task_postrun.disconnect(tell)
    worker_process_init.disconnect(work_here)


@pytest.fixture(autouse=True)
def clean(worker_database, sink) -> Iterator[None]:
    """Delete what the test committed: replica mode, so that neither triggers nor foreign keys ask for an order."""
    sink.forget()
    yield
    with psycopg.connect(worker_database.superuser_url) as hand:
        tables = hand.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        hand.execute("SET session_replication_role = replica")
        for (name,) in tables:
            if name not in KEPT:
                hand.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
