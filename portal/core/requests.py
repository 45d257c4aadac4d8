"""What happens around every request: language, the host allow-list, bytes no text can hold, one log line, one count."""

from __future__ import annotations

import structlog
from flask import Flask, Response, abort, current_app, g, request, session

from config import Settings
from portal.core import logs
from portal.core.arrival import STARTED
from portal.core.clock import monotonic
from portal.core.meters import Meters
from portal.core.routing import LARGEST_BODY
from portal.core.web import current_actor, request_id

log = structlog.get_logger("portal.request")

LOCALES = {"nl": "nl_BE", "en": "en_GB"}
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})  # what else somebody sends is counted as one


def locale() -> str:
    """Return the locale to speak: what the visitor chose, else the person's own language, else Dutch."""
    chosen = session.get("language")
    if chosen not in LOCALES:
        chosen = current_actor().language
    return LOCALES.get(chosen, LOCALES["nl"])


def install(app: Flask, settings: Settings) -> None:
    """Register the hooks."""
    hosts = frozenset(settings.allowed_hosts)
    app.extensions["portal.meters"] = Meters(settings.redis_url)

    @app.before_request
    def name_request() -> None:
        """First of all: every line that is logged from here on, and every task that is woken, carries the id."""
        logs.begin(request_id=request_id())

    @app.url_value_preprocessor
    def allow_several_files(endpoint: str | None, _values: dict[str, object] | None) -> None:
        """Before anything reads the body: where a page takes several files, it may be larger than elsewhere."""
        largest = getattr(app.view_functions.get(endpoint or ""), LARGEST_BODY, None)
        if largest is not None:
            request.max_content_length = largest

    @app.before_request
    def refuse_what_no_page_can_hold() -> None:
        host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
        if host not in hosts:
            abort(400)
        if "\0" in request.full_path or "%00" in request.full_path:
            abort(404)
        if request.method == "POST":
            values = (value for _, each in request.form.lists() for value in each)
            if any("\0" in value for value in values) or any("\0" in key for key in request.form):
                abort(400)

    app.after_request(note_request)


def note_request(response: Response) -> Response:
    """Log and count what was answered: the endpoint and never the path, which may hold a token; the person's number."""
    seconds = monotonic() - request.environ.get(STARTED, monotonic())
    endpoint, actor = request.endpoint or "none", g.get("actor")
    log.info(
        "request",
        request_id=request_id(),
        method=request.method,
        endpoint=endpoint,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        person_id=actor.person_id if actor is not None else None,
    )
    meters: Meters = current_app.extensions["portal.meters"]
    method = request.method if request.method in METHODS else "other"
    meters.count("requests", endpoint, method, str(response.status_code))
    meters.measure("request", endpoint, seconds=seconds)
    return response
