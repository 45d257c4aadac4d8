"""Signs of life of the processes that a page cannot see: each worker writes one row every few seconds."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.clock import machine_now
from portal.core.db import Model, db

FRESH = timedelta(seconds=45)


class Heartbeat(Model):
    """When a process was last seen, in machine time."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


def beat(name: str) -> None:
    """Write that ``name`` is alive now."""
    stmt = insert(Heartbeat).values(name=name, seen_at=machine_now())
    db.session.execute(stmt.on_conflict_do_update(index_elements=["name"], set_={"seen_at": stmt.excluded.seen_at}))


def is_fresh(prefix: str) -> bool:
    """Return whether a process whose name begins with ``prefix`` was seen in the last 45 seconds."""
    stmt = sa.select(sa.func.max(Heartbeat.seen_at)).where(Heartbeat.name.startswith(prefix))
    last = db.session.scalar(stmt)
    return last is not None and machine_now() - last < FRESH
