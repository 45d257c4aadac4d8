"""When a message may be sent again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from portal.core.errors import Problem
from portal.core.text import _l
from portal.notifications.mailings.states import Audience

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


class MailingText(Protocol):
    """What these rules read of a mailing."""

    @property
    def round(self) -> object | None: ...
    @property
    def programme(self) -> object | None: ...
    @property
    def audience(self) -> Audience: ...
    @property
    def subject_nl(self) -> str: ...
    @property
    def body_nl(self) -> str: ...
    @property
    def subject_en(self) -> str: ...
    @property
    def body_en(self) -> str: ...


def problems_with_mailing(plan: MailingText) -> Iterator[Problem]:
    """Yield what is missing: for whom, the Dutch text, and either the whole of the English or none of it."""
    if plan.round is None and plan.programme is None:
        field = "programme" if plan.audience is Audience.PROGRAMME else "round"
        words = _l("Choose the programme.") if plan.audience is Audience.PROGRAMME else _l("Choose the round.")
        yield Problem("target-missing", words, field)
    if not plan.subject_nl:
        yield Problem("subject-missing", _l("Write a subject in Dutch."), "subject_nl")
    if not plan.body_nl:
        yield Problem("body-missing", _l("Write the message in Dutch."), "body_nl")
    if bool(plan.subject_en) != bool(plan.body_en):
        field = "body_en" if plan.subject_en else "subject_en"
        yield Problem(
            "english-half", _l("Write both the subject and the message in English, or leave both empty."), field
        )
