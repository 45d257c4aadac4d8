"""Every fault of the house strikes a fan-out: everybody is told, nobody two different things, and nothing is stuck.

In full size each fault has a fan-out of its own and prints its row of the table; in the small size they strike one
after another in the same. A message comes twice only where a process died between the mail server's OK and the commit,
and then with the same Message-ID.
"""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.embedded.system import temporary_folder
from tests.faults.deadly_web import deadly_web
from tests.faults.fan_out import Ground
from tests.faults.services_under_fire import Beat
from tests.faults.size import IS_FULL

AWAY_SECONDS = 2.0 if IS_FULL else 1.0
TWO_HOURS = 7200
WHO_FORGOT = ["person-1@example.be", "person-2@example.be"]

pytestmark = pytest.mark.timeout(500)


@pytest.fixture(scope="module")
def ground():
    with Ground(temporary_folder()) as made:
        yield made


def kill_one(ground):
    ground.running.kill_one()


def kill_all(ground):
    ground.running.kill_all()


def stop_broker_and_start_it_empty(ground):
    ground.broker.end()
    ground.running.kills += ground.running.processes  # a worker that loses its broker ends what it does
    time.sleep(AWAY_SECONDS)
    ground.broker.start()


def restart_database(ground):
    ground.server.restart(signal.SIGINT)


def crash_database(ground):
    ground.server.restart(signal.SIGQUIT)


def take_mail_server_away(ground):
    ground.sink.close()
    ground.wait_for_seconds(AWAY_SECONDS)
    ground.sink.open()


def refuse_for_now(ground):
    ground.sink.answer = "451 Try again later"
    ground.wait_for_seconds(AWAY_SECONDS)
    ground.sink.answer = ""


def greylist(ground):
    ground.sink.is_greylisting = True


def hang_up_after_data(ground):
    ground.sink.drops = 5


def start_beat(ground):
    ground.beat = Beat(ground.running.env, ground.folder)
    ground.beat.start()
    ground.also_end(ground.beat.end)


def kill_beat(ground):
    """Without its sweeps nothing would bring back what an emptied broker forgot."""
    ground.beat.kill_all()
    ground.empty_broker()


def kill_web_between_commit_and_kick(ground):
    with deadly_web(ground.running.env, ground.folder / "web.log") as web:
        for address in WHO_FORGOT:
            web.ask_for_a_password(address)


def fill_the_disk_of_the_logs(ground):
    ground.running.log = Path("/dev/full")
    ground.running.kill_all()
    ground.sink.drops = 3  # something to write about


def set_clock_forward(ground):
    """Every lease is over at once, and the next failure waits for a moment that lies far ahead."""
    ground.set_clock(TWO_HOURS)
    ground.sink.drops = 1
    ground.wait(ground.has_sign_from_the_future)


def set_clock_back(ground):
    ground.set_clock(0)
    ground.wait(lambda: not ground.has_sign_from_the_future())


@dataclass(frozen=True)
class Fault:
    """``ticks``: whether the test plays beat meanwhile."""

    name: str
    strikes: tuple[Callable[[Ground], object], ...]
    ticks: bool = True


FAULTS = [
    Fault("SIGKILL of a worker's process, 4 times", (kill_one,) * 4),
    Fault("SIGKILL of all workers, 3 times", (kill_all,) * 3),
    Fault("broker stopped, started empty", (stop_broker_and_start_it_empty,)),
    Fault("database restarted", (restart_database,)),
    Fault("database crashed", (crash_database,)),
    Fault("mail server away, then refusing", (take_mail_server_away, refuse_for_now)),
    Fault("mail server greylists everybody", (greylist,)),
    Fault("mail server hangs up after DATA", (hang_up_after_data,) * 3),
    Fault("beat killed, the broker emptied", (start_beat, kill_beat), ticks=False),
    Fault("web killed between commit and kick", (kill_web_between_commit_and_kick,)),
    Fault("clock two hours on, then back", (set_clock_forward, set_clock_back)),
    Fault("disk full for the workers' logs", (fill_the_disk_of_the_logs, kill_one)),
]
ONCE_EACH = Fault("all faults, one after another", tuple(dict.fromkeys(s for each in FAULTS for s in each.strikes)))


@pytest.mark.parametrize("fault", FAULTS if IS_FULL else [ONCE_EACH], ids=lambda fault: fault.name)
def test_everybody_is_told_once_whatever_strikes(ground, capsys, fault):
    ground.tell()
    struck = ground.fire([lambda each=each: each(ground) for each in fault.strikes], ticks=fault.ticks)
    ground.judge(capsys, fault.name, struck)
    if set_clock_back in fault.strikes:
        assert "clock set back" in ground.log.read_text(encoding="utf-8")
    if kill_web_between_commit_and_kick in fault.strikes:
        resets = {str(each["To"]) for each in ground.sink.messages if ".password-reset." in str(each["Message-ID"])}
        assert resets == set(WHO_FORGOT)
