"""Our own Valkey (or Redis) server: started and stopped."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redis

from portal.embedded import process
from portal.embedded.binaries import ValkeyProgram
from portal.embedded.data_folder import Passwords
from portal.embedded.errors import ServicesError
from portal.embedded.ports import LOOPBACK, free_port

STOP = ((signal.SIGTERM, 4.0),)
START_SECONDS = 20.0
DATABASES = 64  # each worker of a test run has one of its own


@contextmanager
def running(folder: Path, program: ValkeyProgram, passwords: Passwords, *, durable: bool) -> Iterator[str]:
    """A server that keeps its data in ``folder``/valkey (nowhere, where not durable); yields its address.

    Raises ServicesError where it cannot start.
    """
    data, record, log_path = folder / "valkey", folder / "valkey.process", folder / "valkey.log"
    process.stop_leftover(record, STOP)
    data.mkdir(mode=0o700, exist_ok=True)
    child, url = _start(program, data, record, log_path, passwords.valkey, durable=durable)
    try:
        yield url
    finally:
        process.stop(child, STOP)
        record.unlink(missing_ok=True)


def _start(
    program: ValkeyProgram, data: Path, record: Path, log_path: Path, password: str, *, durable: bool
) -> tuple[subprocess.Popen[bytes], str]:
    for _ in range(3):
        port = free_port()
        with log_path.open("ab") as log:
            child = process.start(
                [program.path, "-"],
                at_our_death=signal.SIGTERM,
                record=record,
                cwd=data,
                stdin=subprocess.PIPE,
                output=log,
            )
        _configure(child, port, password, durable=durable)
        url = f"redis://:{password}@{LOOPBACK}:{port}/0"
        if _wait(child, url):
            return child, url
        process.stop(child, STOP)
    raise ServicesError(f"Valkey did not start: see {log_path}.")


def _configure(child: subprocess.Popen[bytes], port: int, password: str, *, durable: bool) -> None:
    """Hand over the settings by the standard input, where no other user of the machine reads the password."""
    lines = [
        f"port {port}",
        f"bind {LOOPBACK}",
        f"requirepass {password}",
        f"databases {DATABASES}",
        "maxmemory-policy noeviction",  # a queue may refuse, never forget
        'save ""',
        f"appendonly {'yes' if durable else 'no'}",
    ]
    if child.stdin is None:
        raise ServicesError("Valkey has no standard input.")
    with suppress(BrokenPipeError):
        child.stdin.write("\n".join([*lines, ""]).encode())
    with suppress(BrokenPipeError):
        child.stdin.close()


def _wait(child: subprocess.Popen[bytes], url: str) -> bool:
    until = time.monotonic() + START_SECONDS
    with redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
        while child.poll() is None and time.monotonic() < until:
            with suppress(redis.RedisError):
                client.ping()
                return True
            time.sleep(0.03)
    return False
