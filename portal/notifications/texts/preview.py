"""A text tried on a real message, or on an example: nothing is sent, and no link that stands for a person works."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import force_locale
from markupsafe import Markup

from portal.core.errors import PortalError
from portal.core.event_log import EventRow
from portal.core.requests import LOCALES
from portal.notifications.links import MaskedLinks
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification
from portal.notifications.own.unsubscribing import unsubscribe_link
from portal.notifications.texts.composing import Said, say
from portal.notifications.texts.wording import Wording

_MAIN = re.compile(r"<main>(.*?)</main>", re.DOTALL)
_FOOT = re.compile(r"<footer>(.*?)</footer>", re.DOTALL)
Found = tuple[Delivery, EventRow]


@dataclass(frozen=True, slots=True)
class Shown:
    """A message in one language as the page shows it: the parts of its HTML apart, below the page's own headings."""

    language: str
    subject: str
    text: str
    body: Markup
    foot: Markup


def compose_case(
    app: Flask,
    notification: Notification,
    wording: Wording | None,
    language: str,
    found: Found | None,
    *,
    is_trial: bool = False,
) -> Said:
    """Return what a message says to somebody else than its recipient; without ``found``, of the example's values.

    NotFound, or what else ``context`` raises, where what the message is about is gone.
    """
    context = _example(notification) if found is None else _context(app, notification, language, found)
    return say(app, notification, wording, {**context, "is_trial": is_trial}, language)


def show(said: Said, language: str) -> Shown:
    """Return a message as the page shows it."""
    return Shown(language, said.subject, said.text, _inner(_MAIN, said.html), _inner(_FOOT, said.html))


def can_show(app: Flask, notification: Notification, language: str, found: Found) -> bool:
    """Return whether the message can still be made: what it is about may be gone."""
    try:
        _context(app, notification, language, found)
    except (PortalError, LookupError, ValueError, AttributeError):
        return False
    return True


def _context(app: Flask, notification: Notification, language: str, found: Found) -> dict[str, Any]:
    delivery, event = found
    # Of no session, so that it is never saved: the same recipient, in the language that is looked at.
    reader = Delivery(
        event_id=delivery.event_id,
        notification=delivery.notification,
        recipient=delivery.recipient,
        person_id=delivery.person_id,
        address=delivery.address,
        language=language,
        made_at=delivery.made_at,
    )
    links = MaskedLinks(app.url_map, app.extensions["portal.settings"].base_url)
    with force_locale(LOCALES[language]):
        context = notification.context(event, reader, links)
        return {**context, "unsubscribe_link": unsubscribe_link(notification, reader, links)}


def _example(notification: Notification) -> Mapping[str, Any]:
    return {each.key: each.example for each in notification.variables}


def _inner(part: re.Pattern[str], html: str) -> Markup:
    found = part.search(html)
    inner = found[1] if found else ""
    return Markup(re.sub(r"<(/?)h1>", r"<\1h4>", inner))  # noqa: S704 - our own template's output, its values escaped
