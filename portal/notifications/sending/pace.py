"""How many messages may leave in a minute, over all workers and machines: counted in the database, one row a batch.

It outlives the broker, and a run that ends gives back what it did not send. Urgent messages are counted and never held
up: the others wait the longer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.core.db import advisory_lock, db
from portal.notifications.models import MailTake

WINDOW = timedelta(minutes=1)


def allowance(at: datetime, per_minute: int) -> int:
    """Return how many more messages may be taken at machine time ``at``.

    Whoever asks at the same time waits until this transaction ends: together they take no more than the limit in any
    sixty seconds. What lies ahead of ``at`` by more than a minute was written before a clock was set back.
    """
    advisory_lock("mail-pace")
    past = sa.or_(MailTake.taken_at <= at - WINDOW, MailTake.taken_at > at + WINDOW)
    db.session.execute(sa.delete(MailTake).where(past).execution_options(synchronize_session=False))
    taken = db.session.scalar(sa.select(sa.func.sum(MailTake.messages))) or 0
    return max(per_minute - taken, 0)


def take(at: datetime, messages: int) -> int:
    """Count ``messages`` as taken; return the number of the row, for ``give_back``."""
    stmt = sa.insert(MailTake).values(taken_at=at, messages=messages).returning(MailTake.id)
    return db.session.execute(stmt).scalar_one()


def give_back(number: int, messages: int) -> None:
    """Count ``messages`` of a row as not taken after all."""
    stmt = sa.update(MailTake).where(MailTake.id == number).values(messages=MailTake.messages - messages)
    db.session.execute(stmt.execution_options(synchronize_session=False))
