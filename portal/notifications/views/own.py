"""What one was told, read in the portal: whatever came by mail, and what did not."""

from __future__ import annotations

from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.core.db import apart, db
from portal.core.errors import NotFound
from portal.core.event_log import EventRow
from portal.core.policy import SIGNED_IN
from portal.core.web import ctx, current_actor, render, safe_next
from portal.notifications import policies
from portal.notifications.categories import CATEGORIES, Category
from portal.notifications.links import Links, MaskedLinks
from portal.notifications.models import Delivery
from portal.notifications.own import choosing
from portal.notifications.own import queries as own_queries
from portal.notifications.own.messages import told
from portal.notifications.own.queries import get_own_delivery
from portal.notifications.sending.rendering import render_message
from portal.notifications.table import names_of, notification_named
from portal.notifications.views.blueprint import bp
from portal.notifications.views.choosing import concerns


@bp.page("/notifications", policy=SIGNED_IN)
def mine() -> Response:
    """List what the person was told, the newest first."""
    chosen = request.args.get("category")
    category = Category(chosen) if chosen in list(Category) else None
    is_unread = request.args.get("unread") == "1"
    page = own_queries.page_own(
        current_actor().person_id or 0,
        request.args.get("after"),
        names=names_of(category) if category else None,
        only_unread=is_unread,
    )
    return render(
        "notifications/mine.html",
        page=page,
        messages=[told(each) for each in page.rows],
        categories={each: words for each, words in CATEGORIES.items() if concerns(each)},
        category=category,
        is_unread=is_unread,
    )


@bp.page("/notifications/<int:number>", policy=policies.READ_OWN, load=get_own_delivery)
def open_message(delivery: Delivery) -> Response | BaseResponse:
    """Lead to what the message is about, which answers for itself whether it may be seen; the message is read then.

    A message that is about nothing but its own words is shown.
    """
    kind = notification_named(delivery.notification)
    if kind.carries_token:
        raise NotFound
    if kind.is_read_here:
        return _show(delivery)
    settings = current_app.extensions["portal.settings"]
    links = Links(current_app.url_map, settings.base_url, settings.secret_key)
    address = kind.context(db.session.get_one(EventRow, delivery.event_id), delivery, links).get("link")
    if address is None:
        raise NotFound
    _note_read(delivery.id)
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return redirect(safe_next(path, url_for(".mine")))


def _show(delivery: Delivery) -> Response:
    """Show the message itself, without the foot that only a mail needs."""
    event = db.session.get_one(EventRow, delivery.event_id)
    links = MaskedLinks(current_app.url_map, current_app.extensions["portal.settings"].base_url)
    message = render_message(current_app._get_current_object(), delivery, event, links)  # type: ignore[attr-defined]  # noqa: SLF001 - Flask offers no other way
    body = message.get_body(("plain",))
    text = body.get_content().rpartition("\n-- \n")[0].strip() if body is not None else ""
    subject, made_at = str(message["Subject"]), delivery.made_at
    _note_read(delivery.id)
    return render("notifications/message.html", subject=subject, text=text, made_at=made_at)


def _note_read(number: int) -> None:
    """Note apart that a message was opened: by a link, as all links are, and no decision of anybody."""
    at = ctx().now
    with apart() as short:
        unread = sa.update(Delivery).where(Delivery.id == number, Delivery.read_at.is_(None))
        short.execute(unread.values(read_at=at))


@bp.action("/notifications/<int:number>/read", policy=policies.READ_OWN, load=get_own_delivery)
def mark_read(delivery: Delivery) -> BaseResponse:
    """Mark one message as read."""
    choosing.read_one(ctx(), delivery)
    return redirect(_back())


@bp.action("/notifications/read", policy=SIGNED_IN)
def mark_all_read() -> BaseResponse:
    """Mark every message as read."""
    choosing.read_all(ctx(), current_actor().person_id or 0)
    flash(_("All your notifications are marked as read."), "success")
    return redirect(_back())


def _back() -> str:
    return safe_next(request.form.get("next"), url_for(".mine"))
