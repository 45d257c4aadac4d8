"""Two locks for the length of a transaction, always taken in this order: the round's ranking, the programme's envelope."""

from __future__ import annotations

from portal.calls.models import Round
from portal.core.db import advisory_lock


def lock_ranking(round_: Round) -> None:
    """Wait until nobody else ranks, prepares or publishes this round."""
    advisory_lock(f"ranking:{round_.id}")


def lock_envelope(round_: Round) -> None:
    """Wait until nobody else spends from the programme's envelope, so that the sum of awards cannot exceed it."""
    advisory_lock(f"envelope:{round_.call.programme_id}")
