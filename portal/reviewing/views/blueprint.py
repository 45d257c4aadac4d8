"""The blueprint that the reviewing pages share, and their loads."""

from __future__ import annotations

from portal.core.errors import NotFound
from portal.core.routing import Pages
from portal.core.web import current_actor
from portal.reviewing import assignment_queries
from portal.reviewing.assignment_queries import PairToAssign, RoundToAssign

bp = Pages("reviewing", __name__)


def load_round_to_assign(code: str, *, lock: bool = False) -> RoundToAssign:
    """Return the round as the actor meets it: with whether they take part in it."""
    return assignment_queries.get_round_to_assign(code, _own_organisations(), lock=lock)


def load_assignment(code: str, *, lock: bool = False) -> RoundToAssign:
    """Return the round with its live assignment; NotFound where it has none."""
    desk = load_round_to_assign(code, lock=lock)
    if desk.assignment is None:
        raise NotFound
    return desk


def load_pair_to_assign(code: str, pair_id: int, *, lock: bool = False) -> PairToAssign:
    """Return one pair of the round's proposal, as ``load_round_to_assign`` does."""
    return assignment_queries.get_pair_to_assign(code, pair_id, _own_organisations(), lock=lock)


def _own_organisations() -> list[int]:
    return [each.organisation_id for each in current_actor().mandates]
