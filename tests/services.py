"""One PostgreSQL and one Valkey for a whole test run, started when the first test asks for them.

The controller of pytest-xdist owns them (a worker may end before the others); its workers ask it over a local
connection. Each worker has a database of its own, cloned from a template that the migrations made once, and a
database number of its own in Valkey.
"""

import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from multiprocessing.connection import Client, Listener
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from portal.embedded.postgres import OWNER
from portal.embedded.services import Services, start_services
from portal.embedded.system import temporary_folder

TEMPLATE = "portal_template"
TEMPLATE_LOCK = 20_220_620  # any number, the same for all workers


@dataclass(frozen=True)
class Database:
    """The addresses of one database, for each of the three roles."""

    superuser_url: str
    owner_url: str
    app_url: str


class ServiceHost:
    """Starts the services at the first ``services()`` and stops them at ``stop()``; answers other processes too."""

    def __init__(self) -> None:
        self._held = ExitStack()
        self._lock = threading.Lock()
        self._services: Services | None = None
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None
        self._key = secrets.token_bytes(16)

    def services(self) -> Services:
        with self._lock:
            if self._services is None:
                self._services = self._held.enter_context(services_for_tests())
            return self._services

    def invitation(self) -> dict[str, object]:
        """What a worker needs to ask us, in values that xdist can carry."""
        if self._listener is None:
            self._listener = Listener(("127.0.0.1", 0), authkey=self._key)
            self._thread = threading.Thread(target=self._answer, args=(self._listener,), daemon=True)
            self._thread.start()
        return {"services_port": self._listener.address[1], "services_key": self._key.hex()}

    def stop(self) -> None:
        self._held.close()
        if self._listener is None or self._thread is None:
            return
        with Client(self._listener.address, authkey=self._key) as connection:
            connection.send("stop")
        self._thread.join(10)
        self._listener.close()

    def _answer(self, listener: Listener) -> None:
        # This thread outlives the services it starts: Linux counts the end of a thread as its children's orphaning.
        while True:
            with listener.accept() as connection:
                if connection.recv() == "stop":
                    return
                try:
                    connection.send(asdict(self.services()))
                except Exception as error:  # noqa: BLE001  # the worker that asked reports it
                    connection.send(repr(error))


def services_from(invitation: dict[str, object]) -> Services:
    """Ask the controller, as a worker of xdist."""
    address = ("127.0.0.1", invitation["services_port"])
    with Client(address, authkey=bytes.fromhex(str(invitation["services_key"]))) as connection:
        connection.send("services")
        answer = connection.recv()
    if isinstance(answer, str):
        raise RuntimeError(answer)  # noqa: TRY004  # no wrong type: it is what went wrong over there
    return Services(**answer)


@contextmanager
def services_for_tests() -> Iterator[Services]:
    """Services in a temporary folder, without fsync."""
    folder = temporary_folder()
    try:
        with start_services(folder, durable=False) as services:
            if not services.superuser_url:
                raise RuntimeError("The tests make databases: PORTAL_DATABASE_SUPERUSER_URL is missing.")
            yield services
    finally:
        shutil.rmtree(folder)


def worker_number() -> int:
    """0 without pytest-xdist; its workers count from 1."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(worker.removeprefix("gw")) + 1 if worker else 0


def redis_url_of(services: Services, number: int) -> str:
    return urlsplit(services.redis_url)._replace(path=f"/{number}").geturl()


@contextmanager
def cloned_database(
    services: Services, name: str, fill: Callable[[Database], None], *, template: str = TEMPLATE
) -> Iterator[Database]:
    """A fresh database as ``fill`` made it, mostly by every migration; dropped afterwards.

    ``fill`` is called once per test run and template, on an empty database.
    """
    with psycopg.connect(services.superuser_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        try:
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [template]).rowcount:
                _make_template(connection, services, fill, template)
            _drop(connection, name)
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY OWNER {}").format(
                    sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER)
                )
            )
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
        try:
            yield database_named(services, name)
        finally:
            _drop(connection, name)


def database_named(services: Services, name: str) -> Database:
    """The addresses of another database of the same server."""
    urls = (services.superuser_url, services.owner_url, services.app_url)
    return Database(*(urlsplit(url)._replace(path=f"/{name}").geturl() for url in urls))


def _make_template(
    connection: psycopg.Connection, services: Services, fill: Callable[[Database], None], template: str
) -> None:
    unfinished = f"{template}_unfinished"
    _drop(connection, unfinished)
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(unfinished), sql.Identifier(OWNER)))
    fill(database_named(services, unfinished))
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(template))
    )


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
