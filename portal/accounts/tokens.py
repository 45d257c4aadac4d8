"""Links that prove an address: derived when a mail is written, compared with the row, good for one use.

Nothing secret is stored: the token is an HMAC over purpose, row, the row's nonce, which changes when it is used, and
the moment until which it works. That moment is machine time: it guards a mailbox, and no deadline of the domain. A
partner's invitation expires by its own row instead, in domain time.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """What a link is for; a link of one purpose is worthless for another."""

    CONFIRM_EMAIL = "confirm-email"
    RESET_PASSWORD = "reset-password"  # noqa: S105 - a purpose, not a password
    CHANGE_ADDRESS = "change-address"
    PARTNER_INVITATION = "partner-invitation"
    CALENDAR = "calendar"  # to read one's own deadlines; works until its row is renewed or withdrawn
    UNSUBSCRIBE = "unsubscribe"  # from a category of messages, which stands in the place of the nonce


LIFETIMES: dict[Purpose, timedelta] = {
    Purpose.CONFIRM_EMAIL: timedelta(days=7),
    Purpose.CHANGE_ADDRESS: timedelta(days=7),
    Purpose.RESET_PASSWORD: timedelta(hours=2),
}
"""How long a link works from when its mail is written; a purpose that is not here expires by its own row."""

TOKEN = re.compile(r"(?P<row>[0-9]{1,18})(?:-(?P<until>[0-9]{1,11}))?-[0-9a-f]{64}")


def link_token(key: str, purpose: Purpose, row_id: int, nonce: str, *, now: datetime | None = None) -> str:
    """Return the token for a link: the row's id, until when it works, and the signature over both.

    ``now`` is machine time, needed for a purpose with a lifetime.
    """
    if purpose not in LIFETIMES:
        return _signed(key, purpose, row_id, nonce, None)
    if now is None:
        raise ValueError(f"a link to {purpose} begins at a moment")
    return _signed(key, purpose, row_id, nonce, int((now + LIFETIMES[purpose]).timestamp()))


def _signed(key: str, purpose: Purpose, row_id: int, nonce: str, until: int | None) -> str:
    body = f"{row_id}" if until is None else f"{row_id}-{until}"
    signature = hmac.new(key.encode(), f"{purpose}:{body}:{nonce}".encode(), hashlib.sha256).hexdigest()
    return f"{body}-{signature}"


def row_id_in(token: str) -> int | None:
    """Return the row a token speaks of, or None where it is no token at all."""
    match = TOKEN.fullmatch(token)
    return int(match["row"]) if match else None


def is_valid(token: str, key: str, purpose: Purpose, row_id: int, nonce: str, *, now: datetime | None = None) -> bool:
    """Return whether ``token`` is the row's present one (in constant time), and has not expired at ``now``."""
    match = TOKEN.fullmatch(token)
    until = int(match["until"]) if match and match["until"] else None
    if not hmac.compare_digest(token, _signed(key, purpose, row_id, nonce, until)):
        return False
    if purpose not in LIFETIMES:
        return until is None
    return until is not None and now is not None and now <= datetime.fromtimestamp(until, UTC)
