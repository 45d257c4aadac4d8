"""What is parked, by its cause: the kind of failure, the fault and the mail server's code, without whom it was for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.core.db import db
from portal.core.event_log import EventRow, OutboxRow
from portal.notifications.models import Delivery, DeliveryState

MOST_CAUSES = 50

# "permanent: SMTPRecipientsRefused({'an@x.example': (550, b'…')})" becomes "permanent: SMTPRecipientsRefused 550".
message_cause: sa.ColumnElement[str] = sa.func.concat_ws(
    " ",
    sa.func.coalesce(sa.func.substring(Delivery.last_error, r"^[a-z-]+: [A-Za-z_.]+"), "-"),
    sa.func.substring(Delivery.last_error, r"\(([245][0-9]{2}),"),
    type_=sa.Text(),
)
event_cause: sa.ColumnElement[str] = sa.func.concat_ws(
    " ", EventRow.topic, sa.func.substring(OutboxRow.last_error, r"^[A-Za-z_.]+"), type_=sa.Text()
)
_PARKED = Delivery.state == DeliveryState.PARKED


@dataclass(frozen=True, slots=True)
class Cause:
    """What parked rows have in common: how many they are, and when the first and the last of them were made."""

    name: str
    count: int
    first_at: datetime
    last_at: datetime


def group_messages() -> list[Cause]:
    """Return the causes of parked messages, the most frequent first."""
    cause = message_cause.label("cause")
    stmt = sa.select(cause, sa.func.count(), sa.func.min(Delivery.made_at), sa.func.max(Delivery.made_at))
    return _causes(stmt.where(_PARKED))


def group_events() -> list[Cause]:
    """Return the causes of parked events, the most frequent first."""
    cause, at = event_cause.label("cause"), EventRow.occurred_at
    stmt = sa.select(cause, sa.func.count(), sa.func.min(at), sa.func.max(at)).select_from(OutboxRow)
    stmt = stmt.join(EventRow, EventRow.id == OutboxRow.event_id)
    return _causes(stmt.where(OutboxRow.parked_at.is_not(None)))


def _causes(stmt: sa.Select[*tuple[str, int, datetime, datetime]]) -> list[Cause]:
    rows = db.session.execute(
        stmt.group_by(sa.literal_column("cause"))
        .order_by(sa.func.count().desc(), sa.literal_column("cause"))
        .limit(MOST_CAUSES)
    )
    return [Cause(*row) for row in rows]


def count_messages(cause: str) -> int:
    """Return how many messages are parked for ``cause``."""
    return (
        db.session.scalar(sa.select(sa.func.count()).select_from(Delivery).where(_PARKED, message_cause == cause)) or 0
    )


def count_events(cause: str) -> int:
    """Return how many events are parked for ``cause``."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(_events(cause).subquery())) or 0


def lock_messages(cause: str, most: int) -> list[Delivery]:
    """Return up to ``most`` messages that are parked for ``cause``, the oldest first, locked."""
    stmt = sa.select(Delivery).where(_PARKED, message_cause == cause).order_by(Delivery.id).limit(most)
    return list(db.session.scalars(stmt.with_for_update(key_share=True).execution_options(populate_existing=True)))


def lock_events(cause: str, most: int) -> list[OutboxRow]:
    """Return up to ``most`` events' rows that are parked for ``cause``, the oldest first, locked."""
    stmt = _events(cause).order_by(OutboxRow.event_id).limit(most).with_for_update(of=OutboxRow, key_share=True)
    return list(db.session.scalars(stmt.execution_options(populate_existing=True)))


def _events(cause: str) -> sa.Select[*tuple[OutboxRow]]:
    stmt = sa.select(OutboxRow).join(EventRow, EventRow.id == OutboxRow.event_id)
    return stmt.where(OutboxRow.parked_at.is_not(None), event_cause == cause)
