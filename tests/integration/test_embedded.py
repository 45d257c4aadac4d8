"""The launcher's services: each kind starts, keeps its data, and survives whatever a killed launcher leaves behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from portal.embedded import postgres, process, valkey
from portal.embedded.binaries import Kind, PostgresPrograms, find_postgres, find_valkey
from portal.embedded.data_folder import FolderInUseError, passwords_of
from portal.embedded.errors import ServicesError
from portal.embedded.ports import free_port
from portal.embedded.reset import reset
from portal.embedded.services import Services, start_services
from portal.embedded.system import postgres_account, reachable_folder, temporary_folder

ROOT = Path(__file__).parents[2]
KINDS: tuple[Kind, ...] = ("wheel", "system")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose name is no trouble-free one, and an environment that names no services."""
    for name in list(os.environ):
        if name.startswith("PORTAL_"):
            monkeypatch.delenv(name)
    made = temporary_folder() / "a folder's data é"
    made.mkdir(mode=0o711)
    yield made
    shutil.rmtree(made.parent)


def on_this_machine(pattern: str, *names: str) -> bool:
    """Whether the machine has programs of its own: what .ci/run installs, and a newcomer need not have."""
    return any(Path("/").glob(pattern.removeprefix("/"))) or any(shutil.which(name) for name in names)


def write(services: Services) -> None:
    with psycopg.connect(services.owner_url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('strategie')")
    with redis.Redis.from_url(services.redis_url) as client:
        client.set("kept", "strategie")


def read(services: Services) -> tuple[str, str]:
    with psycopg.connect(services.owner_url) as connection:
        row = connection.execute("SELECT word FROM kept").fetchone()
    with redis.Redis.from_url(services.redis_url, decode_responses=True) as client:
        return row[0], client.get("kept")


@pytest.mark.parametrize("kind", KINDS)
def test_postgresql_of_each_kind_gives_an_owner_who_may_make_tables_and_an_application_who_may_not(
    folder: Path, kind: Kind
) -> None:
    if kind == "system" and not on_this_machine("/usr/lib/postgresql/*/bin/postgres", "postgres"):
        with pytest.raises(ServicesError, match="install the package postgresql"):
            find_postgres((kind,))
        return
    programs = find_postgres((kind,))
    passwords = passwords_of(folder)
    with postgres.running(folder, programs, passwords, durable=False) as superuser_url:
        with psycopg.connect(postgres.url_for(superuser_url, postgres.OWNER, passwords.owner)) as owner:
            owner.execute("CREATE EXTENSION btree_gist")
            owner.execute("CREATE TABLE round (id int)")
            assert owner.execute("SELECT lower('ÉÉN')").fetchone() == ("één",)
            roles = owner.execute("SELECT rolname FROM pg_roles WHERE rolsuper").fetchall()
        assert roles == [(postgres.SUPERUSER,)]
        with psycopg.connect(postgres.url_for(superuser_url, postgres.APP, passwords.app)) as app:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("CREATE TABLE mine (id int)")
            app.rollback()
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("SELECT * FROM round")


@pytest.mark.parametrize("kind", KINDS)
def test_valkey_of_each_kind_answers_whoever_has_the_password(folder: Path, kind: Kind) -> None:
    if kind == "system" and not on_this_machine("/usr/bin/redis-server", "redis-server", "valkey-server"):
        with pytest.raises(ServicesError, match="install the package redis-server"):
            find_valkey((kind,))
        return
    program = find_valkey((kind,))
    with valkey.running(folder, program, passwords_of(folder), durable=False) as url:
        with redis.Redis.from_url(url) as client:
            assert client.incr("count") == 1
        place = url.rpartition("@")[2]
        with redis.Redis.from_url(f"redis://{place}") as stranger, pytest.raises(redis.AuthenticationError):
            stranger.get("count")


def test_a_restart_keeps_the_data(folder: Path) -> None:
    with start_services(folder, durable=True) as first:
        write(first)
    with start_services(folder, durable=True) as second:
        assert read(second) == ("strategie", "strategie")


LAUNCHER = """
import sys, time
from pathlib import Path
from portal.embedded.services import start_services
with start_services(Path(sys.argv[1]), durable=True) as services:
    print(services.owner_url, services.redis_url, flush=True)
    time.sleep(100)
"""


def killed_launcher(folder: Path, path: str) -> list[int]:
    """Write something through a launcher, kill it, and answer the processes that it had started."""
    command = [sys.executable, "-c", LAUNCHER, folder]
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, cwd=ROOT) as launcher:
        owner_url, redis_url = launcher.stdout.readline().split()
        write(Services("", owner_url, "", redis_url))
        launcher.kill()
    return [int((folder / name).read_text().split()[0]) for name in ("postgres.process", "valkey.process")]


def test_a_killed_launcher_takes_its_services_along_and_the_next_one_finds_the_data(folder: Path) -> None:
    killed_launcher(folder, os.environ["PATH"])
    with start_services(folder, durable=True) as services:
        assert read(services)[0] == "strategie"


def test_services_that_outlive_a_killed_launcher_are_stopped_by_the_next(folder: Path) -> None:
    bare = folder.parent / "bin"  # without setpriv, as on other systems, nobody tells the services of the death
    bare.mkdir()
    (bare / "test").symlink_to(shutil.which("test"))
    survivors = killed_launcher(folder, str(bare))
    assert all(process.birth(pid) for pid in survivors)
    with start_services(folder, durable=True) as services:
        assert read(services) == ("strategie", "strategie")
        assert not any(process.birth(pid) for pid in survivors)


def test_a_stale_pid_file_with_a_strangers_number_harms_neither_the_start_nor_the_stranger(folder: Path) -> None:
    with start_services(folder, durable=True) as first:
        write(first)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"])
    account = postgres_account()
    pid_file = folder / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{stranger.pid}\n{folder / 'postgres'}\n")
    account.own(pid_file)
    for name in ("postgres.process", "valkey.process"):
        (folder / name).write_text(f"{stranger.pid} born-another-day\n")
    with start_services(folder, durable=True) as second:
        assert read(second)[0] == "strategie"
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_two_launchers_cannot_share_a_folder_and_the_second_says_so(folder: Path) -> None:
    with start_services(folder, durable=True) as first:
        with (
            pytest.raises(FolderInUseError, match="already runs"),
            start_services(folder, durable=True),
        ):
            pass
        write(first)
        assert read(first) == ("strategie", "strategie")


def test_a_folder_and_programs_out_of_reach_get_a_twin_as_root_and_stay_as_anyone_else(folder: Path) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    chosen = reachable_folder(private / "var", postgres_account())
    assert reachable_folder(private / "var", postgres_account()) == chosen
    assert (chosen != private / "var") == (os.getuid() == 0)

    wheel = find_postgres(("wheel",))
    package = wheel.bin.parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, private / part.name, symlinks=True)
    hidden = PostgresPrograms(private / package.name / "pginstall" / "bin", wheel.version, "wheel")
    try:
        with (
            postgres.running(chosen, hidden, passwords_of(chosen), durable=False) as url,
            psycopg.connect(url) as connection,
        ):
            row = connection.execute("SHOW server_version_num").fetchone()
        assert int(row[0]) // 10_000 == wheel.version
    finally:
        shutil.rmtree(chosen)


def test_reset_says_what_it_deletes_and_refuses_while_the_portal_runs(folder: Path) -> None:
    with start_services(folder, durable=True) as services:
        with pytest.raises(ServicesError, match="stop that one first"):
            reset(folder)
        write(services)
        assert read(services) == ("strategie", "strategie")
    assert folder / "postgres" in reset(folder)
    assert list(folder.iterdir()) == []
    assert reset(folder / "never-made") == []


def test_data_of_another_version_are_named_and_left_alone(folder: Path) -> None:
    with start_services(folder, durable=True) as first:
        write(first)
    version = folder / "postgres" / "PG_VERSION"
    before = version.read_text()
    version.write_text("14\n")
    with pytest.raises(ServicesError, match="made by PostgreSQL 14"), start_services(folder, durable=True):
        pass
    version.write_text(before)
    with start_services(folder, durable=True) as second:
        assert read(second)[0] == "strategie"


def test_a_port_that_is_taken_ends_make_run_with_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        answer = run_portal(port)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.splitlines() == [
        f"Port {port} is taken: choose another one, for example make run PORT={int(port) + 1}."
    ]


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_ends_make_run_with_one_line(port: str) -> None:
    answer = run_portal(port)
    assert answer.returncode == 1
    assert answer.stderr.splitlines() == [f"PORT is {port!r}: it is a number from 1 to 65535."]


def run_portal(port: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "portal.embedded.run", port]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_addresses_in_the_environment_are_used_and_nothing_is_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Services(
        "", "postgresql://o:o@db.example/portal", "postgresql://a:a@db.example/portal", "redis://r.example/0"
    )
    monkeypatch.setenv("PORTAL_DATABASE_URL", given.app_url)
    monkeypatch.setenv("PORTAL_REDIS_URL", given.redis_url)
    with (
        pytest.raises(ServicesError, match="PORTAL_DATABASE_OWNER_URL is missing"),
        start_services(folder, durable=True),
    ):
        pass
    monkeypatch.setenv("PORTAL_DATABASE_OWNER_URL", given.owner_url)
    with start_services(folder, durable=True) as services:
        assert services == given
    assert not (folder / "postgres").exists()


def test_another_word_in_portal_services_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SERVICES", "docker")
    with pytest.raises(ServicesError, match="it can be wheel or system"), start_services(folder, durable=True):
        pass


def test_what_a_record_names_is_stopped_once(folder: Path) -> None:
    record = folder / "sleeper.process"
    command = [sys.executable, "-c", "import time; time.sleep(100)"]
    child = process.start(command, at_our_death=signal.SIGTERM, record=record)
    assert process.stop_leftover(record, ((signal.SIGTERM, 5.0),))
    assert child.wait(5) == -signal.SIGTERM
    assert not record.exists()
    assert not process.stop_leftover(record, ((signal.SIGTERM, 5.0),))


def test_a_free_port_is_not_taken() -> None:
    with socket.socket() as mine:
        mine.bind(("127.0.0.1", free_port()))
