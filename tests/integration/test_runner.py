"""The roof of make run: programs restarted, ended together, and the mail they send kept."""

import io
import os
import signal
import smtplib
import subprocess
import sys
import threading
from pathlib import Path

from portal.embedded import process
from portal.embedded.mail_server import MailFolder
from portal.embedded.ports import hold_first_free_port, hold_port
from portal.embedded.runner import Program, Runner
from tests.world.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
SLEEPER = "import os, time; print(os.getpid(), flush=True); time.sleep(100)"


def python(name: str, code: str) -> Program:
    return Program(name, [sys.executable, "-c", code], dict(os.environ))


def test_a_program_that_falls_after_a_while_is_started_again() -> None:
    screen = io.StringIO()
    runner = Runner(ROOT, screen, settled_seconds=0)
    runner.start(python("sleeper", SLEEPER))
    watching = threading.Thread(target=runner.watch)
    watching.start()
    first = int(str(until(screen.getvalue)).split("|")[1])
    os.kill(first, signal.SIGKILL)
    lines = until(lambda: screen.getvalue().splitlines()[2:])
    second = int(lines[0].split("|")[1])
    assert second != first
    assert screen.getvalue().splitlines()[1] == "sleeper | ended (exit -9) and is started again."
    runner.over.set()
    watching.join()
    runner.end()
    assert not process.birth(second)
    assert not runner.failed


def test_a_program_that_falls_at_once_ends_the_watch() -> None:
    screen = io.StringIO()
    runner = Runner(ROOT, screen)
    runner.start(python("sleeper", SLEEPER))
    runner.start(python("faller", "raise SystemExit(3)"))
    runner.watch()
    assert runner.failed
    assert "faller  | does not stay up (exit 3): the portal stops." in screen.getvalue()
    sleeper = int(next(line for line in screen.getvalue().splitlines() if line.startswith("sleeper")).split("|")[1])
    assert process.birth(sleeper)
    runner.end()
    assert not process.birth(sleeper)


def test_the_log_has_every_line_and_the_screen_what_a_person_should_read() -> None:
    screen, log = io.StringIO(), io.StringIO()
    runner = Runner(ROOT, screen, log=log)
    lines = ['{"event": "request", "level": "info"}', '{"event": "away", "level": "warning"}', "Traceback", "12"]
    runner.start(python("worker", f"print({chr(10).join(lines)!r})"))
    until(lambda: "12" in log.getvalue())
    runner.end()
    assert [line.split("| ")[1] for line in log.getvalue().splitlines()] == lines
    assert [line.split("| ")[1] for line in screen.getvalue().splitlines()] == lines[1:]


def test_a_program_deaf_to_the_request_is_killed_with_its_children() -> None:
    deaf = "import signal, subprocess, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    screen = io.StringIO()
    runner = Runner(ROOT, screen, end_seconds=0.5)
    runner.start(python("deaf", f"{deaf} subprocess.run([sys.executable, '-c', {SLEEPER!r}])"))
    child = int(str(until(screen.getvalue)).split("|")[1])
    runner.end()
    until(lambda: not process.birth(child))


def test_the_mail_server_keeps_what_it_acknowledged_in_the_order_of_arrival(tmp_path: Path) -> None:
    MailFolder(tmp_path).keep(b"Subject: from an earlier run\r\n\r\n")
    with hold_port(0) as held:
        command = [sys.executable, "-m", "portal.embedded.mail_server", tmp_path, str(held.fileno())]
        with subprocess.Popen(command, cwd=ROOT, pass_fds=(held.fileno(),)) as server:
            port = held.getsockname()[1]
            client = until(lambda: connected(port))
            with client:
                for subject in ("één", "twee"):
                    message = f"Subject: {subject}\r\n\r\nTekst\r\n".encode()
                    client.sendmail("portaal@example.org", ["lead@example.org", "tweede@example.org"], message)
            server.send_signal(signal.SIGTERM)
            assert server.wait(PATIENCE) == 0
    kept = sorted(tmp_path.iterdir())
    assert [path.name for path in kept] == ["000000001.eml", "000000002.eml", "000000003.eml"]
    assert kept[1].read_text() == (
        "X-Envelope-From: portaal@example.org\nX-Envelope-To: lead@example.org, tweede@example.org\n"
        "Subject: één\n\nTekst\n"
    )
    assert "Subject: twee" in kept[2].read_text()


def connected(port: int) -> smtplib.SMTP | None:
    try:
        return smtplib.SMTP("127.0.0.1", port, timeout=5)
    except ConnectionRefusedError:
        return None


def test_the_default_port_moves_to_the_next_free_one() -> None:
    with hold_port(0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with hold_first_free_port(port) as held:
            assert port < held.getsockname()[1] < port + 100
