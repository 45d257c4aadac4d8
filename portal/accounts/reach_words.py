"""Why messages to an address come back, in words: from the status codes of RFC 3463."""

from __future__ import annotations

from portal.core.text import Msg, _l

_BY_CLASS: tuple[tuple[str, Msg], ...] = (
    ("5.1.", _l("the address does not exist")),
    ("5.2.2", _l("the mailbox is full")),
    ("5.2.", _l("the mailbox is closed")),
    ("5.3.", _l("the receiving mail server cannot take the message")),
    ("5.4.", _l("the receiving mail server cannot be reached")),
    ("5.7.", _l("the receiving mail server refuses our messages")),
    ("4.", _l("the receiving mail server did not take the message for days")),
)
OTHERWISE = _l("the receiving mail server refuses the message")


def reason_of(status: str | None) -> Msg:
    """Return why, for a status such as ``5.1.1`` or a server's code such as ``550``."""
    return next((words for start, words in _BY_CLASS if (status or "").startswith(start)), OTHERWISE)
