"""What every page shares: the request's context, rendering, and the security floor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import uuid4

from babel.support import NullTranslations
from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_babel import get_translations

from portal.core.actor import ANONYMOUS, Actor
from portal.core.arrival import ARRIVED, SEEN, is_overdue
from portal.core.context import Ctx
from portal.core.formats import format_day, format_moment, format_money
from portal.core.page_locale import page_locale
from portal.core.policy import policy_named
from portal.core.text import Msg, Text

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


_CATALOGUES: dict[str, NullTranslations] = {}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation. ``current`` is a value of aria-current: "page", or "true" for its section."""

    label: str
    url: str
    current: Literal["page", "true", ""] = ""
    count: int | None = None


def request_id() -> str:
    """Return this request's id: in the log, on the page of a failure, and carried into its events."""
    if "request_id" not in g:
        g.request_id = uuid4().hex[:16]
    return str(g.request_id)


def current_actor() -> Actor:
    """Return who asks; accounts provides the loader (``app.extensions['portal.actor']``)."""
    if "actor" not in g:
        load: Callable[[], Actor] | None = current_app.extensions.get("portal.actor")
        g.actor = load() if load else ANONYMOUS
    actor: Actor = g.actor
    return actor


def forget_actor() -> None:
    """Ask again who acts: after signing in or out within a request."""
    g.pop("actor", None)


def ctx() -> Ctx:
    """Return this request's context: arrival in domain time, actor and id."""
    arrived: datetime = request.environ[ARRIVED]
    seen: datetime = request.environ[SEEN]
    return Ctx(arrived, current_actor(), request_id(), seen, is_overdue(request.environ))


def arrived_at() -> datetime:
    """Return when this request arrived, in domain time."""
    arrived: datetime = request.environ[ARRIVED]
    return arrived


def language() -> str:
    """Return the page's language: ``nl`` or ``en``."""
    locale = page_locale()
    return "en" if locale is not None and locale.language == "en" else "nl"


def catalogue() -> NullTranslations:
    """Return the translations into the page's language; Flask-Babel names the language anew for each sentence."""
    locale = page_locale()
    known = locale.language if locale is not None else ""  # a Locale is slow to hash, and a board asks a thousand times
    if known not in _CATALOGUES:
        _CATALOGUES[known] = get_translations()
    return _CATALOGUES[known]


def wants_json() -> bool:
    """Return whether a script of ours asks, which sends ``Accept: application/json``."""
    return request.accept_mimetypes.best == "application/json"


def translate(value: Any) -> str:
    """Return ``value`` in the page's language: a Msg with its values formatted, or a bilingual Text."""
    if isinstance(value, Text):
        return value.in_language(language())
    if isinstance(value, Msg):
        shown = {name: _shown(each) for name, each in value.params.items()}
        sentence = catalogue().ugettext(str(value))
        return sentence % shown if shown else sentence
    if isinstance(value, str):
        return value  # as it is: Markup stays Markup
    return "" if value is None else str(value)


def _shown(value: Any) -> Any:
    if isinstance(value, Msg | Text):
        return translate(value)
    if isinstance(value, Decimal):
        return format_money(value)
    if isinstance(value, datetime):
        return format_moment(value)
    if isinstance(value, date):
        return format_day(value)
    return value


def can(policy_name: str, subject: Any = None) -> bool:
    """Return whether the actor would be let through: the same question the endpoint asks."""
    return policy_named(policy_name).allows(current_actor(), subject)


def render(template: str, status: int | None = None, /, **context: Any) -> Response:
    """Render a page; a POST that comes to rendering a form with errors answers 422, so that nothing is committed."""
    form = context.get("form")
    if status is None:
        status = 422 if request.method == "POST" and form is not None and form.errors else 200
    return make_response(render_template(template, **context), status)


def safe_next(target: str | None, default: str) -> str:
    """Return ``target`` where it is a path of this portal, else ``default``."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target or "\n" in target:
        return default
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else default


def add_security_headers(response: Response) -> Response:
    """Lay the security floor under every answer; private pages are never stored."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.extensions["portal.settings"].is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    if "Cache-Control" not in response.headers:
        is_shared = (
            "actor" in g and g.actor.is_anonymous and request.method == "GET" and not response.headers.get("Set-Cookie")
        )
        response.headers["Cache-Control"] = "no-cache" if is_shared else "no-store"
    response.headers["X-Request-Id"] = request_id()
    response.vary.update(["Cookie", "Accept-Language"])
    return response


def install(app: Flask) -> None:
    """Give templates what every page needs, and every answer its security floor."""
    app.jinja_env.filters["t"] = translate
    app.jinja_env.globals.update(can=can, translate=translate, language=language)
    app.after_request(add_security_headers)

    @app.context_processor
    def shared() -> dict[str, Any]:
        navigation: Callable[[], list[NavItem]] | None = current_app.extensions.get("portal.navigation")
        return {
            "current_actor": current_actor(),
            "navigation": navigation() if navigation else [],
            "settings": current_app.extensions["portal.settings"],
            "server_now": request.environ.get(ARRIVED),
            "request_id": request_id(),
        }
