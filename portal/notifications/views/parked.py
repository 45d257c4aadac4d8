"""The administrator's page of messages that could not leave."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.core import outbox
from portal.core.event_log import OutboxRow
from portal.core.web import ctx, render
from portal.notifications import commands, policies, queries
from portal.notifications.models import Delivery
from portal.notifications.views.blueprint import bp


@bp.page("/admin/outbox", policy=policies.READ_OUTBOX)
def parked() -> Response:
    """Show how much waits, and what waits for a person."""
    return render(
        "notifications/parked.html",
        waiting_events=outbox.count_open(),
        waiting_messages=queries.count_waiting(),
        events=outbox.list_parked(),
        page=queries.page_parked(request.args.get("after")),
    )


@bp.action("/admin/outbox/events/<int:number>/retry", policy=policies.RETRY_EVENT, load=queries.get_outbox_row)
def retry_event(row: OutboxRow) -> BaseResponse:
    """Let the relay try a parked event again."""
    commands.retry_event(ctx(), row)
    flash(_("The event will be tried again within a minute."), "success")
    return redirect(url_for(".parked"))


@bp.action("/admin/outbox/messages/<int:number>/retry", policy=policies.RETRY_DELIVERY, load=queries.get_delivery)
def retry_message(delivery: Delivery) -> BaseResponse:
    """Let a parked message be sent again."""
    commands.retry_delivery(ctx(), delivery)
    flash(_("The message to %(address)s will be sent again within a minute.", address=delivery.address), "success")
    return redirect(url_for(".parked"))
