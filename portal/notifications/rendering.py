"""A delivery as a message: subject, text and HTML in the recipient's language. No image, no tracking."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.utils import format_datetime

import css_inline
from flask import Flask
from flask_babel import force_locale

from portal.core.event_log import EventRow
from portal.core.requests import LOCALES
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.table import notification_named


def message_id(delivery: Delivery, host: str) -> str:
    """Return the Message-ID: the same each time the delivery is sent, so that a repeat can be recognised.

    A copy that a person asked for is another delivery, and has another one.
    """
    recipient = hashlib.sha256(delivery.recipient.encode()).hexdigest()[:16]
    copy = f".{delivery.copy}" if delivery.copy else ""
    return f"<{delivery.event_id}.{delivery.notification}.{recipient}{copy}@{host}>"


def render_message(app: Flask, delivery: Delivery, event: EventRow) -> EmailMessage:
    """Return the message of ``delivery``; raises where its subject is gone or a link has no page."""
    settings = app.extensions["portal.settings"]
    links = Links(app.url_map, settings.base_url, settings.secret_key)
    notification = notification_named(delivery.notification)
    with force_locale(LOCALES.get(delivery.language, LOCALES["nl"])):
        context = notification.context(event, delivery, links)
        context |= {"reason": notification.reason, "base_url": settings.base_url, "lang": delivery.language}
        subject, text, html = (
            app.jinja_env.get_template(f"emails/{notification.name}/{part}").render(context)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = settings.mail_from
    message["To"] = delivery.address
    message["Date"] = format_datetime(delivery.made_at)
    message["Message-ID"] = message_id(delivery, links.host)
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = delivery.language
    message.set_content(text.strip() + "\n")
    message.add_alternative(css_inline.inline(html), subtype="html")
    return message
