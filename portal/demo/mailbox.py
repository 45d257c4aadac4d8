"""Every message the demo sent: the files that its mail server keeps, read as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]")
PAGE = 25


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``text`` is its text part and ``html`` the source of the other, both empty in a list."""

    number: int
    subject: str
    sender: str
    recipient: str
    sent_at: datetime | None
    text: str = ""
    html: str = ""
    attachments: tuple[str, ...] = ()


def numbers(store: Path) -> list[int]:
    """Return the numbers of the kept messages, newest first."""
    return sorted((int(path.stem) for path in store.glob("*.eml") if path.stem.isdecimal()), reverse=True)


def list_messages(store: Path, before: int | None = None) -> tuple[list[Message], int | None]:
    """Return one page of messages, newest first, and the number to go on before; None on the last page."""
    found = [number for number in numbers(store) if before is None or number < before]
    shown = [message for number in found[:PAGE] if (message := find_message(store, number, whole=False))]
    return shown, found[PAGE - 1] if len(found) > PAGE else None


def find_message(store: Path, number: int, *, whole: bool = True) -> Message | None:
    """Return the message with this number, or None where it is not there."""
    try:
        with (store / f"{number:09d}.eml").open("rb") as file:
            parsed = BytesParser(EmailMessage, policy=policy.default).parse(file, headersonly=not whole)
    except FileNotFoundError:
        return None
    sent_at = None
    with suppress(ValueError, TypeError):
        sent_at = parsedate_to_datetime(str(parsed["Date"]))
    subject, sender, recipient = (str(parsed[name] or "") for name in ("Subject", "From", "To"))
    if not whole:
        return Message(number, subject, sender, recipient, sent_at)
    names = tuple(part.get_filename() or part.get_content_type() for part in parsed.iter_attachments())
    return Message(number, subject, sender, recipient, sent_at, _part(parsed, "plain"), _part(parsed, "html"), names)


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()).strip() if body is not None else ""


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield ``text`` piece by piece, each with whether it is an address to follow."""
    at = 0
    for match in LINK.finditer(text):
        yield text[at : match.start()], False
        yield match[0], True
        at = match.end()
    yield text[at:], False


def empty_mailbox(store: Path) -> None:
    """Delete every message: the world they speak of is gone."""
    for path in store.glob("*.eml"):
        path.unlink(missing_ok=True)
