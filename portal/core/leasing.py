"""What a worker makes one by one: leased, made, tried again after a fault or a killed worker, and given up in the end.

A lease is machine time in the row itself (``due_at``): what a killed worker held is due again once it has run out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
import structlog

from portal.core.db import Model, db
from portal.core.pdf import NoPdfLibrary

L = TypeVar("L", bound=Model)
log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=6)  # longer than a task may run
MOST_ATTEMPTS = 3
WAIT = timedelta(minutes=1)


class Leased(Protocol):
    """A row that a worker makes something of."""

    id: Any
    attempts: Any


def lease_next(model: type[L], is_open: sa.ColumnElement[bool], at: datetime) -> L | None:
    """Lease the next row of ``model`` that is open and due at machine time ``at``, or None; another worker skips it."""
    row: Any = model
    stmt = sa.select(model).where(is_open, row.due_at <= at).order_by(row.due_at, row.id).limit(1)
    found: Any = db.session.scalar(stmt.with_for_update(skip_locked=True))
    if found is not None:
        found.attempts += 1
        found.due_at = at + LEASE
    return found  # type: ignore[no-any-return]


def make_leased(
    leased: Leased | None,
    make: Callable[[int, int], None],
    note: Callable[[int, Exception], None],
    *,
    what: str,
) -> bool:
    """Make what was leased, and commit; return whether there was anything.

    ``make`` is given its number and which attempt this is; where it raises, its work is rolled back and ``note`` writes
    the failure down. The lease is committed first: what ends this process is tried again by another.
    """
    if leased is None:
        return False
    number, attempts = leased.id, leased.attempts
    db.session.commit()
    try:
        make(number, attempts)
    except Exception as fault:
        log.exception("not made", what=what, number=number)
        db.session.rollback()
        note(number, fault)
    db.session.commit()
    return True


def refuse_worn_out(attempts: int, what: str) -> None:
    """Raise RuntimeError where every attempt so far ended its worker without a word."""
    if attempts > MOST_ATTEMPTS:
        raise RuntimeError(f"{what} ended its worker {MOST_ATTEMPTS} times")


def due_again(attempts: int, at: datetime, *, is_final: bool = False) -> datetime | None:
    """Return when to try again after this attempt: a minute later each time; None where trying again is over."""
    return None if is_final or attempts >= MOST_ATTEMPTS else at + WAIT * attempts


def name_of(fault: Exception) -> str:
    """Return how a failure is called in every table of what is made: no_library, storage or fault."""
    if isinstance(fault, NoPdfLibrary):
        return "no_library"
    return "storage" if isinstance(fault, OSError) else "fault"
