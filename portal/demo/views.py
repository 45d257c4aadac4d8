"""The demo's own pages: the clock, the way back, the mailbox."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Response, current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.commands.signing_in import begin_session
from portal.accounts.queries import find_person_by_email
from portal.accounts.signed_in import keep_signed_in
from portal.accounts.views.account import first_page
from portal.core.clock import Clock
from portal.core.errors import NotFound, RuleViolation
from portal.core.formats import format_moment
from portal.core.routing import Pages
from portal.core.web import ctx, render, safe_next, translate
from portal.demo import clock as demo_clock
from portal.demo import mailbox as messages
from portal.demo import policies, start
from portal.demo.cast import person as one_of_the_cast
from portal.demo.moments import moment_in

bp = Pages("demo", __name__, url_prefix="/demo")


def _clock() -> Clock:
    clock: Clock = current_app.extensions["portal.clock"]
    return clock


def _store() -> Path:
    store: Path | None = current_app.extensions["portal.settings"].mail_store
    if store is None:
        raise NotFound
    return store


def _back() -> BaseResponse:
    return redirect(safe_next(request.form.get("next"), "/"))


@bp.action("/clock", policy=policies.USE)
def move_clock() -> BaseResponse:
    """Move demo time forward to the moment that was chosen."""
    to = moment_in(request.form.get("to", ""))
    try:
        demo_clock.move_clock(_clock(), to)
    except RuleViolation as refusal:
        flash(translate(refusal.problems[0].message), "attention")
        return _back()
    flash(_("It is now %(moment)s in the demo.", moment=format_moment(to)), "success")
    return _back()


@bp.action("/sign-in-as", policy=policies.USE)
def sign_in_as() -> BaseResponse:
    """Begin a session of one of the cast, who have no password."""
    try:
        email = one_of_the_cast(request.form.get("person", "")).email
    except KeyError:
        raise NotFound from None
    person = find_person_by_email(email)
    if person is None:
        raise NotFound
    lifetime = timedelta(seconds=current_app.extensions["portal.settings"].session_lifetime)
    keep_signed_in(begin_session(ctx(), person, device=request.user_agent.string, lifetime=lifetime))
    return redirect(first_page())


@bp.form("/restore", policy=policies.USE)
def restore() -> BaseResponse:
    """Ask first, then put the starting world back."""
    can_restore = start.can_restore()
    if request.method == "GET" or not can_restore:
        return render("demo/restore.html", can_restore=can_restore, starts_at=demo_clock.START)
    start.restore_start(demo_clock.START - _clock().machine_now())
    if (store := current_app.extensions["portal.settings"].mail_store) is not None:
        messages.empty_mailbox(store)
    session.clear()
    flash(_("The starting world is back. Nobody is signed in."), "success")
    return redirect("/")


@bp.page("/mailbox", policy=policies.USE)
def mailbox() -> Response:
    """List every message sent, newest first."""
    store = _store()
    before = request.args.get("before", type=int)
    rows, more = messages.list_messages(store, before)
    next_url = url_for(".mailbox", before=more) if more else None
    return render("demo/mailbox.html", rows=rows, next_url=next_url, total=len(messages.numbers(store)))


@bp.page("/mailbox/<int:number>", policy=policies.USE)
def message(number: int) -> Response:
    """Show one message as text, with links that work."""
    found = messages.find_message(_store(), number)
    if found is None:
        raise NotFound
    return render("demo/message.html", message=found, pieces=list(messages.pieces(found.text or found.html)))
