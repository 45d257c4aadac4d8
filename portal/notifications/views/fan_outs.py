"""What one action told many: how far it is, and holding back what has not left."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from portal.core.event_log import EventRow
from portal.core.web import arrived_at, ctx, render
from portal.notifications import fan_outs, policies
from portal.notifications.forms import HoldBackForm
from portal.notifications.holding_back import hold_back, is_legally_needed
from portal.notifications.models import DeliveryState
from portal.notifications.presenters import STATES, anchor_words
from portal.notifications.views.blueprint import bp


@bp.page("/admin/messages/sendings", policy=policies.READ_DELIVERY)
def sendings() -> Response:
    """List the actions that told many, the newest first."""
    page = fan_outs.page_fan_outs(request.args.get("after"))
    return render("notifications/sendings.html", page=page, anchor_words=anchor_words, states=STATES)


@bp.page("/admin/messages/sendings/<int:number>", policy=policies.READ_SENDING, load=fan_outs.get_anchor)
def sending(anchor: EventRow) -> Response:
    """Show how far the messages of one action are."""
    found = fan_outs.get_fan_out(anchor)
    return render(
        "notifications/sending.html",
        found=found,
        anchor_words=anchor_words,
        states=STATES,
        known=[each for each in DeliveryState if found.counts.get(each)],
        ends_at=fan_outs.expected_end(found, arrived_at()),
    )


@bp.form("/admin/messages/sendings/<int:number>/hold-back", policy=policies.STOP_SENDING, load=fan_outs.get_anchor)
def stop_sending(anchor: EventRow) -> Response | BaseResponse:
    """Hold back what has not left, after a page that says how many and what may still leave."""
    form, number = HoldBackForm(), anchor.id
    if form.validate_on_submit():
        with form.catching_problems():
            done = hold_back(ctx(), anchor, form.reason.data or "")
            flash(ngettext("%(num)s message is held back.", "%(num)s messages are held back.", done.count), "success")
            if done.leaving:
                flash(
                    ngettext(
                        "%(num)s message was leaving at that moment and could not be stopped.",
                        "%(num)s messages were leaving at that moment and could not be stopped.",
                        done.leaving,
                    ),
                    "info",
                )
            return redirect(url_for(".sending", number=number))
        anchor = fan_outs.get_anchor(number)
    return render(
        "notifications/stop_sending.html",
        form=form,
        found=fan_outs.get_fan_out(anchor),
        anchor_words=anchor_words,
        is_needed=is_legally_needed(anchor),
    )
