"""A broker, a database server and a beat of the test's own, which it stops and starts again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import redis

from portal.embedded import postgres, process
from portal.embedded.binaries import chosen_kinds, find_postgres, find_valkey
from portal.embedded.data_folder import passwords_of
from portal.embedded.ports import LOOPBACK, free_port
from portal.embedded.system import postgres_account
from tests.faults.killable import Killable
from tests.services import Database
from tests.world.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


class Broker(Killable):
    """Valkey that keeps nothing: started again it is empty."""

    def __init__(self) -> None:
        super().__init__()
        self._program, self._port = find_valkey(chosen_kinds()).path, free_port()
        self.url = f"redis://{LOOPBACK}:{self._port}/0"

    def start(self) -> None:
        options = ["--port", str(self._port), "--bind", LOOPBACK, "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(
            [self._program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + PATIENCE
        with redis.Redis.from_url(self.url) as client:
            while time.monotonic() < until:
                with suppress(redis.RedisError):
                    client.ping()
                    return
                time.sleep(0.05)
        raise AssertionError("the broker does not start")


class DatabaseServer:
    """PostgreSQL that stops as an administrator or a crash stops it, and comes back on the same port and data."""

    def __init__(self, folder: Path, superuser_url: str) -> None:
        self._folder, self._url = folder, superuser_url
        self._again: subprocess.Popen[bytes] | None = None

    def restart(self, how: signal.Signals) -> None:
        """Stop it, ``how``: SIGINT is PostgreSQL's fast shutdown, SIGQUIT the one it recovers from; and start it."""
        pid = int((self._folder / "postgres" / "postmaster.pid").read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
        os.kill(pid, how)
        if self._again is not None:
            self._again.wait(PATIENCE)
        until = time.monotonic() + PATIENCE
        while process.birth(pid):
            assert time.monotonic() < until, "the database does not stop"
            time.sleep(0.05)
        with (self._folder / "postgres.log").open("ab") as log:
            account = postgres_account()
            at_our_death = signal.SIGQUIT
            self._again = process.start(
                command, at_our_death=at_our_death, cwd=Path("/"), output=log, run_as=account.run_as
            )
        while time.monotonic() < until:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self._url, connect_timeout=5).close()
                return
            time.sleep(0.05)
        raise AssertionError("the database does not start")

    def end(self) -> None:
        if self._again is not None:
            process.stop(self._again, postgres.STOP)


@contextmanager
def database_server(folder: Path) -> Iterator[tuple[DatabaseServer, Database]]:
    """A server with an empty database, without the tests' shortcuts: what it committed outlives its crash."""
    passwords = passwords_of(folder)
    with postgres.running(folder, find_postgres(chosen_kinds()), passwords, durable=True) as url:
        urls = [
            postgres.url_for(url, postgres.SUPERUSER, passwords.superuser),
            postgres.url_for(url, postgres.OWNER, passwords.owner),
            postgres.url_for(url, postgres.APP, passwords.app),
        ]
        server = DatabaseServer(folder, url)
        try:
            yield server, Database(*urls)
        finally:
            server.end()


class Beat(Killable):
    """``celery beat`` as ``make run`` starts it."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        super().__init__()
        self._env, self.log, self._schedule = env, folder / "beat.log", folder / "beat-schedule"

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", "workers.app", "--quiet", "beat", "--loglevel", "WARNING"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--schedule", str(self._schedule), "--pidfile", ""],
                cwd=ROOT,
                env=self._env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
