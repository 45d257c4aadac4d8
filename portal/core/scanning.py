"""Held files and the scanner: claimed one at a time, judged, or put off while the scanner is away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import record
from portal.core.events import Event
from portal.core.files import FileState, Storage, StoredFile
from portal.core.scanner import Clean, Infected, NotScanned, Scanner, Verdict
from portal.core.switches import Switch, find_switch

log = structlog.get_logger(__name__)

AWAY = "away"


@dataclass(frozen=True)
class FileScanned(Event, topic="file.scanned"):
    """A scanner saw the whole file and found nothing."""

    file_id: int
    sha256: str


@dataclass(frozen=True)
class FileFoundInfected(Event, topic="file.found-infected"):
    """A scanner found something. What it calls it stands with the file, which stays closed."""

    file_id: int
    sha256: str
    uploaded_by_id: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How files are scanned now, for who waits for it."""

    has_scanner: bool
    is_switched_off: bool  # an administrator lets files through unscanned
    reason: str  # the administrator's, where it is switched off
    away_since: datetime | None  # domain time


def standing(scanner: Scanner | None) -> Standing:
    """Return how files are scanned now (two statements); ``scanner`` is the portal's own, None where it has none."""
    switch = find_switch(Switch.NO_SCANNER)
    off = switch is not None and switch.is_on
    return Standing(scanner is not None, off, switch.reason if switch is not None and off else "", _away_since())


def scan_next(ctx: Ctx, scanner: Scanner, storage: Storage, waits: Mapping[str, timedelta]) -> Verdict | None:
    """Scan the held file that is due longest and return the verdict, or None where none is due; the caller commits.

    Two workers never take the same file: it stays locked until the commit. ``waits`` says, by the reason of a
    NotScanned, after how long a file is tried again.
    """
    stmt = sa.select(StoredFile).where(StoredFile.state == FileState.HELD, StoredFile.next_scan_at <= machine_now())
    stmt = stmt.order_by(StoredFile.next_scan_at, StoredFile.id).limit(1)
    file = db.session.scalar(stmt.with_for_update(skip_locked=True, key_share=True))
    if file is None:
        return None
    verdict = _verdict_on(file, scanner, storage)
    if isinstance(verdict, NotScanned):
        log.warning("file not scanned", file_id=file.id, reason=verdict.reason)
        file.next_scan_at = machine_now() + waits[verdict.reason]
        if file.scan_failure != verdict.reason:
            file.scan_failure, file.scan_failed_at = verdict.reason, ctx.now
        return verdict
    file.scanned_at, file.scan_failure, file.scan_failed_at = ctx.now, "", None
    if isinstance(verdict, Clean):
        file.state = FileState.CLEAN
        record(ctx, FileScanned(file_id=file.id, sha256=file.sha256))
    else:
        file.state, file.signature = FileState.REFUSED, verdict.signature
        record(ctx, FileFoundInfected(file_id=file.id, sha256=file.sha256, uploaded_by_id=file.uploaded_by_id))
    return verdict


def _away_since() -> datetime | None:
    stmt = sa.select(sa.func.min(StoredFile.scan_failed_at)).where(
        StoredFile.state == FileState.HELD, StoredFile.scan_failure == AWAY
    )
    return db.session.scalar(stmt)


def _verdict_on(file: StoredFile, scanner: Scanner, storage: Storage) -> Clean | Infected | NotScanned:
    try:
        with storage.open(str(file.key)) as bytes_:
            content = bytes_.read()
    except OSError:
        return NotScanned("unread")
    return scanner.scan(content)
