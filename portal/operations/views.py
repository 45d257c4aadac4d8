"""How the portal does: a page for people, and the same figures for Prometheus."""

from __future__ import annotations

import hmac

from flask import Response, current_app, request

from portal.core.actor import Role
from portal.core.errors import NotFound
from portal.core.meters import Meters
from portal.core.policy import PUBLIC_PAGE
from portal.core.routing import Pages
from portal.core.web import current_actor, render
from portal.operations import policies
from portal.operations.metrics import exposition
from portal.operations.presenters import grouped, spoken
from portal.operations.queries import read_figures
from portal.operations.rules import findings
from portal.operations.words import LEVELS

bp = Pages("operations", __name__)
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@bp.page("/admin/operations", policy=policies.READ_OPERATIONS)
def overview() -> Response:
    """Show what waits, what is stuck, and whether all parts answer."""
    figures = read_figures(current_app.extensions)
    found = list(findings(figures))
    # An auditor's reading is written down each time: a page that reads itself again would fill the log.
    is_watched = current_actor().has(Role.ADMINISTRATOR)
    return render(
        "operations/overview.html",
        groups=grouped(found),
        counts={level: sum(each.level is level for each in found) for level in LEVELS},
        seen=[(name, spoken(ago)) for name, ago in figures.seen.items()],
        is_watched=is_watched,
    )


@bp.page("/metrics", policy=PUBLIC_PAGE)
def metrics() -> Response:
    """Answer Prometheus, which shows the token of the settings; without one in the settings there is no such page."""
    token: str = current_app.extensions["portal.settings"].metrics_token
    if not token:
        raise NotFound
    shown = request.authorization.token if request.authorization is not None else None
    if not hmac.compare_digest(token.encode(), (shown or "").encode()):
        return Response("The token is missing or wrong.\n", 401, {"WWW-Authenticate": "Bearer"}, "text/plain")
    meters: Meters = current_app.extensions["portal.meters"]
    return Response(exposition(read_figures(current_app.extensions), meters.read()), content_type=PROMETHEUS)
