"""The demo as `make run` starts it, once for all journeys: real web, workers, beat, mail, and a real browser."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.embedded.ports import free_port
from portal.embedded.system import temporary_folder
from tests.world.player import Player
from tests.world.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def demo_address():
    """The address of a running demo: a fresh one, or the one that PORTAL_DEMO_ADDRESS names (while writing a journey)."""
    if running := os.environ.get("PORTAL_DEMO_ADDRESS"):
        yield running
        return
    folder, port = temporary_folder(), free_port()
    screen = folder / "screen"
    env = {**os.environ, "PORTAL_DATA": str(folder / "data")}
    with screen.open("wb") as out:
        portal = subprocess.Popen(
            [sys.executable, "-m", "portal.embedded.run", str(port)],
            cwd=ROOT, env=env, stdout=out, stderr=out, process_group=0,
        )  # fmt: skip
        try:
            _wait(portal, screen)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(portal.pid, signal.SIGINT)
            portal.wait(PATIENCE)
    shutil.rmtree(folder)


def _wait(portal, screen):
    end = time.monotonic() + 180
    while "The portal is open" not in screen.read_text():
        assert portal.poll() is None, screen.read_text()
        assert time.monotonic() < end, screen.read_text()
        time.sleep(0.3)


def _restore(played):
    """Put the starting world back. It waits until no worker is busy with what must be emptied."""
    played.open("/demo/restore").press("terug").sees("De beginwereld is terug")


@pytest.fixture
def player(demo_address, chromium):
    """A browser on the starting world, signed in as nobody."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="nl-BE")
    played = Player(context.new_page(), demo_address)
    _restore(played)
    yield played
    context.close()
