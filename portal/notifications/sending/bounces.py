"""Reading a delivery status notification (RFC 3464): which message it is about, and what became of it.

Whoever knows the address can send us anything. So: a size that no honest one exceeds, no word of it that is kept but a
status code, and a Message-ID that cannot be guessed (``rendering.message_id`` signs it).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

LARGEST = 1024 * 1024
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_ID = re.compile(r"<[^<>\s]{3,250}>")


class NotABounce(Exception):  # noqa: N818
    """What came in is no delivery status notification that we can read; the text says why, without a word of it."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """``message_id`` of the message that came back, its ``status``, and whether the server gave up for good."""

    message_id: str
    status: str
    has_failed: bool


def read_bounce(raw: bytes) -> Bounce:
    """Return what a delivery status notification says; NotABounce for anything else."""
    if len(raw) > LARGEST:
        raise NotABounce("it is larger than a megabyte")
    try:
        return _read(message_from_bytes(raw))
    except NotABounce:
        raise
    except Exception as fault:
        raise NotABounce("it cannot be read") from fault


def _read(report: Message) -> Bounce:
    if report.get_content_type() != "multipart/report" or report.get_param("report-type") != "delivery-status":
        raise NotABounce("it is not a delivery status notification")
    parts = _inside(report)
    status, has_failed = _status_in(parts)
    return Bounce(_message_id_in(parts), status, has_failed)


def _inside(part: Message) -> list[Message]:
    held = part.get_payload()
    return [each for each in held if isinstance(each, Message)] if isinstance(held, list) else []


def _status_in(parts: list[Message]) -> tuple[str, bool]:
    """Return the status and whether it is final: that of the first recipient given up, or else the first there is."""
    found: list[tuple[str, bool]] = []
    for part in parts:
        for block in _inside(part) if part.get_content_type() == "message/delivery-status" else []:
            status = _STATUS.search(str(block.get("Status", "")))
            if status:
                found.append((status[1], str(block.get("Action", "")).strip().lower() == "failed"))
    if not found:
        raise NotABounce("it says of no recipient what happened")
    return next((each for each in found if each[1]), found[0])


def _message_id_in(parts: list[Message]) -> str:
    for part in parts:
        returned: object = None
        if part.get_content_type() == "message/rfc822":
            returned = next((each.get("Message-ID") for each in _inside(part)), None)
        elif part.get_content_type() == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            returned = message_from_bytes(headers).get("Message-ID") if isinstance(headers, bytes) else None
        found = _ID.search(str(returned or ""))
        if found:
            return found[0]
    raise NotABounce("it returns no part of a message")
