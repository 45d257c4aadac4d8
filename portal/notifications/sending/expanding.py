"""What its reader's choice makes of a message on the way from an event to a mailbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import Flask, current_app

from portal.core.db import db
from portal.core.event_log import EventRow
from portal.notifications.categories import Choice
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.notification import Notification, Recipient
from portal.notifications.own.queries import choices_of
from portal.notifications.sending.rendering import render_message

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Planned:
    """One message that an event causes."""

    event: EventRow
    notification: Notification
    recipient: Recipient
    programme_id: int | None


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a delivery begins. ``subject`` is written here where nobody writes the message later, and empty otherwise."""

    state: DeliveryState = DeliveryState.WAITING
    subject: str = ""


SENT_AT_ONCE = Beginning()


def beginnings(planned: Sequence[Planned], at: datetime) -> list[Beginning]:
    """Return how each message begins, in the same order: sent, gathered or muted as its reader chose.

    One statement for all of them together, and none where the law asks for every mail.
    """
    states = zip(planned, states_of(planned), strict=True)
    waits = DeliveryState.WAITING
    return [SENT_AT_ONCE if state is waits else Beginning(state, _subject_of(each, at)) for each, state in states]


def states_of(planned: Sequence[Planned]) -> list[DeliveryState]:
    """Return the state in which each message begins, in the same order; one statement at most."""
    people = {
        each.recipient.person_id
        for each in planned
        if each.notification.is_mutable and each.recipient.person_id is not None
    }
    chosen = choices_of(people) if people else {}
    found = []
    for each in planned:
        choice = chosen.get((each.recipient.person_id or 0, each.notification.category), Choice.AT_ONCE)
        found.append(state_for(each.notification, choice))
    return found


def state_for(kind: Notification, choice: Choice) -> DeliveryState:
    """Return how a message of ``kind`` begins for a reader with ``choice``: what cannot wait is not gathered."""
    if not kind.is_mutable or choice is Choice.AT_ONCE:
        return DeliveryState.WAITING
    if choice is Choice.PORTAL:
        return DeliveryState.MUTED
    return DeliveryState.GATHERED if kind.is_digestible else DeliveryState.WAITING


def _subject_of(planned: Planned, at: datetime) -> str:
    """Return the subject line of a message that is not written; empty where it cannot be made."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask offers no other way
    unwritten = Delivery(
        event_id=planned.event.id,
        notification=planned.notification.name,
        recipient=planned.recipient.key,
        person_id=planned.recipient.person_id,
        programme_id=planned.programme_id,
        address=planned.recipient.address,
        language=planned.recipient.language,
        made_at=at,
        copy=0,
    )
    try:
        with db.session.begin_nested():
            return str(render_message(app, unwritten, planned.event)["Subject"])
    except Exception as fault:  # noqa: BLE001 - one reader's subject must not hold up the others' mail
        log.warning(
            "subject not made", event_id=planned.event.id, notification=planned.notification.name, error=repr(fault)
        )
        return ""
