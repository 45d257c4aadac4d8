"""A backup as one tar file: the database, the stored files, and a manifest with the SHA-256 of each."""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, cast

MANIFEST, DATABASE, FILES = "manifest.json", "database.dump", "files/"
FORMAT = 1


class BadArchive(Exception):  # noqa: N818
    """What was given is no backup of the portal, or not the one that was written."""


@dataclass(slots=True)
class Manifest:
    """What an archive holds. ``revision`` is the newest migration in it, ``program`` the major version of pg_dump.

    ``files_in`` says where the stored files are: ``archive``, or the bucket that keeps its own versions. ``sha256`` by
    member.
    """

    made_at: str
    revision: str
    program: int
    files_in: str
    format: int = FORMAT
    sha256: dict[str, str] = field(default_factory=dict)


class Writer:
    """Adds members to an archive and keeps their digests."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar, self.manifest = tar, manifest

    def add(self, name: str, source: IO[bytes]) -> str:
        """Add what ``source`` holds under ``name``; return its SHA-256."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = source.seek(0, 2), 0o600
        source.seek(0)
        reading = _Digesting(source)
        self._tar.addfile(info, cast("IO[bytes]", reading))
        self.manifest.sha256[name] = reading.digest.hexdigest()
        return self.manifest.sha256[name]

    def close(self) -> None:
        """Write the manifest, last: only then are all digests known."""
        content = json.dumps(asdict(self.manifest), indent=1, sort_keys=True).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(content), 0o600
        self._tar.addfile(info, BytesIO(content))


class Reader:
    """Reads an archive whose every member was compared with the manifest."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar, self.manifest = tar, manifest

    def open(self, name: str) -> IO[bytes]:
        """Return a reader of one member."""
        return _member(self._tar, name)

    def keys(self) -> list[str]:
        """Return the storage keys of the files that are in it."""
        return [name.removeprefix(FILES) for name in self.manifest.sha256 if name.startswith(FILES)]


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Open an archive and compare every member with its digest first; BadArchive names what is wrong."""
    try:
        with tarfile.open(path, "r:") as tar:
            manifest = _manifest(path, tar)
            names = {each.name for each in tar.getmembers()} - {MANIFEST}
            if names != manifest.sha256.keys() or DATABASE not in names:
                raise BadArchive(f"{path}: its members are not those of its manifest")
            for name, sha256 in manifest.sha256.items():
                found = hashlib.file_digest(_member(tar, name), "sha256").hexdigest()  # type: ignore[arg-type]
                if found != sha256:
                    raise BadArchive(f"{path}: {name} was altered")
            yield Reader(tar, manifest)
    except tarfile.TarError as fault:
        raise BadArchive(f"{path} cannot be read: {fault}") from fault


def _manifest(path: Path, tar: tarfile.TarFile) -> Manifest:
    try:
        manifest = Manifest(**json.load(_member(tar, MANIFEST)))
    except (KeyError, TypeError, ValueError) as fault:
        raise BadArchive(f"{path} has no manifest of ours") from fault
    if manifest.format != FORMAT:
        raise BadArchive(f"{path} has format {manifest.format}, and this version reads {FORMAT}")
    return manifest


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    found = tar.extractfile(name)
    if found is None:
        raise BadArchive(f"{name} is no file")
    return found


class _Digesting:
    """A reader that computes the digest of what passes."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self.digest.update(piece)
        return piece
