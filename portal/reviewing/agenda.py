"""The order of a panel meeting: members with a conflict leave the room and come back as seldom as possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


def room_changes(order: Sequence[int], away: Mapping[int, frozenset[int]]) -> int:
    """Return how many times somebody leaves or comes back: the first application already sends its own away."""
    present: frozenset[int] = frozenset()
    changes = 0
    for each in order:
        changes += len(present ^ away[each])
        present = away[each]
    return changes


def discussion_order(away: Mapping[int, frozenset[int]]) -> tuple[int, ...]:
    """Return the applications in an order with few changes; ``away`` holds who must be out of the room for each.

    Nearest neighbour (always the next that moves the fewest people), begun at each application in turn, and the best of
    those orders; a tie goes to the smaller number. O(n³), for the tens of applications of a round.
    """
    orders = [_nearest(start, away) for start in sorted(away)]
    return min(orders, key=lambda order: room_changes(order, away), default=())


def _nearest(start: int, away: Mapping[int, frozenset[int]]) -> tuple[int, ...]:
    order, left = [start], set(away) - {start}
    while left:
        here = away[order[-1]]
        order.append(min(left, key=lambda each: (len(here ^ away[each]), each)))
        left.discard(order[-1])
    return tuple(order)


@dataclass(frozen=True, slots=True)
class Stop:
    """One application on the agenda: who is away while it is discussed, who leaves for it, who comes back in."""

    application_id: int
    away: frozenset[int]
    leave: frozenset[int]
    come_back: frozenset[int]


def agenda(away: Mapping[int, frozenset[int]]) -> tuple[Stop, ...]:
    """Return the stops of the meeting in the order of ``discussion_order``."""
    stops, before = [], frozenset[int]()
    for each in discussion_order(away):
        stops.append(Stop(each, away[each], away[each] - before, before - away[each]))
        before = away[each]
    return tuple(stops)
