"""My work: everybody's first page after signing in."""

from __future__ import annotations

from flask import Response

from portal.core.web import arrived_at, current_actor, render
from portal.desk import policies
from portal.desk.rules import agenda
from portal.desk.views.blueprint import bp
from portal.desk.work import items_for


@bp.page("/my-work", policy=policies.MY_WORK)
def my_work() -> Response:
    """Show what waits for the person, the nearest deadline first."""
    at = arrived_at()
    return render("desk/my_work.html", agenda=agenda(items_for(current_actor(), at), at))
