"""The page behind the link that stops a category of messages, for a reader who need not sign in."""

from __future__ import annotations

from flask import Response, current_app, request

from portal.core.forms import ActionForm
from portal.core.policy import PUBLIC_PAGE
from portal.core.web import ctx, render
from portal.extensions import csrf
from portal.notifications.categories import CATEGORIES
from portal.notifications.own import choosing, unsubscribing
from portal.notifications.own.unsubscribing import ONE_CLICK, Subscription
from portal.notifications.views.blueprint import bp


def load_subscription(category: str, token: str, *, lock: bool = False) -> Subscription:
    key = current_app.extensions["portal.settings"].secret_key
    return unsubscribing.load_subscription(category, token, key, lock=lock)


@bp.form("/unsubscribe/<category>/<token>", policy=PUBLIC_PAGE, load=load_subscription, limit="120 per minute")
def unsubscribe(subscription: Subscription) -> Response:
    """Ask, and stop at once what is posted as RFC 8058 says: by a mail program, or by the button on this page."""
    if request.method == "POST":
        name, value = ONE_CLICK
        if request.form.get(name) != value:
            return _page(subscription, status=422)
        choosing.unsubscribe(ctx(), subscription.person.id, subscription.category)
    return _page(subscription, is_stopped=request.method == "POST")


# No token of a session: a mail program has none, and the address itself is the proof.
csrf.exempt(f"{unsubscribe.__module__}.{unsubscribe.__name__}")


@bp.action("/unsubscribe/<category>/<token>/undo", policy=PUBLIC_PAGE, load=load_subscription, limit="120 per minute")
def subscribe_again(subscription: Subscription) -> Response:
    """Put back what the link stopped."""
    choosing.subscribe_again(ctx(), subscription.person.id, subscription.category)
    return _page(subscription, is_back=True)


def _page(
    subscription: Subscription, *, is_stopped: bool = False, is_back: bool = False, status: int = 200
) -> Response:
    form = ActionForm() if is_stopped else None
    words = CATEGORIES[subscription.category]
    answer = render(
        "notifications/unsubscribe.html",
        status,
        words=words,
        undo=form,
        is_back=is_back,
        address=dict(request.view_args or {}),
    )
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer
