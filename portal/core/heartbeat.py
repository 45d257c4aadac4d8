"""Signs of life of the processes that a page cannot see: each worker writes one row every few seconds."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.clock import machine_now
from portal.core.db import Model, db

FRESH = timedelta(seconds=45)
SET_BACK = timedelta(seconds=5)  # a sign that lies further ahead was given before the clock was set back


class Heartbeat(Model):
    """When a process was last seen, in machine time."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


def beat(name: str) -> None:
    """Write that ``name`` is alive now."""
    stmt = insert(Heartbeat).values(name=name, seen_at=machine_now())
    db.session.execute(stmt.on_conflict_do_update(index_elements=["name"], set_={"seen_at": stmt.excluded.seen_at}))


def set_back_since(name: str) -> timedelta | None:
    """Return how far this machine's clock was set back since ``name`` gave its last sign; None where it was not."""
    last = db.session.scalar(sa.select(Heartbeat.seen_at).where(Heartbeat.name == name))
    ahead = last - machine_now() if last is not None else timedelta(0)
    return ahead if ahead > SET_BACK else None


def is_fresh(prefix: str) -> bool:
    """Return whether a process whose name begins with ``prefix`` was seen in the last 45 seconds."""
    stmt = sa.select(sa.func.max(Heartbeat.seen_at)).where(Heartbeat.name.startswith(prefix))
    last = db.session.scalar(stmt)
    return last is not None and machine_now() - last < FRESH
