"""The folder that services keep their data in: one owner at a time, with its passwords."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from portal.embedded.errors import ServicesError


class FolderInUseError(ServicesError):
    """Another launcher keeps its services in this folder."""


def _password() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Passwords:
    """Made once per data folder: loopback is open to every user of the machine, so nothing listens without one."""

    superuser: str = field(default_factory=_password)
    owner: str = field(default_factory=_password)
    app: str = field(default_factory=_password)
    valkey: str = field(default_factory=_password)
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48))


def passwords_of(folder: Path) -> Passwords:
    """The passwords kept in this folder, made at the first time."""
    path = folder / "passwords.json"
    try:
        return Passwords(**json.loads(path.read_text()))
    except FileNotFoundError:
        made = Passwords()
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(made), file)
    unfinished.rename(path)
    return made


@contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Be the only launcher that works in this folder; the system lets go of it however we end.

    Raises FolderInUseError where another one does.
    """
    with (folder / "launcher.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUseError(f"The portal already runs on the data in {folder}: stop that one first.") from None
        yield
