"""What waits, and what is parked until a person has looked: by its cause, one by one or all of one cause."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from portal.core import outbox
from portal.core.event_log import OutboxRow
from portal.core.forms import ActionForm
from portal.core.web import ctx, render
from portal.notifications import commands, dead_letters, policies, queries
from portal.notifications.forms import StopForm
from portal.notifications.kind_words import kind_words
from portal.notifications.models import Delivery
from portal.notifications.presenters import cause_words
from portal.notifications.views.blueprint import bp


@bp.page("/admin/outbox", policy=policies.READ_OUTBOX)
def parked() -> Response:
    """Show how much waits, and what waits for a person."""
    return render(
        "notifications/parked.html",
        waiting_events=outbox.count_open(),
        waiting_messages=queries.count_waiting(),
        message_causes=dead_letters.group_messages(),
        event_causes=dead_letters.group_events(),
        events=outbox.list_parked(),
        page=queries.page_parked(request.args.get("after")),
        cause_words=cause_words,
        kind_words=kind_words,
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


@bp.form("/admin/outbox/messages/retry", policy=policies.RETRY_DELIVERY)
def retry_messages() -> Response | BaseResponse:
    """Say how many messages are parked for a cause, and let them all be sent again."""
    form, cause = ActionForm(), request.args.get("cause", "")
    if form.validate_on_submit():
        done = commands.retry_messages_of(ctx(), cause)
        flash(
            ngettext(
                "%(num)s message will be sent again within a minute.",
                "%(num)s messages will be sent again, beginning within a minute.",
                done,
            ),
            "success",
        )
        return redirect(url_for(".parked"))
    return _ask(form, cause, dead_letters.count_messages(cause), url_for(".retry_messages", cause=cause))


@bp.form("/admin/outbox/events/retry", policy=policies.RETRY_EVENT)
def retry_events() -> Response | BaseResponse:
    """Say how many events are parked for a cause, and let the relay try them all again."""
    form, cause = ActionForm(), request.args.get("cause", "")
    if form.validate_on_submit():
        done = commands.retry_events_of(ctx(), cause)
        flash(
            ngettext(
                "%(num)s event will be tried again within a minute.",
                "%(num)s events will be tried again, beginning within a minute.",
                done,
            ),
            "success",
        )
        return redirect(url_for(".parked"))
    return _ask(form, cause, dead_letters.count_events(cause), url_for(".retry_events", cause=cause), are_events=True)


def _ask(form: ActionForm, cause: str, count: int, url: str, *, are_events: bool = False) -> Response:
    return render(
        "notifications/retry_all.html",
        form=form,
        cause=cause,
        cause_words=cause_words,
        count=min(count, commands.MOST_AT_ONCE),
        rest=max(0, count - commands.MOST_AT_ONCE),
        url=url,
        are_events=are_events,
    )


@bp.form("/admin/outbox/events/<int:number>/discard", policy=policies.STOP_EVENT, load=queries.get_outbox_row)
def stop_event(row: OutboxRow) -> Response | BaseResponse:
    """Let nobody be told of a parked event, for a reason."""
    form = StopForm()
    if form.validate_on_submit():
        with form.catching_problems():
            commands.stop_event(ctx(), row, form.reason.data)
            flash(_("Nobody is told of this event. The reason is kept."), "success")
            return redirect(url_for(".parked"))
    return render("notifications/stop_event.html", form=form, row=row, event=queries.get_event(row.event_id))
