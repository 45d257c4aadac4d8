"""Settings that an administrator turns on and off while the portal runs, each with who, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.context import Ctx
from portal.core.db import Model, db
from portal.core.errors import Problem, RuleViolation
from portal.core.event_log import record
from portal.core.events import Event
from portal.core.text import _l


class Switch(StrEnum):
    """What can be switched. A switch without a row is off."""

    NO_SCANNER = "no_scanner"  # uploads are let through unscanned: somebody took that decision, with a reason


class SwitchRow(Model):
    """A switch's present position."""

    __tablename__ = "switch"

    name: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(sa.Identity(always=False), unique=True)
    is_on: Mapped[bool]
    reason: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None]


@dataclass(frozen=True)
class SwitchTurned(Event, topic="switch.turned"):
    switch_id: int
    name: str
    is_on: bool


def is_on(switch: Switch) -> bool:
    """Return whether ``switch`` is on."""
    return bool(db.session.scalar(sa.select(SwitchRow.is_on).where(SwitchRow.name == switch)))


def find_switch(switch: Switch) -> SwitchRow | None:
    """Return the switch's row, or None where it was never turned."""
    return db.session.get(SwitchRow, str(switch))


def turn_switch(ctx: Ctx, switch: Switch, *, on: bool, reason: str) -> None:
    """Turn ``switch``; the reason is kept beside it. RuleViolation ``switch-stands-so`` where it stands so already."""
    row = db.session.get(SwitchRow, str(switch), with_for_update=True)
    if (row is not None and row.is_on) == on:
        raise RuleViolation([Problem("switch-stands-so", _l("The switch stands so already: look at it again."))])
    row = row or SwitchRow(name=str(switch))
    row.is_on, row.reason, row.changed_at, row.changed_by_id = on, reason, ctx.now, ctx.actor.person_id
    db.session.add(row)
    db.session.flush()
    record(ctx, SwitchTurned(switch_id=row.number, name=str(switch), is_on=on))
