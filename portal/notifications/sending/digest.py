"""The daily digest: one message a day with what its reader wanted to gather, and nothing where there is nothing.

A digest is an event with a natural key of person and day, so that two schedulers make one. It takes along what was made
before 7.30 in Brussels and is not taken along yet; what comes later waits for the next day. After days without a
scheduler there is one digest with everything, not one for each day that was missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from portal.core.clock import brussels_day, brussels_moment
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow, record
from portal.notifications.categories import Choice
from portal.notifications.events import DigestMade
from portal.notifications.models import Delivery, DeliveryState, MailChoice
from portal.notifications.own.choosing import MUTABLE
from portal.notifications.own.queries import DIGEST
from portal.notifications.table import names_of

HOUR, MINUTE = 7, 30  # in Brussels, in summer and in winter
_QUIET = {"synchronize_session": False}


def last_digest_day(at: datetime) -> date:
    """Return the day of the newest digest that is due at ``at``: today from 7.30 on, yesterday before."""
    today = brussels_day(at)
    return today if at >= brussels_moment(today, HOUR, MINUTE) else today - timedelta(days=1)


def make_digests(ctx: Ctx, limit: int = 200) -> int:
    """Make the digest of up to ``limit`` people for whom one is due; return of how many. The caller commits.

    Whoever keeps a category to the portal by now gets nothing of it by mail, though it was gathered before.
    """
    day = last_digest_day(ctx.now)
    until = brussels_moment(day, HOUR, MINUTE)
    _keep_to_portal(until)
    people = [each for each in db.session.scalars(_people_with_news(day, until, limit)) if each is not None]
    for person_id in people:
        event_id = record(ctx, DigestMade(person_id=person_id, day=day), natural_key=_key_of(person_id, day))
        if event_id is not None:
            taken = sa.update(Delivery).where(Delivery.person_id == person_id, *_gathered(until))
            db.session.execute(taken.values(digest_id=event_id), execution_options=_QUIET)
    return len(people)


def settle_digests() -> int:
    """Let what a digest took along share what became of it; return how many messages that were.

    Sent with it, at its moment. Of a digest that an administrator held back, they are kept to the portal.
    """
    of_digest = sa.orm.aliased(Delivery)
    was_sent = of_digest.state == DeliveryState.SENT
    stmt = (
        sa.update(Delivery)
        .where(
            Delivery.state == DeliveryState.GATHERED,
            Delivery.digest_id == of_digest.event_id,
            of_digest.notification == DIGEST,
            of_digest.state.in_([DeliveryState.SENT, DeliveryState.CANCELLED]),
        )
        .values(
            state=sa.case((was_sent, DeliveryState.SENT), else_=DeliveryState.MUTED),
            sent_at=sa.case((was_sent, of_digest.sent_at), else_=None),
        )
        .returning(Delivery.id)
    )
    return len(list(db.session.scalars(stmt, execution_options=_QUIET)))


def _gathered(until: datetime) -> Iterable[sa.ColumnElement[bool]]:
    return (Delivery.state == DeliveryState.GATHERED, Delivery.digest_id.is_(None), Delivery.made_at < until)


def _key_of(person_id: int, day: date) -> str:
    return f"digest:{person_id}:{day.isoformat()}"


def _people_with_news(day: date, until: datetime, limit: int) -> sa.Select[int | None]:
    """Select who has something gathered and no digest of that day yet."""
    key = sa.func.concat("digest:", Delivery.person_id, f":{day.isoformat()}")
    made = sa.exists().where(EventRow.natural_key == key)
    return (
        sa.select(Delivery.person_id)
        .where(*_gathered(until), Delivery.person_id.is_not(None), ~made)
        .distinct()
        .order_by(Delivery.person_id)
        .limit(limit)
    )


def _keep_to_portal(until: datetime) -> None:
    """Mute what was gathered of a category that its reader keeps to the portal by now."""
    fits = [sa.and_(MailChoice.category == each, Delivery.notification.in_(names_of(each))) for each in MUTABLE]
    stmt = sa.update(Delivery).where(
        *_gathered(until),
        MailChoice.person_id == Delivery.person_id,
        MailChoice.choice == Choice.PORTAL,
        sa.or_(*fits),
    )
    db.session.execute(stmt.values(state=DeliveryState.MUTED), execution_options=_QUIET)
