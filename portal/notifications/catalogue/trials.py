"""The message that an administrator sends to their own address, to see how a text reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from markupsafe import Markup

from portal.accounts.queries import get_person
from portal.core.db import db, get_one
from portal.core.event_log import EventRow
from portal.core.text import _l
from portal.notifications.categories import Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient, to_person
from portal.notifications.texts.models import TextTrial
from portal.notifications.texts.preview import compose_case
from portal.notifications.texts.wording import Wording


class TextTrialSent(Notification):
    """A text tried: to whoever asked for it alone. Its own text is the one that is tried."""

    name = "text-trial"
    topics = ("trial.asked",)
    reason = _l("You receive this because you asked to see this message as a test.")
    category = Category.ACCOUNT  # always by mail: its reader asked for it a moment ago
    is_urgent = True
    is_read_here = True
    is_of_programme = False

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        trial = _trial(event)
        return [replace(to_person(get_person(trial.asked_by_id)), language=trial.language)]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        from portal.notifications.table import notification_named  # the table names this class

        trial = _trial(event)
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask offers no other way
        wording = None if trial.subject is None else Wording(0, trial.subject, trial.body or "")
        case = db.session.get(Delivery, trial.case_id) if trial.case_id else None
        found = None if case is None else (case, db.session.get_one(EventRow, case.event_id))
        said = compose_case(app, notification_named(trial.notification), wording, trial.language, found, is_trial=True)
        html = Markup(said.html)  # noqa: S704 - our own template's output, its values escaped
        return {"subject": said.subject, "text": said.text, "html": html}


def _trial(event: EventRow) -> TextTrial:
    return get_one(sa.select(TextTrial).where(TextTrial.id == event.subject_id))
