"""The blueprint that the pages of rankings and decisions share, and their loads."""

from __future__ import annotations

from portal.core.routing import Pages
from portal.core.web import current_actor
from portal.decisions import queries

bp = Pages("decisions", __name__)


def load_desk_round(code: str, *, lock: bool = False) -> queries.DeskRound:
    """Return the round as the actor meets it: with whether they take part in it."""
    mine = [each.organisation_id for each in current_actor().mandates]
    return queries.get_desk_round(code, mine, lock=lock)
