"""Is the portal ready to serve? Named part by named part."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from portal.core.db import db
from portal.core.heartbeat import is_fresh
from portal.core.queue import Queue

MIGRATIONS = Path(__file__).parents[2] / "migrations"


@cache
def head_revision() -> str | None:
    """Return the newest migration's number in this checkout."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return ScriptDirectory.from_config(config).get_current_head()


def missing_parts(queue: Queue) -> list[str]:
    """Return the names of what is not there: ``database``, ``migrations``, ``queue``, ``worker``; empty when ready."""
    missing: list[str] = []
    try:
        present = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
        if present != head_revision():
            missing.append("migrations")
        elif not is_fresh("worker"):
            missing.append("worker")
    except SQLAlchemyError:
        db.session.rollback()
        missing.append("database")
    if not queue.is_alive():
        missing.append("queue")
    return missing
