"""Looking before one tells many: what a command would tell, to whom, and who is left out.

The command itself is run inside a savepoint, so that what is shown is what would be sent; then all of it is undone. Who
messages are for is known to notifications alone, which puts the answer into ``app.extensions["portal.foresee"]``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from flask import current_app

from portal.core.text import Msg


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who gets no mail of it, a person or an organisation, and why."""

    name: str
    why: Msg


@dataclass(frozen=True, slots=True)
class ForeseenMessage:
    """One kind of message: how many get it, and one of them as an example, without what stands for a person."""

    kind: Msg | str
    count: int
    left_out: tuple[LeftOut, ...]
    example_to: str = ""
    language: str = "nl"
    subject: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Foresight:
    """What an action tells. ``digest`` names exactly these people and what was typed; ``is_done``: the action stands."""

    messages: tuple[ForeseenMessage, ...]
    digest: str
    is_done: bool = False

    @property
    def count(self) -> int:
        return sum(each.count for each in self.messages)


class Foresee(Protocol):
    """See ``foresee``."""

    def __call__(self, act: Callable[[], object], *, seen: str, typed: str) -> Foresight: ...


def foresee(act: Callable[[], object], *, seen: str = "", typed: str = "") -> Foresight:
    """Do ``act`` and return what it tells. It stands only where ``seen`` is the digest of exactly that; else it is undone.

    ``typed`` is what else somebody saw and must not change unseen, such as a date. What ``act`` raises is raised. After
    an undone act everything that it touched must be loaded again.
    """
    ask: Foresee = current_app.extensions["portal.foresee"]
    return ask(act, seen=seen, typed=typed)
