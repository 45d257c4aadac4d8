"""The text that is shipped with the portal, as an administrator would have written it: where editing begins.

It is read off the templates themselves: each value is the name of its variable between braces, and what the filters make
of it is that name again. So there is one source of the shipped words, and it follows their translations.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from flask import Flask
from flask_babel import force_locale
from jinja2 import Environment

from portal.core.requests import LOCALES
from portal.notifications.notification import Notification
from portal.notifications.texts.wording import Wording
from portal.notifications.variables import IN_BLOCKS, Kind

_KEPT = ("t", "moment", "day", "money", "prose")  # the filters that the templates of messages use on a value


def shipped_wording(app: Flask, notification: Notification, language: str) -> Wording:
    """Return the shipped text of ``notification`` in ``language``, with its variables."""
    key = (notification.name, language)
    kept: dict[tuple[str, str], Wording] = app.extensions.setdefault("portal.shipped-wordings", {})
    if key not in kept:
        kept[key] = _read_off(app, notification, language)
    return kept[key]


def _read_off(app: Flask, notification: Notification, language: str) -> Wording:
    environment = _with_names(app.jinja_env)
    context: dict[str, Any] = {}
    for each in notification.variables:
        name = f"{{{{ {each.name} }}}}"
        context[each.key] = [name] if each.kind is Kind.BULLETS else name
    with force_locale(LOCALES.get(language, LOCALES["nl"])):
        subject = environment.get_template(f"emails/{notification.name}/subject.txt").render(context)
        template = environment.get_template(f"emails/{notification.name}/body.txt")
        body = "".join(template.blocks["body"](template.new_context(context)))
    body = "\n".join(line.strip() for line in body.splitlines())
    for each in notification.variables:
        name = f"{{{{ {each.name} }}}}"
        if each.kind is Kind.LINK:
            body = re.sub(rf"^(.+?):\n{name}$", rf"\n[\1]({name})\n", body, flags=re.MULTILINE)
        elif each.kind in IN_BLOCKS:
            body = re.sub(rf"^(- )?{name}$", f"\n{name}\n", body, flags=re.MULTILINE)
    return Wording(0, " ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", body).strip())


@cache
def _with_names(environment: Environment) -> Environment:
    named = environment.overlay()
    named.filters = {**environment.filters, **dict.fromkeys(_KEPT, _same)}
    return named


def _same(value: Any, **_how: Any) -> Any:
    return value
