"""Child processes that do not outlive their parent unnoticed."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from portal.embedded.system import RunAs


def start(
    command: Sequence[str | Path],
    *,
    at_our_death: signal.Signals,
    record: Path | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
    output: int | IO[bytes] | None = None,
    pass_fds: Sequence[int] = (),
    run_as: RunAs | None = None,
) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own, so that Ctrl-C reaches us alone and we choose the order of ending.

    ``at_our_death`` is what the system sends it when we are killed (where setpriv exists, that is on Linux);
    ``record`` is the file that lets stop_leftover find it at the next start where that failed.
    """
    setpriv = shutil.which("setpriv")
    tether = [setpriv, "--pdeathsig", at_our_death.name.removeprefix("SIG"), "--"] if setpriv else []
    child = subprocess.Popen(
        [*tether, *command],
        cwd=cwd,
        env=env,
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        pass_fds=pass_fds,
        start_new_session=True,
        **(run_as or {}),
    )
    if record is not None:
        record.write_text(f"{child.pid} {birth(child.pid)}\n")
    return child


def stop(child: subprocess.Popen[bytes], signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn, with the seconds it gets to work; at the last, kill the whole group."""
    for number, seconds in signals:
        if child.poll() is not None:
            break
        child.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
    kill_group(child.pid)
    child.wait(5)


def kill_group(leader: int) -> None:
    """Kill what is left of the group of this process."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def stop_leftover(record: Path, signals: Sequence[tuple[signal.Signals, float]]) -> bool:
    """Stop what a killed launcher left behind, told apart from a stranger with the same number by its hour of birth.

    Answers whether there was anything to stop.
    """
    try:
        number, born = record.read_text().split(maxsplit=1)
    except (FileNotFoundError, ValueError):
        return False
    pid, found = int(number), False
    for name, seconds in signals:
        if birth(pid) != born.strip():
            break
        found = True
        with suppress(ProcessLookupError):
            os.kill(pid, name)
        until = time.monotonic() + seconds
        while birth(pid) == born.strip() and time.monotonic() < until:
            time.sleep(0.05)
    record.unlink(missing_ok=True)
    return found


def birth(pid: int) -> str:
    """When this process was started, in the system's own words; empty where it does not live."""
    if Path("/proc/self/stat").exists():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return "" if fields[0] == "Z" else fields[19]
    answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip()
