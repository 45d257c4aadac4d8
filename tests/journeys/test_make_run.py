"""What a newcomer does: start the portal, look at it, stop it, start it again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from portal.embedded import process
from portal.embedded.ports import free_port
from portal.embedded.system import temporary_folder
from tests.world.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(240)


@contextmanager
def running_portal(data: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The portal without the demo's world, in a group of its own, as a shell starts it, until the block ends."""
    env = {**os.environ, "PORTAL_DATA": str(data), "PORTAL_MODE": "test"}
    with (data.parent / "screen").open("wb") as screen:
        command = [sys.executable, "-m", "portal.embedded.run", str(port)]
        with subprocess.Popen(command, cwd=ROOT, env=env, stdout=screen, stderr=screen, process_group=0) as portal:
            try:
                wait_until_open(portal, port, data.parent / "screen")
                yield portal
            finally:
                if portal.poll() is None:
                    os.killpg(portal.pid, signal.SIGINT)


def wait_until_open(portal: subprocess.Popen[bytes], port: int, screen: Path) -> None:
    end = time.monotonic() + 150
    while f"The portal is open: http://127.0.0.1:{port}" not in screen.read_text():
        assert portal.poll() is None, screen.read_text()
        assert time.monotonic() < end, screen.read_text()
        time.sleep(0.2)


def status_of(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def descendants(pid: int) -> set[int]:
    """Every process below this one, whatever group it is in."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found, fresh = set(), {pid}
    while fresh:
        found |= fresh
        fresh = {child for child, parent in parents.items() if parent in fresh}
    return found - {pid}


def database_of(data: Path) -> str:
    """The address of the running portal's database, from what lies in its data folder."""
    port = (data / "postgres" / "postmaster.pid").read_text().splitlines()[3]
    password = json.loads((data / "passwords.json").read_text())["owner"]
    return f"postgresql://portal_owner:{password}@127.0.0.1:{port}/portal"


@pytest.fixture
def data() -> Iterator[Path]:
    folder = temporary_folder()
    yield folder / "my data"
    shutil.rmtree(folder)


def test_it_opens_ends_everything_on_ctrl_c_and_keeps_its_data(data: Path) -> None:
    port = free_port()
    with running_portal(data, port) as portal:
        assert status_of(port, "/readyz") == 200
        with psycopg.connect(database_of(data)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'strategie' AS word")
        started = descendants(portal.pid)
        assert len(started) > 8  # two services, the mail server, gunicorn, worker and beat, with their own children
        os.killpg(portal.pid, signal.SIGINT)
        assert portal.wait(PATIENCE) == 0
    assert not [pid for pid in started if process.birth(pid)]

    with running_portal(data, port) as portal:
        assert status_of(port, "/readyz") == 200
        with psycopg.connect(database_of(data)) as connection:
            assert connection.execute("SELECT word FROM kept").fetchone() == ("strategie",)
        portal.terminate()
        assert portal.wait(PATIENCE) == 0
