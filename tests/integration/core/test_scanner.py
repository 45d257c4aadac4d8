"""The scanner over a real socket: clean only where clamd saw the whole file and said so."""

import shutil
import socket
import subprocess

import pytest

from portal.core.scanner import Clean, Infected, NotScanned, Scanner, scanner_at
from tests.world.clamd import EICAR, SIGNATURE, SmallClamd, nobody_listens
from tests.world.waiting import PATIENCE, until

ONE_MB = bytes(1024 * 1024)


def test_clean_and_infected():
    with SmallClamd() as clamd:
        scanner = scanner_at(clamd.address)
        assert scanner.scan(b"%PDF-1.4 an agreement") == Clean()
        assert scanner.scan(ONE_MB * 20) == Clean()
        assert scanner.scan(ONE_MB + EICAR) == Infected(SIGNATURE)


def test_where_nobody_listens_the_scanner_is_away(tmp_path):
    assert Scanner(nobody_listens()).scan(EICAR) == NotScanned("away")
    assert Scanner(str(tmp_path / "clamd.sock")).scan(EICAR) == NotScanned("away")


def test_a_scanner_that_says_nothing_is_away():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        scanner = Scanner(f"127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
        assert scanner.scan(EICAR) == NotScanned("away")


@pytest.mark.parametrize("content", [b"short", ONE_MB * 20])
def test_a_scanner_that_hangs_up_said_nothing(content):
    with SmallClamd(hangs_up=True) as clamd:
        assert Scanner(clamd.address).scan(content) == NotScanned("broken")


def test_a_stream_that_is_too_long_for_the_scanner_was_not_scanned():
    with SmallClamd(largest=1000) as clamd:
        scanner = Scanner(clamd.address)
        assert scanner.scan(ONE_MB * 20).reason in ("too-large", "broken")  # a reset may overtake clamd's last words
        assert scanner.scan(bytes(1001)) == NotScanned("too-large")
        assert scanner.scan(bytes(1000)) == Clean()


def test_without_an_address_there_is_no_scanner():
    assert scanner_at("") is None


def listens(path):
    """Whether somebody answers at this socket: its file is there a moment before."""
    with socket.socket(socket.AF_UNIX) as link:
        return link.connect_ex(str(path)) == 0


@pytest.fixture
def clamd(tmp_path):
    """A real clamd whose only signature is EICAR's, so that it starts at once."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    assert program, "clamd is missing: .ci/prepare test installs it (on Debian: clamav-daemon)"
    (tmp_path / "signatures").mkdir()
    line = f"{SIGNATURE}:0:*:{EICAR.hex()}\n"
    (tmp_path / "signatures" / "eicar.ndb").write_text(line)
    settings = f"DatabaseDirectory {tmp_path}/signatures\nLocalSocket {tmp_path}/clamd.sock\nForeground yes\n"
    limits = "StreamMaxLength 2M\nAlertExceedsMax yes\nMaxFileSize 1M\n"
    (tmp_path / "clamd.conf").write_text(settings + limits)
    running = subprocess.Popen(
        [program, "-c", str(tmp_path / "clamd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    until(lambda: running.poll() is not None or listens(tmp_path / "clamd.sock"))
    assert running.poll() is None, "clamd did not start"
    yield str(tmp_path / "clamd.sock")
    running.terminate()
    running.wait(PATIENCE)


def test_a_real_clamd_says_the_same(clamd):
    scanner = Scanner(clamd)
    assert scanner.scan(b"%PDF-1.4 an agreement") == Clean()
    assert scanner.scan(EICAR) == Infected(f"{SIGNATURE}.UNOFFICIAL")
    assert scanner.scan(bytes(1024 * 1024 + 1)) == NotScanned("too-large"), "limits that clamd would call clean"
    assert isinstance(scanner.scan(ONE_MB * 20), NotScanned), "clamd breaks the stream off"
