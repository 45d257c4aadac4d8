"""When a message may be sent again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from portal.core.errors import Problem
from portal.core.text import _l

SENDABLE_AGAIN = frozenset({"sent", "cancelled"})


class HasState(Protocol):
    """What these rules read of a delivery."""

    @property
    def state(self) -> str: ...


def problems_before_sending_again(delivery: HasState, *, carries_token: bool) -> Iterator[Problem]:
    """Yield why ``delivery`` is not sent again; ``carries_token``: its link stands for its reader."""
    if carries_token:
        yield Problem(
            "link-is-personal",
            _l(
                "The link in this message is personal and works once. Its reader, or who invited them, asks for a new one."
            ),
        )
    elif delivery.state not in SENDABLE_AGAIN:
        yield Problem("not-sent", _l("Only a message that was sent or held back can be sent again."))


def problems_before_holding_back(waiting: int, reason: str, *, is_needed: bool) -> Iterator[Problem]:
    """Yield why ``waiting`` messages are not held back for ``reason``; ``is_needed``: the law or a right hangs on them."""
    if not waiting:
        yield Problem("nothing-waits", _l("Nothing waits any more: every message has left or is leaving."))
    elif is_needed and not reason.strip():
        yield Problem(
            "reason-missing", _l("Give the reason: the law or a right of the reader hangs on these messages."), "reason"
        )
