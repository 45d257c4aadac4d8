"""Who is signed in: the browser's token, looked up on every request (one statement; none for a visitor)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_login import UserMixin
from werkzeug.wrappers import Response

from portal.accounts.commands.signing_in import token_digest
from portal.accounts.models import Organisation, SignIn
from portal.accounts.passwords import Passwords
from portal.accounts.queries import find_signed_in
from portal.core.actor import ANONYMOUS, Actor
from portal.core.clock import machine_now
from portal.core.db import apart, db
from portal.core.refusals import signed_out, what_was_typed
from portal.core.web import forget_actor, wants_json
from portal.extensions import login_manager

SEEN_EVERY = timedelta(minutes=5)
COOKIE = "sign_in"


class SignedIn(UserMixin):  # type: ignore[misc]  # flask_login is untyped
    """What Flask-Login sees of a session; the portal itself asks ``core.web.current_actor``."""

    def __init__(self, sign_in_id: int) -> None:
        self.id = str(sign_in_id)


def passwords() -> Passwords:
    """Return the hasher at this application's cost."""
    hasher: Passwords = current_app.extensions["portal.passwords"]
    return hasher


def current_sign_in() -> SignIn | None:
    """Return this browser's living session, or None."""
    found = _signed_in()
    return found[0] if found else None


def _signed_in() -> tuple[SignIn, Actor] | None:
    if "signed_in" not in g:
        token = session.get(COOKIE)
        g.signed_in = _living(token_digest(token)) if token else None
    living: tuple[SignIn, Actor] | None = g.signed_in
    return living


def _living(digest: str) -> tuple[SignIn, Actor] | None:
    found, now = find_signed_in(digest), machine_now()
    if found is None:
        return None
    sign_in, _ = found
    unseen = now - sign_in.seen_at
    if sign_in.ended_at is not None or sign_in.expires_at <= now:
        return None
    if unseen >= timedelta(seconds=current_app.extensions["portal.settings"].session_idle):
        return None
    if unseen >= SEEN_EVERY and not _asks_by_itself():
        with apart() as short:
            short.execute(sa.update(SignIn).where(SignIn.token_sha256 == digest).values(seen_at=now))
        found = find_signed_in(digest)
    return found


def _asks_by_itself() -> bool:
    """Return whether a script asks what is new on a page that may have been left: that keeps no session alive."""
    return request.method == "GET" and wants_json()


def load_actor() -> Actor:
    """Return who asks."""
    found = _signed_in()
    return found[1] if found else ANONYMOUS


def keep_signed_in(token: str) -> None:
    """Give the browser its token in a fresh session: whatever was in the old one could be an attacker's."""
    language = session.get("language")
    session.clear()
    session.permanent = True
    session[COOKIE] = token
    if language:
        session["language"] = language
    _forget()


def forget_sign_in() -> None:
    """Take the token from the browser."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    _forget()


def _forget() -> None:
    g.pop("signed_in", None)
    forget_actor()


def _caption() -> dict[str, Any]:
    actor = g.get("actor")
    if actor is None or actor.acting_for is None:
        return {}
    organisation = db.session.get(Organisation, actor.acting_for)
    return {"actor_caption": organisation.name if organisation else ""}


def install(app: Flask) -> None:
    """Tell Flask-Login and the kernel who is signed in."""
    settings = app.extensions["portal.settings"]
    app.extensions["portal.passwords"] = Passwords(settings.argon2_time_cost, settings.argon2_memory_cost)
    app.extensions["portal.actor"] = load_actor
    app.context_processor(_caption)

    @login_manager.user_loader  # type: ignore[untyped-decorator]
    def load_user(_user_id: str) -> SignedIn | None:
        sign_in = current_sign_in()
        return SignedIn(sign_in.id) if sign_in is not None else None

    @login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
    def sign_in_first() -> Response:
        if wants_json():
            return Response("{}", 401, mimetype="application/json")
        if what_was_typed():
            return signed_out()
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=target))
