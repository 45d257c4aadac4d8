"""A web server whose process is killed in the moment between its commit and its call to the queue."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flask import Flask

from config import settings_from
from portal.core.queue import Queue
from tests.application import app_for_tests
from tests.bench.client import Browser, form_with
from tests.world.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


class KilledInstead(Queue):
    """Whoever calls the queue is killed: what the call would have woken is committed already."""

    def send(self, task: str, *, queue: str = "periodic", **arguments: str | int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def is_alive(self) -> bool:
        return True


def make() -> Flask:
    """The application that gunicorn serves."""
    return app_for_tests(settings_from(), queue=KilledInstead())


class DeadlyWeb:
    """Gunicorn with one process, which its master starts anew each time."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"

    def ask_for_a_password(self, address: str) -> None:
        """Post the form as a browser does; no answer comes."""
        browser = Browser(self._base)
        form = form_with(browser.get("/account/forgot").text, "email")
        values = [(name, address if name == "email" else value) for name, value in form]
        try:
            browser.post("/account/forgot", values)
        except (http.client.HTTPException, OSError):
            return
        raise AssertionError("the web process lives")


@contextmanager
def deadly_web(env: dict[str, str], log: Path) -> Iterator[DeadlyWeb]:
    """A server that ends with the block."""
    with socket.create_server(("127.0.0.1", 0)) as held, log.open("ab") as output:
        command = [sys.executable, "-m", "gunicorn", "tests.faults.deadly_web:make()"]
        number = held.fileno()
        sizes = ["--bind", f"fd://{number}", "--workers", "1", "--worker-class", "gthread", "--no-control-socket"]
        server = subprocess.Popen(
            [*command, *sizes, "--log-level", "warning"],
            cwd=ROOT,
            env=env,
            pass_fds=(number,),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield DeadlyWeb(held.getsockname()[1])
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait(PATIENCE)
