"""The mail server of ``make run``: takes every message on the loopback address and keeps it as a file.

Run as ``python -m portal.embedded.mail_server FOLDER DESCRIPTOR``, with a bound socket as that file descriptor.
"""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MESSAGE = 30 * 1024 * 1024


class MailFolder:
    """Keeps each message as ``<number>.eml``, numbered in the order of arrival, with its envelope in two headers.

    A file appears whole or not at all, and is on the disk before the sender hears 250.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._last = max((int(path.stem) for path in folder.glob("*.eml") if path.stem.isdecimal()), default=0)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        self.keep(head.encode("utf-8", "replace") + raw)
        return "250 Message kept"

    def keep(self, raw: bytes) -> Path:
        """Write one message down; answers its file."""
        self._last += 1
        path = self.folder / f"{self._last:09d}.eml"
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        return path


async def serve(folder: Path, listening: socket.socket) -> None:
    """Take mail until SIGTERM or SIGINT."""
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    keeper = MailFolder(folder)

    def session() -> SMTP:
        return SMTP(keeper, data_size_limit=LARGEST_MESSAGE, enable_SMTPUTF8=True, loop=loop)

    async with await loop.create_server(session, sock=listening):
        await over.wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2]))))
