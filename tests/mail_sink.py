"""A mail server that counts what it takes, and refuses when it is told to."""

import asyncio
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller


class MailSink:
    """Listens on a port of its own; ``messages`` holds what it said OK to, in that order."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answer = ""  # when set, said instead of OK
        self.pause = 0.0  # seconds that it thinks before its OK
        self.is_greylisting = False  # each address is refused for now the first time
        self.drops = 0  # so many of the next messages it does not keep: it hangs up where its OK would come
        self._greylist: set[str] = set()
        self._controller: Controller | None = None
        self.port = 0

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802 - aiosmtpd's
        if self.is_greylisting and address not in self._greylist:
            self._greylist.add(address)
            return "451 Greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's
        if self.answer:
            return self.answer
        if self.drops:
            self.drops -= 1
            server.transport.abort()
            return "250 never heard"
        await asyncio.sleep(self.pause)
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def open(self) -> None:
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def close(self) -> None:
        """Stop listening: whoever connects is refused. ``open`` listens on the same port again."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def forget(self) -> None:
        self.messages.clear()
        self.answer, self.is_greylisting, self.drops = "", False, 0

    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.messages]
