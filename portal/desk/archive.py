"""A ZIP that can be checked: every file with its SHA-256, and what is left out named. Written piece by piece."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from portal.core.clock import BRUSSELS

PIECE = 1024 * 1024
LONGEST_NAME = 80
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"


class Archive:
    """An archive in the making. ``names`` inside it are plain letters, digits, dots and dashes, safe on every machine."""

    def __init__(self, out: IO[bytes], root: str, at: datetime) -> None:
        self.out, self.zip = out, ZipFile(out, "w", ZIP_DEFLATED)
        self.root, self.moment = root, at.astimezone(BRUSSELS).timetuple()[:6]
        self.files: list[dict[str, Any]] = []
        self.left_out: list[dict[str, Any]] = []

    def add(self, name: str, content: bytes | str | IO[bytes], what: str) -> str:
        """Write one file under ``name`` and return its SHA-256; ``what`` says in Dutch what it is."""
        source = content if not isinstance(content, bytes | str) else BytesIO(_bytes(content))
        sha256, size = hashlib.sha256(), 0
        with self.zip.open(self._entry(name), "w", force_zip64=True) as target:
            while piece := source.read(PIECE):
                sha256.update(piece)
                size += len(piece)
                target.write(piece)
        self.files.append({"path": name, "sha256": sha256.hexdigest(), "size": size, "what": what})
        return sha256.hexdigest()

    def add_json(self, name: str, content: Any, what: str) -> str:
        """Write ``content`` as JSON that people can read."""
        return self.add(name, json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n", what)

    def leave_out(self, name: str, sha256: str, reason: str) -> None:
        """Name a file that does not go along, and why."""
        self.left_out.append({"name": name, "sha256": sha256, "reason": reason})

    def seal(self, facts: Mapping[str, Any], logged: Mapping[str, list[dict[str, Any]]]) -> None:
        """Write the manifest and the list of sums, and close. ``logged`` holds the events that name a digest."""
        files = [{**each, "logged": logged.get(each["sha256"], [])} for each in self.files]
        content = {**facts, "files": files, "left_out": self.left_out}
        self.add_json(MANIFEST, content, "Inhoud")
        sums = "".join(f"{each['sha256']}  {each['path']}\n" for each in self.files)
        with self.zip.open(self._entry(SUMS), "w") as target:
            target.write(sums.encode())
        self.zip.close()

    def abandon(self) -> None:
        """Close what will not be finished; its file is worth nothing."""
        with suppress(ValueError, OSError):
            self.zip.close()
        self.out.close()

    def _entry(self, name: str) -> ZipInfo:
        entry = ZipInfo(f"{self.root}/{name}", self.moment)
        entry.compress_type = ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        return entry


def safe_name(*parts: str) -> str:
    """Return ``parts`` joined by dashes as a file name that no system reads as anything else; never empty."""
    plain = unicodedata.normalize("NFKD", "-".join(each for each in parts if each)).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9.]+", "-", plain)
    stem, dot, suffix = re.sub(r"\.{2,}", ".", name).strip("-.").rpartition(".")
    if not dot or len(suffix) > 8:
        stem, dot, suffix = f"{stem}{dot}{suffix}", "", ""
    return f"{stem[:LONGEST_NAME].strip('-.') or 'bestand'}{dot}{suffix}"


def digests_in(events: Iterable[tuple[int, str, datetime, Mapping[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Return, for each digest that the events (id, topic, moment, payload) name, which of them do."""
    found: dict[str, list[dict[str, Any]]] = {}
    for number, topic, at, payload in events:
        for key, value in payload.items():
            if key.endswith("sha256") and value:
                found.setdefault(value, []).append({"event": number, "topic": topic, "at": at.isoformat()})
    return found


def _bytes(content: bytes | str) -> bytes:
    return content.encode() if isinstance(content, str) else content
