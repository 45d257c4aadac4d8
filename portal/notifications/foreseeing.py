"""What a command would tell, before it tells anybody: its own events, planned as the relay plans them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from copy import copy

import sqlalchemy as sa
from flask import Flask

from portal.core.db import db
from portal.core.event_log import EventRow, hearing
from portal.core.foreseeing import ForeseenMessage, Foresight, LeftOut
from portal.core.text import Msg, _l
from portal.notifications.kind_words import kind_words
from portal.notifications.log_queries import names_of
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.notification import Notification
from portal.notifications.presenters import read_masked
from portal.notifications.sending.expanding import Planned, states_of
from portal.notifications.sending.relay import plan, why_left_out
from portal.notifications.table import notifications_for

NOBODY_SIGNS = _l("nobody may sign for this organisation")
NOT_BY_MAIL: dict[DeliveryState, Msg] = {
    DeliveryState.MUTED: _l("reads these in the portal alone"),
    DeliveryState.GATHERED: _l("gets it in the daily digest"),
}


def foresee(act: Callable[[], object], *, seen: str, typed: str) -> Foresight:
    """See ``portal.core.foreseeing``."""
    db.session.flush()
    before = {name: copy(value) for name, value in db.session.info.items()}
    nested = db.session.begin_nested()
    try:
        with hearing() as heard:
            act()
        db.session.flush()
        events = list(db.session.scalars(sa.select(EventRow).where(EventRow.id.in_(heard)).order_by(EventRow.id)))
        told = _tell(events, typed)
    except BaseException:
        nested.rollback()
        raise
    if seen == told.digest:
        nested.commit()
        return Foresight(told.messages, told.digest, is_done=True)
    nested.rollback()
    db.session.info.clear()  # nobody is woken for what did not happen
    db.session.info.update(before)
    return told


def _tell(events: Iterable[EventRow], typed: str) -> Foresight:
    by_kind: dict[Notification, list[tuple[EventRow, Planned]]] = {}
    unreached: dict[Notification, set[str]] = {}
    for event in events:
        for kind in notifications_for(event.topic):
            unreached.setdefault(kind, set()).update(kind.unreached(event))
        seen: set[tuple[str, str]] = set()
        for each in plan(event):
            key = (each.notification.name, each.recipient.key)
            if key not in seen:
                by_kind.setdefault(each.notification, []).append((event, each))
                seen.add(key)
    kinds = [kind for kind in unreached if kind in by_kind or unreached[kind]]
    messages = tuple(_of_kind(kind, by_kind.get(kind, []), unreached[kind]) for kind in kinds)
    told = sorted(f"{each.notification.name} {each.recipient.key}" for found in by_kind.values() for _, each in found)
    return Foresight(messages, hashlib.sha256("\n".join([typed, *told]).encode()).hexdigest())


def _of_kind(kind: Notification, found: list[tuple[EventRow, Planned]], unreached: set[str]) -> ForeseenMessage:
    """Return who gets messages of this kind, who does not, and the first one as an example."""
    begins = states_of([each for _, each in found])
    out = [why_left_out(each) or NOT_BY_MAIL.get(state) for (_, each), state in zip(found, begins, strict=True)]
    names = names_of({each.recipient.person_id for _, each in found if each.recipient.person_id is not None})
    left = {
        LeftOut(names.get(each.recipient.person_id or 0, each.recipient.address), why)
        for (_, each), why in zip(found, out, strict=True)
        if why is not None
    }
    left |= {LeftOut(name, NOBODY_SIGNS) for name in unreached}
    told = [pair for pair, why in zip(found, out, strict=True) if why is None]
    everybody = tuple(sorted(left, key=lambda each: each.name))
    if not told:
        return ForeseenMessage(kind_words(kind.name), 0, everybody)
    event, first = told[0]
    reading = read_masked(_as_delivery(event, first), event)
    return ForeseenMessage(
        kind_words(kind.name),
        len(told),
        everybody,
        example_to=names.get(first.recipient.person_id or 0, first.recipient.address),
        language=first.recipient.language,
        subject=reading.subject,
        text=reading.text or reading.fault,
    )


def _as_delivery(event: EventRow, planned: Planned) -> Delivery:
    """Return the row that the relay would write, of no session."""
    recipient = planned.recipient
    return Delivery(
        event_id=event.id,
        notification=planned.notification.name,
        recipient=recipient.key,
        person_id=recipient.person_id,
        programme_id=planned.programme_id,
        address=recipient.address,
        language=recipient.language,
        made_at=event.occurred_at,
        copy=0,
    )


def install(app: Flask) -> None:
    """Let every confirmation page look ahead."""
    app.extensions["portal.foresee"] = foresee
