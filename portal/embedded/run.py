"""``make run``: the whole portal on one machine, until Ctrl-C.

``python -m portal.embedded.run [PORT]``. Without a PORT, 5000 or the next free one.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from portal.embedded.data_folder import passwords_of
from portal.embedded.errors import ServicesError
from portal.embedded.ports import LOOPBACK, hold_first_free_port, hold_port
from portal.embedded.runner import Program, Runner
from portal.embedded.services import Services, start_services
from portal.embedded.system import postgres_account, reachable_folder

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("PORTAL_DATA", ROOT / "var"))
FIRST_PORT = 5000
QUEUES = "urgent,mail,files,periodic"
WORKER_PROCESSES = 2
READY_SECONDS = 120.0
LOG = "portal.log"
ROOT_IS_MEANT = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}


class Stopped(BaseException):
    """Ctrl-C, or the system's request to end. Not an Exception, so that nothing on the way takes it for an error."""


def main(arguments: list[str]) -> int:
    """Run the portal; answers the exit code. Errors a person can act on are one line."""
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)
    try:
        with _web_socket(arguments) as web, hold_port(0) as mail:
            folder = reachable_folder(DATA, postgres_account())
            print("Starting PostgreSQL and Valkey …", flush=True)
            with start_services(folder, durable=True) as services:
                env = environment(services, folder, web, mail)
                return _run(env, services.owner_url, programs(env, folder, web, mail))
    except ServicesError as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped:
        print("Stopped.", flush=True)
        return 0


def environment(services: Services, folder: Path, web: socket.socket, mail: socket.socket) -> Mapping[str, str]:
    """What web, workers and beat read in config.py; what the person has set already stands."""
    ours = {
        "PORTAL_MODE": "demo",
        "PORTAL_DATABASE_URL": services.app_url,
        "PORTAL_REDIS_URL": services.redis_url,
        "PORTAL_SECRET_KEY": passwords_of(folder).secret_key,
        "PORTAL_BASE_URL": f"http://{LOOPBACK}:{web.getsockname()[1]}",
        "PORTAL_SMTP_HOST": LOOPBACK,
        "PORTAL_SMTP_PORT": str(mail.getsockname()[1]),
        "PORTAL_MAIL_STORE": str(DATA / "mail"),
        "PORTAL_STORAGE_PATH": str(DATA / "files"),
        "PYTHONUNBUFFERED": "1",
    }
    kept = {name: value for name, value in os.environ.items() if name != "PORTAL_DATABASE_OWNER_URL"}
    return {**ours, **kept}


def programs(env: Mapping[str, str], folder: Path, web: socket.socket, mail: socket.socket) -> list[Program]:
    """The programs of the portal, in the order of their start."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "workers.app", "--quiet"]
    mailbox = ["portal.embedded.mail_server", env["PORTAL_MAIL_STORE"]]
    worker = ["worker", "-Q", QUEUES, "--concurrency", str(WORKER_PROCESSES), "--loglevel", "WARNING"]
    schedule = folder / "beat-schedule"
    beat = ["beat", "--loglevel", "WARNING", "--schedule", str(schedule), "--pidfile", ""]
    return [
        Program("mail", [*python, *mailbox, str(mail.fileno())], env, (mail.fileno(),)),
        web_server(env, web),
        Program("worker", [*celery, *worker, "--without-gossip", "--without-mingle"], {**env, **ROOT_IS_MEANT}),
        Program("beat", [*celery, *beat], env),
    ]


def web_server(env: Mapping[str, str], web: socket.socket) -> Program:
    """The program that answers browsers on the bound socket ``web``."""
    server = ["-m", "gunicorn", "wsgi:app", "--bind", f"fd://{web.fileno()}", "--worker-class", "gthread"]
    sizes = ["--workers", "2", "--threads", "4", "--graceful-timeout", "5", "--no-control-socket"]
    return Program("web", [sys.executable, *server, *sizes, "--log-level", "warning"], env, (web.fileno(),))


@contextmanager
def _web_socket(arguments: list[str]) -> Iterator[socket.socket]:
    if not arguments:
        held = hold_first_free_port(FIRST_PORT)
    elif arguments[0].isdecimal() and 0 < int(arguments[0]) < 65536:
        held = hold_port(int(arguments[0]))
    else:
        raise ServicesError(f"PORT is {arguments[0]!r}: it is a number from 1 to 65535.")
    with held:
        yield held


def _run(env: Mapping[str, str], owner_url: str, started: list[Program]) -> int:
    print("Preparing the database …", flush=True)
    init = [sys.executable, "-m", "flask", "--app", "wsgi", "init"]
    with_owner = {**env, "PORTAL_DATABASE_OWNER_URL": owner_url}
    if subprocess.run(init, cwd=ROOT, env=with_owner, check=False).returncode:
        raise ServicesError("The database could not be prepared: see the lines above.")
    DATA.mkdir(parents=True, exist_ok=True)
    with (DATA / LOG).open("w", encoding="utf-8") as log:
        runner = Runner(ROOT, log=log)
        try:
            for program in started:
                runner.start(program)
            threading.Thread(target=_announce, args=(runner, env), daemon=True).start()
            runner.watch()
        finally:
            _leave_signals()
            runner.end()
    return 1 if runner.failed else 0


def _announce(runner: Runner, env: Mapping[str, str]) -> None:
    """Say where to go once the portal says that it is ready, or what it still misses after two minutes."""
    url, until = env["PORTAL_BASE_URL"], time.monotonic() + READY_SECONDS
    answer = "no answer"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy knows nothing of our loopback
    while not runner.over.wait(0.3):
        try:
            with direct.open(f"{url}/readyz", timeout=5):
                runner.say("portal", f"The portal is open: {url}")
                runner.say("portal", f"Ctrl-C stops it; the data stay in {DATA}, each request and task in {LOG} there.")
                return
        except urllib.error.HTTPError as error:
            answer = error.read(300).decode(errors="replace").strip()
        except OSError as error:
            answer = str(error)
        if time.monotonic() > until:
            runner.say("portal", f"Not ready yet: {answer}")
            until = time.monotonic() + READY_SECONDS


def _leave_signals() -> None:
    # The first signal ends the portal; a second one must not interrupt the ending and leave something behind.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # what signal.signal asks for
    _leave_signals()
    raise Stopped


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
