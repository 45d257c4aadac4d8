"""What happens around every request: language, the host allow-list, bytes no text can hold, and one log line."""

from __future__ import annotations

import structlog
from flask import Flask, Response, abort, request, session

from config import Settings
from portal.core.arrival import STARTED
from portal.core.clock import monotonic
from portal.core.routing import LARGEST_BODY
from portal.core.web import current_actor, request_id

log = structlog.get_logger("portal.request")

LOCALES = {"nl": "nl_BE", "en": "en_GB"}


def locale() -> str:
    """Return the locale to speak: what the visitor chose, else the person's own language, else Dutch."""
    chosen = session.get("language")
    if chosen not in LOCALES:
        chosen = current_actor().language
    return LOCALES.get(chosen, LOCALES["nl"])


def install(app: Flask, settings: Settings) -> None:
    """Register the hooks."""
    hosts = frozenset(settings.allowed_hosts)

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

    @app.after_request
    def log_request(response: Response) -> Response:
        started = request.environ.get(STARTED, monotonic())
        log.info(
            "request",
            request_id=request_id(),
            method=request.method,
            endpoint=request.endpoint,
            status=response.status_code,
            ms=round((monotonic() - started) * 1000, 1),
        )
        return response
