"""The blueprint that the pages of rankings and decisions share, and their loads."""

from __future__ import annotations

from portal.core.routing import Pages
from portal.core.web import current_actor
from portal.decisions import queries, request_queries

bp = Pages("decisions", __name__)


def load_desk_round(code: str, *, lock: bool = False) -> queries.DeskRound:
    """Return the round as the actor meets it: with whether they take part in it."""
    return queries.get_desk_round(code, own_organisations(), lock=lock)


def load_desk_request(number: int, *, lock: bool = False) -> request_queries.DeskRequest:
    """Return a request for review as the actor meets it: with whether they take part in its round."""
    return request_queries.get_desk_request(number, own_organisations(), lock=lock)


def own_organisations() -> list[int]:
    """Return the organisations in which the actor holds a right."""
    return [each.organisation_id for each in current_actor().mandates]


def load_ranked_round(code: str, *, lock: bool = False) -> queries.DeskRound:
    """Return the round as ``load_desk_round`` does; NotFound where no ranking was computed."""
    desk = load_desk_round(code, lock=lock)
    queries.get_ranking(desk.round.id)
    return desk
