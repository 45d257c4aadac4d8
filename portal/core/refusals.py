"""How a refusal is answered: one page each, calm and exact, and what must survive it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from portal.core.advance import governed
from portal.core.db import db
from portal.core.errors import Forbidden, IllegalTransition, NotFound, RuleViolation
from portal.core.event_log import record_apart
from portal.core.events import Event
from portal.core.files import StorageAway
from portal.core.policy import policy_named
from portal.core.routing import answer_signed_out
from portal.core.web import ctx, current_actor, request_id, wants_json

log = structlog.get_logger(__name__)

LEAST = 20  # characters: what is shorter is typed again sooner than it is copied
SECRET = re.compile("password|token|seal")


@dataclass(frozen=True)
class AccessDenied(Event, topic="person.access-denied"):
    person_id: int
    policy: str


def install(app: Flask) -> None:
    """Register the answers to every refusal."""
    app.register_error_handler(NotFound, lambda _error: _page("404", 404))
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(IllegalTransition, _illegal)
    app.register_error_handler(RuleViolation, lambda refusal: _page("422", 422, problems=refusal.problems))
    app.register_error_handler(StorageAway, _storage_away)
    app.register_error_handler(CSRFError, _token_unfit)
    app.register_error_handler(RateLimitExceeded, lambda _error: _page("429", 429))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(Exception, _fault)


def signed_out() -> Response:
    """Answer what was sent without a session any more: the text can still be copied. Nothing else of it is read."""
    return _page("signed_out", 401)


def what_was_typed() -> list[str]:
    """Return the texts of a form that is refused as a whole, so that whoever wrote them can copy them.

    Never a secret, and nothing that another site had a browser send.
    """
    if request.method != "POST" or (request.origin and urlsplit(request.origin).netloc != request.host):
        return []
    try:
        values = list(request.form.items(multi=True))
    except HTTPException:  # too large to read
        return []
    return [text.replace("\0", "\ufffd") for name, text in values if len(text) >= LEAST and not SECRET.search(name)]


def _page(template: str, status: int, **context: object) -> Response:
    db.session.rollback()
    return make_response(render_template(f"errors/{template}.html", typed=what_was_typed(), **context), status)


def _token_unfit(_error: CSRFError) -> Response:
    """Answer a form whose token is not of this session; a script is told apart that nobody is signed in any more."""
    if wants_json():
        return make_response({}, 401 if current_actor().is_anonymous else 400)
    return (answer_signed_out() if current_actor().is_anonymous else None) or _page("csrf", 400)


def _forbidden(refusal: Forbidden) -> Response:
    db.session.rollback()
    actor = current_actor()
    if actor.person_id is not None:
        record_apart(ctx(), AccessDenied(person_id=actor.person_id, policy=refusal.policy))
    return _page("403", 403, policy=policy_named(refusal.policy) if refusal.policy else None)


def _illegal(refusal: IllegalTransition) -> Response:
    _, workflow = governed()[refusal.kind]
    words = workflow.words_of(refusal.state)
    is_staff = bool(current_actor().roles)
    return _page("409", 409, state=words.staff if is_staff else words.applicant, since=refusal.since, tone=words.tone)


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    known = {400: "400", 404: "404", 405: "405", 413: "413", 429: "429"}
    if code in known:
        return _page(known[code], code)
    if 300 <= code < 400:
        return Response(error.get_response())  # type: ignore[arg-type]
    return _page("400" if code < 500 else "500", code)


def _storage_away(fault: StorageAway) -> Response:
    log.error("storage away", request_id=request_id(), error=str(fault))
    return _page("storage", 503)


def _database_away(error: OperationalError) -> Response:
    log.error("database away", request_id=request_id(), error=str(error.orig))
    return _bare_fault(503)


def _fault(error: Exception) -> Response:
    log.error("fault", request_id=request_id(), exc_info=error)
    try:
        return _page("500", 500)
    except Exception:  # noqa: BLE001 - the page itself may need what is broken
        return _bare_fault(500)


def _bare_fault(status: int) -> Response:
    body = f"Er ging iets mis. Something went wrong. ({request_id()})\n"
    return Response(body, status, mimetype="text/plain")
