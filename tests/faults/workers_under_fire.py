"""Real workers as processes of their own, that a test can kill; the test plays beat, a tick a second."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from portal.embedded.run import QUEUES, ROOT_IS_MEANT
from tests.faults.killable import Killable
from tests.mail_sink import MailSink
from tests.services import Database
from workers.queues import CeleryQueue

ROOT = Path(__file__).parents[2]


class Workers(Killable):
    """``celery -A workers.app worker`` with two processes, or as many as are asked for."""

    processes = 2

    def __init__(
        self, database: Database, redis_url: str, sink: MailSink, folder: Path, *, processes: int = processes
    ) -> None:
        super().__init__()
        self.processes = processes
        self.queue = CeleryQueue(redis_url)
        self.log = folder / "worker.log"
        self.app, self.queues = "workers.app", QUEUES
        self.env = {
            **os.environ,
            **ROOT_IS_MEANT,
            "PORTAL_MODE": "test",
            "PORTAL_SECRET_KEY": "a-secret-of-the-tests-and-of-nothing-else",
            "PORTAL_DATABASE_URL": database.app_url,
            "PORTAL_REDIS_URL": redis_url,
            "PORTAL_SMTP_HOST": "127.0.0.1",
            "PORTAL_SMTP_PORT": str(sink.port),
            "PORTAL_BASE_URL": "http://localhost",
            "PORTAL_STORAGE_PATH": str(folder),
            "PORTAL_MAIL_LEASE": "4",
        }

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", self.app, "--quiet", "worker", "-Q", self.queues]
        sizes = ["--concurrency", str(self.processes), "--loglevel", "WARNING"]
        options = [*sizes, "--without-gossip", "--without-mingle"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *options], cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def kill_one(self) -> None:
        """SIGKILL one of the two processes that do the work, once there are; their parent starts another."""
        assert self._process is not None
        parent = self._process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
        for child in children[-1:]:
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
            self.kills += 1

    def _keep_alive(self) -> None:
        """As a service manager: a worker that loses its broker in the middle of an answer may end itself."""
        if self._process is not None and self._process.poll() is not None:
            self.kill_all()

    def run_until(self, is_over: Callable[[], bool], *, seconds: float, ticks: bool = True) -> bool:
        """Tick each second until ``is_over``; return whether it was within ``seconds``."""
        until, next_tick = time.monotonic() + seconds, 0.0
        while time.monotonic() < until:
            if is_over():
                return True
            self._keep_alive()
            if ticks and time.monotonic() >= next_tick:
                for task, queue in (
                    ("heart.beat", "urgent"),
                    ("outbox.relay_events", "urgent"),
                    ("mail.send_due", "mail"),
                ):
                    self.queue.send(task, queue=queue)
                next_tick = time.monotonic() + 1
            time.sleep(0.02)
        return False


@contextmanager
def workers(
    database: Database,
    redis_url: str,
    sink: MailSink,
    folder: Path,
    *,
    processes: int = Workers.processes,
    app: str = "workers.app",
    queues: str = QUEUES,
    **env: str,
) -> Iterator[Workers]:
    """Workers that end with the block, whatever happens in it; ``env`` adds to what they read."""
    made = Workers(database, redis_url, sink, folder, processes=processes)
    made.app, made.queues = app, queues
    made.env.update(env)
    made.start()
    try:
        yield made
    finally:
        made.end()
        made.queue.celery.close()
