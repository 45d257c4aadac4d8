"""The hash chain over the event log, laid afterwards by one writer.

A chain laid inside ``record`` would serialise every writer of the portal; a chain per subject would not notice a
whole subject gone. So one task a minute chains what is new, in id order. The price, said where it is shown: the last
minute is not chained yet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, db, try_advisory_lock
from portal.core.event_log import EventRow

BATCH = 5000
GENESIS = b"\0" * 32


class ChainLink(Model):
    """The hash of one event together with the link before it."""

    __tablename__ = "event_chain"

    # Counted by the one writer, not by an identity: a sequence keeps the numbers of a writer that died, and a gap
    # must mean that a link is gone.
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), unique=True)
    hash: Mapped[bytes]


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the chain does not hold."""

    position: int
    event_id: int
    reason: str


def event_bytes(event: EventRow) -> bytes:
    """Return the canonical bytes of an event: what its link vouches for."""
    content = [
        event.id,
        event.topic,
        event.occurred_at.astimezone(UTC).isoformat(),
        event.actor_id,
        event.actor_kind,
        event.acting_for,
        event.subject,
        event.subject_id,
        event.payload,
        event.request_id,
        event.natural_key,
    ]
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def link(previous: bytes, event: EventRow) -> bytes:
    """Return the SHA-256 that ties ``event`` to the link before it."""
    return hashlib.sha256(previous + event_bytes(event)).digest()


def extend_chain() -> int:
    """Chain up to ``BATCH`` events that are not chained yet; return how many (0 too while another writer is at it)."""
    if not try_advisory_lock("event-chain"):
        return 0
    newest = db.session.execute(
        sa.select(ChainLink.position, ChainLink.hash).order_by(ChainLink.position.desc()).limit(1)
    ).one_or_none()
    position, last = newest if newest is not None else (0, GENESIS)
    chained = sa.exists().where(ChainLink.event_id == EventRow.id)
    events = db.session.scalars(sa.select(EventRow).where(~chained).order_by(EventRow.id).limit(BATCH)).all()
    rows = []
    for number, event in enumerate(events, start=position + 1):
        last = link(last, event)
        rows.append({"position": number, "event_id": event.id, "hash": last})
    if rows:
        db.session.execute(sa.insert(ChainLink), rows)
    return len(rows)


def breaks_in_chain() -> Iterator[Break]:
    """Yield every link that does not verify: an event altered, gone, or put in between."""
    previous = GENESIS
    stmt = (
        sa.select(ChainLink, EventRow)
        .outerjoin(EventRow, EventRow.id == ChainLink.event_id)
        .order_by(ChainLink.position)
        .execution_options(yield_per=1000)
    )
    expected_position = 1
    for each, joined in db.session.execute(stmt):
        found = cast("EventRow | None", joined)  # an outer join
        if each.position != expected_position:
            yield Break(each.position, each.event_id, "a link before this one is gone")
        if found is None:
            yield Break(each.position, each.event_id, "its event is gone")
        elif link(previous, found) != each.hash:
            yield Break(each.position, each.event_id, "the event or an earlier link was altered")
        previous = each.hash
        expected_position = each.position + 1


def newest_link() -> ChainLink | None:
    """Return the last link that was laid, or None while there is none."""
    return db.session.scalars(sa.select(ChainLink).order_by(ChainLink.position.desc()).limit(1)).one_or_none()


def count_unchained() -> int:
    """Return how many events are not chained yet: at most about a minute's worth while the task runs."""
    chained = sa.exists().where(ChainLink.event_id == EventRow.id)
    return db.session.scalar(sa.select(sa.func.count()).select_from(EventRow).where(~chained)) or 0
