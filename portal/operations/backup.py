"""Everything the portal keeps, as of one moment, in one file; and back again into an empty database."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import psycopg
from flask import Flask

from config import Settings
from portal.core.clock import machine_now
from portal.core.db import db
from portal.core.files import REMOVING, Storage
from portal.core.heartbeat import beat
from portal.operations.archive import DATABASE, FILES, Manifest, Reader, Writer
from portal.operations.figures import BACKUP
from portal.operations.postgres_programs import CannotBackUp, connect, database_of, major_of_server, run

IN_ARCHIVE = "archive"
ANYTHING = """
SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
"""


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written: bytes of the whole, how many files, and what was wrong with them (the rest is in it)."""

    size: int
    files: int
    faults: list[str]


def back_up(app: Flask, to: Path) -> Backup:
    """Write a backup to ``to``, whole or not at all. CannotBackUp where it cannot be, or where ``to`` is there already.

    The database is dumped as of one snapshot, and the files are those that it names. They are written once and never
    changed; the task that deletes those of old exports waits meanwhile, so each is there.
    """
    settings: Settings = app.extensions["portal.settings"]
    scratch = to.with_name(f"{to.name}.part")
    if to.exists():
        raise CannotBackUp(f"{to} is there already.")
    try:
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            faults, count = _write(settings, app.extensions["portal.storage"], out)
            out.flush()
            os.fsync(out.fileno())
        scratch.replace(to)
    except OSError as fault:
        raise CannotBackUp(f"{to} cannot be written: {fault}") from fault
    finally:
        with suppress(OSError):
            scratch.unlink()
    if not faults:
        beat(BACKUP)
        db.session.commit()
    return Backup(to.stat().st_size, count, faults)


def _write(settings: Settings, storage: Storage, out: IO[bytes]) -> tuple[list[str], int]:
    """Write the archive; return what was wrong with files, and how many are in it."""
    owner, faults = _owner(settings), list[str]()
    with _snapshot(owner) as (connection, snapshot), TemporaryDirectory() as folder:
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        server, dump = major_of_server(connection), Path(folder) / DATABASE
        program = run("pg_dump", server, owner, "--format=custom", f"--snapshot={snapshot}", f"--file={dump}")
        files_in = IN_ARCHIVE if settings.s3 is None else f"bucket {settings.s3.bucket}"
        manifest = Manifest(machine_now().isoformat(), revision[0] if revision else "", program, files_in)
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            writer = Writer(tar, manifest)
            with dump.open("rb") as dumped:
                writer.add(DATABASE, dumped)
            if settings.s3 is None:
                rows = connection.execute("SELECT key::text, sha256 FROM stored_file ORDER BY id")
                faults = [said for key, sha256 in rows if (said := _add(writer, storage, key, sha256))]
            writer.close()
    return faults, len(manifest.sha256) - 1


def _add(writer: Writer, storage: Storage, key: str, sha256: str) -> str:
    """Add one file; return what is wrong with it, or nothing."""
    try:
        with storage.open(key) as content:
            found = writer.add(f"{FILES}{key}", content)
    except FileNotFoundError:
        return f"file {key} is gone"
    return "" if found == sha256 else f"file {key} was altered"


@contextmanager
def _snapshot(owner: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """Give a connection that sees one moment for as long as it takes, and the name under which pg_dump sees the same."""
    with connect(owner) as connection:
        connection.execute("SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))", [REMOVING])
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
            yield connection, snapshot


def restore(app: Flask, reader: Reader) -> int:
    """Put a backup into an empty database and an empty folder; return how many files came with it.

    CannotBackUp where they are not empty. The database comes in one transaction, after the files: what breaks off half-way
    leaves both as empty as they were.
    """
    settings: Settings = app.extensions["portal.settings"]
    owner, manifest = _owner(settings), reader.manifest
    if (manifest.files_in == IN_ARCHIVE) != (settings.s3 is None):
        raise CannotBackUp(f"The files are in the {manifest.files_in}: set PORTAL_STORAGE so.")
    with connect(owner) as connection:
        server = major_of_server(connection)
        (tables,) = connection.execute(ANYTHING).fetchone() or (0,)
    if tables:
        raise CannotBackUp("The database is not empty: make a new one. Nothing was changed.")
    if settings.s3 is None and settings.storage_path.exists() and any(settings.storage_path.rglob("*")):
        raise CannotBackUp(f"{settings.storage_path} is not empty: give an empty folder. Nothing was changed.")
    storage: Storage = app.extensions["portal.storage"]
    keys = reader.keys()
    try:
        for key in keys:
            with reader.open(f"{FILES}{key}") as content:
                storage.put_stream(key, content)
        with TemporaryDirectory() as folder:
            dump = Path(folder) / DATABASE
            with reader.open(DATABASE) as packed, dump.open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked, 1024 * 1024)
            options = ["--exit-on-error", "--single-transaction", f"--dbname={database_of(owner)}"]
            run("pg_restore", max(server, manifest.program), owner, *options, str(dump))
    except (CannotBackUp, OSError):
        for key in keys:
            with suppress(OSError):
                storage.remove(key)
        raise
    return len(keys)


def _owner(settings: Settings) -> str:
    if not settings.database_owner_url:
        raise CannotBackUp("PORTAL_DATABASE_OWNER_URL is missing: the owner reads and makes everything.")
    return settings.database_owner_url
