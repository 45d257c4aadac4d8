"""Stored files: bytes behind a small protocol, and the one table that knows what they are.

Owner columns stand with the owner, whose policy decides the download. A file is *held* until it was scanned, or until
an administrator's switch says that no scanner is used.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import unicodedata
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import Coded, Model, db, id_column, one_of
from portal.core.errors import Problem, RuleViolation
from portal.core.file_content import media_type_of, problems_with_content
from portal.core.switches import Switch, is_on
from portal.core.text import _l

REMOVING = "remove-stored-files"  # the advisory lock of whoever deletes bytes; a backup shares it while it reads
NOT_STORED = "file-not-stored"  # the code of a problem that is not the file's: it may be taken in a minute


class StorageAway(OSError):  # noqa: N818 - it is away; nothing else went wrong
    """The storage does not answer, or does not take or give what it should."""


class Storage(Protocol):
    """Where bytes lie. Keys are ours, never a person's file name."""

    def put(self, key: str, content: bytes) -> None:
        """Write ``content`` under ``key``, whole or not at all; OSError where it cannot be kept."""

    def put_stream(self, key: str, source: IO[bytes]) -> None:
        """Write what ``source`` holds from where it stands, without holding it in memory; as `put` otherwise."""

    def open(self, key: str) -> IO[bytes]:
        """Return a reader of the bytes under ``key``; FileNotFoundError where there are none, OSError otherwise."""

    def remove(self, key: str) -> None:
        """Delete the bytes under ``key``; nothing happens where there are none. OSError where they cannot be deleted."""


class LocalStorage:
    """A folder. Written whole under another name first, so that a crash never leaves half a file."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, content: bytes) -> None:
        """Write ``content`` under ``key``; OSError where the disk refuses."""
        self.put_stream(key, BytesIO(content))

    def put_stream(self, key: str, source: IO[bytes]) -> None:
        """Write the rest of ``source`` under ``key``; OSError where the disk refuses."""
        target = self._path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.with_suffix(".part")
        with scratch.open("wb") as out:
            shutil.copyfileobj(source, out, 1024 * 1024)
            out.flush()
            os.fsync(out.fileno())
        scratch.replace(target)

    def open(self, key: str) -> IO[bytes]:
        """Return a reader of the bytes under ``key``; FileNotFoundError where there are none."""
        return self._path(key).open("rb")

    def remove(self, key: str) -> None:
        """Delete the bytes under ``key``, if there are any."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not re.fullmatch(r"[0-9a-f-]{36}", key):
            raise ValueError(f"not a storage key: {key}")
        return self.root / key[:2] / key


class FileState(StrEnum):
    """What the scanner said. ``held``: nothing yet."""

    HELD = "held"
    CLEAN = "clean"
    REFUSED = "refused"


class StoredFile(Model):
    """One uploaded file. ``name`` is what its owner called it, cleaned; ``key`` is where it lies."""

    __tablename__ = "stored_file"
    __table_args__ = (
        one_of("state", FileState),
        sa.CheckConstraint("size > 0", name="not_empty"),
        sa.CheckConstraint("(state = 'held') = (scanned_at IS NULL)", name="scanned_when"),
        sa.Index("ix_stored_file_due", "next_scan_at", "id", postgresql_where=sa.text("state = 'held'")),
    )

    id: Mapped[int] = id_column()
    key: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    state: Mapped[FileState] = mapped_column(Coded(FileState))
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None]
    scanned_at: Mapped[datetime | None]
    signature: Mapped[str] = mapped_column(default="")  # what the scanner calls what it found
    next_scan_at: Mapped[datetime] = mapped_column(default=machine_now)  # machine time
    scan_failure: Mapped[str] = mapped_column(default="")  # why the last attempt gave no verdict: NotScanned.reason
    scan_failed_at: Mapped[datetime | None]  # since when it is that reason

    @property
    def is_refused(self) -> bool:
        """Whether a scanner found something in it: it stays closed, and counts for nothing."""
        return self.state is FileState.REFUSED


def clean_name(typed: str) -> str:
    """Return a file name without folders, control characters and leading dots, at most 120 characters."""
    name = unicodedata.normalize("NFC", typed.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C").strip().lstrip(".")
    stem, dot, suffix = name.rpartition(".")
    return f"{stem[:100]}{dot}{suffix[:18]}" if dot else name[:120] or "file"


def store_upload(ctx: Ctx, storage: Storage, name: str, content: bytes, *, field: str = "file") -> StoredFile:
    """Check and store one upload; it is held until scanned. Raises RuleViolation, also when the disk refuses."""
    name = clean_name(name)
    problems = tuple(problems_with_content(name, content, field=field))
    if problems:
        raise RuleViolation(problems)
    key = uuid4()
    try:
        storage.put(str(key), content)
    except OSError as refusal:
        message = _l("%(name)s could not be stored just now. Nothing else was lost: try again in a minute.", name=name)
        raise RuleViolation([Problem(NOT_STORED, message, field)]) from refusal
    file = StoredFile(
        key=key,
        name=name,
        media_type=media_type_of(content),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        state=FileState.HELD,
        uploaded_at=ctx.now,
        uploaded_by_id=ctx.actor.person_id,
    )
    db.session.add(file)
    db.session.flush()
    db.session.info["has_uploads"] = True
    return file


def take_uploads() -> bool:
    """Return whether this session stored a file since it was last asked: the cue to wake the scan."""
    return bool(db.session.info.pop("has_uploads", False))


def store_made(ctx: Ctx, storage: Storage, name: str, content: bytes, media_type: str) -> StoredFile:
    """Store a file that the portal made itself: nothing of it came from outside as a file, so no scanner is asked.

    Raises OSError where the storage refuses.
    """
    return store_stream(ctx, storage, name, BytesIO(content), media_type)


def store_stream(ctx: Ctx, storage: Storage, name: str, content: IO[bytes], media_type: str) -> StoredFile:
    """Store a file that the portal made itself, read twice from its beginning and never held in memory.

    Raises OSError where the storage refuses.
    """
    key = uuid4()
    content.seek(0)
    sha256 = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    storage.put_stream(str(key), content)
    file = StoredFile(
        key=key,
        name=clean_name(name),
        media_type=media_type,
        size=size,
        sha256=sha256,
        state=FileState.CLEAN,
        uploaded_at=ctx.now,
        scanned_at=ctx.now,
    )
    db.session.add(file)
    db.session.flush()
    return file


def may_be_read(file: StoredFile, *, no_scanner: bool | None = None) -> bool:
    """Return whether the bytes may leave: scanned clean, or held while an administrator says no scanner is used.

    ``no_scanner`` is that switch, for who asks it once for a list.
    """
    if file.state is FileState.HELD:
        return is_on(Switch.NO_SCANNER) if no_scanner is None else no_scanner
    return file.state is FileState.CLEAN


def count_held() -> int:
    """Return how many files wait for a scanner."""
    stmt = sa.select(sa.func.count()).select_from(StoredFile).where(StoredFile.state == FileState.HELD)
    return db.session.scalar(stmt) or 0
