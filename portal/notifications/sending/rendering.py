"""A delivery as a message: subject, text and HTML in the recipient's language. No image, no tracking."""

from __future__ import annotations

import hashlib
import hmac
from email.message import EmailMessage
from email.utils import format_datetime

import css_inline
from flask import Flask
from flask_babel import force_locale

from portal.core.event_log import EventRow
from portal.core.requests import LOCALES
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.own.unsubscribing import add_unsubscribe_headers, unsubscribe_link
from portal.notifications.sending.headers import POLICY, two_bodies
from portal.notifications.table import notification_named
from portal.notifications.texts.composing import say
from portal.notifications.texts.standing import Wordings


def message_id(delivery: Delivery, links: Links) -> str:
    """Return the Message-ID: the same each time the delivery is sent, so that a repeat can be recognised.

    A copy that a person asked for is another delivery, and has another one. It is signed: nobody can make up that of a
    message they did not get, and say that it came back.
    """
    signed = f"message-id:{delivery.event_id}:{delivery.notification}:{delivery.recipient}".encode()
    recipient = hmac.new(links.key.encode(), signed, hashlib.sha256).hexdigest()[:16]
    copy = f".{delivery.copy}" if delivery.copy else ""
    return f"<{delivery.event_id}.{delivery.notification}.{recipient}{copy}@{links.host}>"


def render_message(
    app: Flask, delivery: Delivery, event: EventRow, links: Links | None = None, wordings: Wordings | None = None
) -> EmailMessage:
    """Return the message of ``delivery``; raises where its subject is gone or a link has no page.

    ``links``: masked ones where somebody else than the recipient reads it. ``wordings`` spares a worker the lookup of
    the text that stands; which version it was is noted in ``delivery.text_number``.
    """
    settings = app.extensions["portal.settings"]
    is_looked_at = links is not None
    links = links or Links(app.url_map, settings.base_url, settings.secret_key)
    notification = notification_named(delivery.notification)
    wording = (wordings or Wordings()).of(delivery.programme_id, notification.name, delivery.language)
    with force_locale(LOCALES.get(delivery.language, LOCALES["nl"])):
        context = notification.context(event, delivery, links)
        context["unsubscribe_link"] = unsubscribe = unsubscribe_link(notification, delivery, links)
    said = say(app, notification, wording, context, delivery.language)
    if not is_looked_at:
        delivery.text_number = wording.number if wording else 0
    message = EmailMessage(policy=POLICY)
    message["Subject"] = said.subject
    message["From"] = settings.mail_from
    message["To"] = delivery.address
    message["Date"] = format_datetime(delivery.made_at)
    message["Message-ID"] = message_id(delivery, links)
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = delivery.language
    if unsubscribe is not None:
        add_unsubscribe_headers(message, unsubscribe)
    two_bodies(message, said.text, css_inline.inline(said.html))
    return message
