"""The user that PostgreSQL runs as, and the folders that this user can reach."""

import hashlib
import os
import pwd
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from portal.embedded.errors import ServicesError

TRAVERSE = 0o711  # others may pass through to their own folder, and see nothing on the way


class RunAs(TypedDict, total=False):
    """The arguments of subprocess that change the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """Whom PostgreSQL runs as: ``run_as`` is empty where that is ourselves."""

    uid: int
    gid: int
    run_as: RunAs

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can open things in the folder; asked of the system, so that every parent counts."""
        answer = subprocess.run(["test", "-x", folder / "."], check=False, **self.run_as)
        return answer.returncode == 0

    def own(self, path: Path) -> None:
        """Give a file or folder to this user."""
        if self.run_as:
            os.chown(path, self.uid, self.gid)


def postgres_account() -> Account:
    """Ourselves; or, as root, whom PostgreSQL refuses, ``postgres`` where that user exists, else ``nobody``."""
    if os.getuid() != 0:
        return Account(os.getuid(), os.getgid(), {})
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []})
    raise ServicesError("PostgreSQL does not run as root, and this machine has no user postgres or nobody.")


def reachable_folder(wanted: Path, account: Account) -> Path:
    """``wanted``, made where needed; or, where the account cannot enter it, a twin under a temporary folder.

    The twin's name follows from ``wanted``, so that the next start finds it again.
    """
    wanted.mkdir(parents=True, exist_ok=True)
    if account.can_enter(wanted):
        return wanted
    name = f"portal-{os.getuid()}-{hashlib.sha256(bytes(wanted.resolve())).hexdigest()[:16]}"
    for parent in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):  # noqa: S108  # see _own_folder
        if account.can_enter(parent):
            return _own_folder(parent / name)
    raise ServicesError(f"PostgreSQL's user can reach neither {wanted} nor a temporary folder.")


def temporary_folder() -> Path:
    """A new folder that any account can pass through, for services that last as long as a test run."""
    account = postgres_account()
    folder = Path(tempfile.mkdtemp(prefix="portal-"))
    folder.chmod(TRAVERSE)
    if not account.can_enter(folder):
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="portal-", dir="/tmp"))  # mkdtemp makes it ours alone
        folder.chmod(TRAVERSE)
    return folder


def _own_folder(folder: Path) -> Path:
    # Anyone may make a folder of this name in /tmp before us: it must be a real one, and ours.
    folder.mkdir(mode=TRAVERSE, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise ServicesError(f"{folder} belongs to somebody else: remove it, or set TMPDIR to another folder.")
    folder.chmod(TRAVERSE)
    return folder
