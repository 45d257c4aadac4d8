"""Links that prove an address: derived when a mail is written, compared with the row, good for one use.

Nothing secret is stored: the token is an HMAC over purpose, row and the row's nonce, which changes when it is used.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from enum import StrEnum


class Purpose(StrEnum):
    """What a link is for; a link of one purpose is worthless for another."""

    CONFIRM_EMAIL = "confirm-email"
    RESET_PASSWORD = "reset-password"  # noqa: S105 - a purpose, not a password
    PARTNER_INVITATION = "partner-invitation"


def link_token(key: str, purpose: Purpose, row_id: int, nonce: str) -> str:
    """Return the token for a link: the row's id and its signature."""
    signature = hmac.new(key.encode(), f"{purpose}:{row_id}:{nonce}".encode(), hashlib.sha256).hexdigest()
    return f"{row_id}-{signature}"


def row_id_in(token: str) -> int | None:
    """Return the row a token speaks of, or None where it is no token at all."""
    match = re.fullmatch(r"([0-9]{1,18})-[0-9a-f]{64}", token)
    return int(match[1]) if match else None


def is_valid(token: str, key: str, purpose: Purpose, row_id: int, nonce: str) -> bool:
    """Return whether ``token`` is the row's present one, in constant time."""
    return hmac.compare_digest(token, link_token(key, purpose, row_id, nonce))
