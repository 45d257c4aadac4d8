"""The delivery log: every message, what became of it, and what an administrator can still do about one."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.core.clock import machine_now
from portal.core.event_log import list_timeline
from portal.core.forms import ActionForm
from portal.core.paging import Page
from portal.core.web import ctx, current_actor, render
from portal.notifications import commands, fan_outs, log_queries, policies, queries, rules
from portal.notifications.forms import UNKNOWN, DeliveriesFilter, StopForm
from portal.notifications.kind_words import kind_words
from portal.notifications.links import Links
from portal.notifications.log_queries import DeliveryFilter
from portal.notifications.models import Delivery
from portal.notifications.presenters import STATES, cause_words, read_masked
from portal.notifications.sending.rendering import message_id
from portal.notifications.table import notification_named
from portal.notifications.views.blueprint import bp


@bp.page("/admin/messages", policy=policies.READ_DELIVERY)
def deliveries() -> Response:
    """Show every message, the newest first, filtered by what stands in the address."""
    form, asked = _filters()
    page = log_queries.page_deliveries(asked, request.args.get("after")) if asked is not None else Page([], None)
    return render(
        "notifications/deliveries.html",
        filters=form,
        page=page,
        states=STATES,
        kind_words=kind_words,
        cause_words=cause_words,
        here={name: value for name, value in request.args.items() if name != "after" and value},
    )


def _filters() -> tuple[DeliveriesFilter, DeliveryFilter | None]:
    """Return the form, and what it asks for: None where something in it is not right."""
    form = DeliveriesFilter(request.args)
    form.offer()
    is_sound = form.validate()
    about = log_queries.find_about(form.about.data) if form.about.data else ()
    if about is None:
        form.show_problems([UNKNOWN])
        return form, None
    if not is_sound:
        return form, None
    anchor = fan_outs.get_anchor(int(form.sending.data)) if form.sending.data else None
    return form, form.asked(about, fan_outs.event_ids_of(anchor) if anchor is not None else None)


@bp.page("/admin/messages/<int:number>", policy=policies.READ_DELIVERY, load=queries.get_delivery)
def delivery(delivery: Delivery) -> Response:
    """Show one message: its story, and how it would read now, without what stands for its reader."""
    event, settings = queries.get_event(delivery.event_id), current_app.extensions["portal.settings"]
    timeline, stop = list_timeline("delivery", delivery.id), queries.find_stop(delivery.stop_id)
    people = {each.actor_id for each in timeline} | {delivery.person_id, stop.stopped_by_id if stop else None}
    own = [each.organisation_id for each in current_actor().mandates]
    token = notification_named(delivery.notification).carries_token
    return render(
        "notifications/delivery.html",
        delivery=delivery,
        event=event,
        timeline=timeline,
        stop=stop,
        names=log_queries.names_of({each for each in people if each is not None}),
        copies=log_queries.list_copies(delivery),
        words=STATES[delivery.state],
        states=STATES,
        kind=kind_words(delivery.notification),
        reading=read_masked(delivery, event) if queries.is_apart_from(event, own) else None,
        carries_token=token,
        is_repeatable=not list(rules.problems_before_sending_again(delivery, carries_token=token)),
        message_id=message_id(delivery, Links(current_app.url_map, settings.base_url, settings.secret_key)),
        wait=max(delivery.next_attempt_at - machine_now(), commands.NO_WAIT),
    )


@bp.form("/admin/messages/<int:number>/send-again", policy=policies.SEND_AGAIN, load=queries.get_delivery)
def send_again(delivery: Delivery) -> Response | BaseResponse:
    """Send a message again as a new one, after a page that says to whom."""
    form = ActionForm()
    if form.validate_on_submit():
        with form.catching_problems():
            made = commands.send_again(ctx(), delivery)
            flash(_("The message will be sent again within a minute."), "success")
            return redirect(url_for(".delivery", number=made.id))
    return render(
        "notifications/send_again.html",
        form=form,
        delivery=delivery,
        address=queries.present_address(delivery),
        kind=kind_words(delivery.notification),
    )


@bp.form("/admin/messages/<int:number>/hold-back", policy=policies.STOP_DELIVERY, load=queries.get_delivery)
def stop_delivery(delivery: Delivery) -> Response | BaseResponse:
    """Hold one message back, with the reason."""
    form, number = StopForm(), delivery.id
    if form.validate_on_submit():
        with form.catching_problems():
            commands.stop_delivery(ctx(), delivery, form.reason.data)
            flash(_("The message is held back. The reason is kept with it."), "success")
            return redirect(url_for(".delivery", number=number))
        delivery = queries.get_delivery(number)
    return render(
        "notifications/stop_delivery.html", form=form, delivery=delivery, kind=kind_words(delivery.notification)
    )
