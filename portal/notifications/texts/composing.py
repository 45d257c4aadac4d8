"""What a notification says: subject, text and HTML, from the templates that are shipped or from an edited text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import force_locale

from portal.core.requests import LOCALES
from portal.notifications.notification import Notification
from portal.notifications.texts.wording import Wording, fill


@dataclass(frozen=True, slots=True)
class Said:
    """A message's words. ``html`` is a whole document; its styles are not inlined yet."""

    subject: str
    text: str
    html: str


def say(
    app: Flask, notification: Notification, wording: Wording | None, context: Mapping[str, Any], language: str
) -> Said:
    """Return what ``notification`` says in ``language`` with these values; ``wording`` None: as shipped.

    The reason why somebody receives it, and the foot, are the layout's: no text can leave them out.
    """
    settings = app.extensions["portal.settings"]
    common = {"reason": notification.reason, "base_url": settings.base_url, "lang": language}
    common["unsubscribe_link"] = context.get("unsubscribe_link")
    with force_locale(LOCALES.get(language, LOCALES["nl"])):
        if wording is None:
            shown = {**context, **common}
            names = [f"emails/{notification.name}/{part}" for part in ("subject.txt", "body.txt", "body.html")]
            subject, text, html = (app.jinja_env.get_template(name).render(shown) for name in names)
            return Said(" ".join(subject.split()), text.strip() + "\n", html)
        filled = fill(notification, wording, context)
        common |= {"subject": filled.subject, "is_trial": context.get("is_trial")}
        text = app.jinja_env.get_template("emails/_edited.txt").render(common, body=filled.text)
        html = app.jinja_env.get_template("emails/_edited.html").render(common, body=filled.html)
        return Said(filled.subject, text.strip() + "\n", html)
