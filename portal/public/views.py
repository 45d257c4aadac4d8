"""Anonymous pages: the home page, the language switch, and what machines ask about the portal's health."""

from __future__ import annotations

from flask import Response, current_app, jsonify, redirect, request, session
from werkzeug.wrappers import Response as BaseResponse

from portal.core.errors import NotFound
from portal.core.health import missing_parts
from portal.core.policy import PUBLIC_PAGE
from portal.core.requests import LOCALES
from portal.core.routing import Pages
from portal.core.web import render, safe_next

bp = Pages("public", __name__)


@bp.page("/", policy=PUBLIC_PAGE)
def home() -> Response:
    """Show what the portal is for."""
    return render("public/home.html")


@bp.page("/language/<language>", policy=PUBLIC_PAGE)
def language(language: str) -> BaseResponse:
    """Remember the chosen language and go back to the page it was chosen on."""
    if language not in LOCALES:
        raise NotFound
    session["language"] = language
    return redirect(safe_next(request.args.get("next"), "/"))


@bp.page("/healthz", policy=PUBLIC_PAGE)
def healthz() -> Response:
    """Answer while the process lives."""
    return jsonify(status="alive")


@bp.page("/readyz", policy=PUBLIC_PAGE)
def readyz() -> tuple[Response, int] | Response:
    """Answer 200 once database, queue and a worker are there; else 503 naming what is missing."""
    missing = missing_parts(current_app.extensions["portal.queue"])
    return (jsonify(status="not ready", missing=missing), 503) if missing else jsonify(status="ready")
