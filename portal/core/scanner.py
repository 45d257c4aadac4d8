"""The edge to the virus scanner: one file through clamd's INSTREAM. What is not surely clean is never called clean."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from dataclasses import dataclass

CHUNK = 64 * 1024
TIMEOUT = 90.0  # seconds of silence; the task that waits for it may take longer (workers/app.py)
UNSEEN = "Heuristics.Limits.Exceeded"  # clamd's way to say that it did not look at everything


@dataclass(frozen=True, slots=True)
class Clean:
    """The scanner saw the whole file and found nothing."""


@dataclass(frozen=True, slots=True)
class Infected:
    """The scanner found ``signature``."""

    signature: str


@dataclass(frozen=True, slots=True)
class NotScanned:
    """Nobody knows: ``away`` no scanner answers, ``broken`` it hung up, ``too-large`` for it, ``no-verdict``, or ``unread``."""

    reason: str


Verdict = Clean | Infected | NotScanned


class Scanner:
    """A clamd at ``host:port``, or at the path of a unix socket."""

    def __init__(self, address: str, *, timeout: float = TIMEOUT) -> None:
        self.address, self.timeout = address, timeout

    def scan(self, content: bytes) -> Verdict:
        """Return what clamd says of ``content``; nothing is raised for a scanner that fails."""
        try:
            link = self._connect()
        except OSError:
            return NotScanned("away")
        with link:
            try:
                _send(link, content)
                return _judged(_answer(link))
            except TimeoutError:
                return NotScanned("away")
            except OSError:
                return _why_it_hung_up(link)

    def _connect(self) -> socket.socket:
        if self.address.startswith("/"):
            link = socket.socket(socket.AF_UNIX)
            link.settimeout(self.timeout)
            try:
                link.connect(self.address)
            except OSError:
                link.close()
                raise
            return link
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), self.timeout)


def scanner_at(address: str) -> Scanner | None:
    """Return the scanner at ``address``; None where none is set."""
    return Scanner(address) if address else None


def _send(link: socket.socket, content: bytes) -> None:
    link.sendall(b"zINSTREAM\0")
    for start in range(0, len(content), CHUNK):
        chunk = content[start : start + CHUNK]
        link.sendall(struct.pack("!L", len(chunk)) + chunk)
    link.sendall(struct.pack("!L", 0))


def _answer(link: socket.socket) -> str:
    heard = b""
    while len(heard) < CHUNK and not heard.endswith(b"\0") and (more := link.recv(4096)):
        heard += more
    return heard.rstrip(b"\0\n").decode("utf-8", "replace")


def _judged(answer: str) -> Verdict:
    if answer == "stream: OK":
        return Clean()
    if answer.endswith(" FOUND"):
        signature = answer.removeprefix("stream: ").removesuffix(" FOUND")
        return NotScanned("too-large") if signature.startswith(UNSEEN) else Infected(signature[:200])
    if "size limit exceeded" in answer:
        return NotScanned("too-large")
    return NotScanned("no-verdict" if answer else "broken")


def _why_it_hung_up(link: socket.socket) -> NotScanned:
    """Clamd answers before it breaks off a stream that is too long; an answer to half a file is no verdict."""
    answer = ""
    with suppress(OSError):
        answer = _answer(link)
    return NotScanned("too-large" if "size limit exceeded" in answer else "broken")
