"""The edge to SMTP: one connection, kept while it lasts."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Protocol, Self

from portal.core.clock import monotonic

SOUND_SECONDS = 5.0
"""A kept connection that was used within these is used again unasked."""

SERVICE_CLOSING = 421
ANSWERS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)


class Mailer(Protocol):
    """Hands one message to the mail server; raises what smtplib raises."""

    def send(self, message: EmailMessage) -> None: ...


def _is_closing(answer: smtplib.SMTPException) -> bool:
    if isinstance(answer, smtplib.SMTPRecipientsRefused):
        return any(code == SERVICE_CLOSING for code, _ in answer.recipients.values())
    return isinstance(answer, smtplib.SMTPResponseException) and answer.smtp_code == SERVICE_CLOSING


class _Conversation(smtplib.SMTP):
    """A connection that remembers whether the present message was offered: what was, is never offered again here."""

    has_offered = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.has_offered = True
        return super().data(msg)


class SmtpMailer:
    """Sends over one kept connection, opened when first needed and again after the server dropped it."""

    def __init__(self, host: str, port: int, *, user: str = "", password: str = "", starttls: bool = False) -> None:
        self.host, self.port, self.user, self.password, self.starttls = host, port, user, password, starttls
        self.connection: _Conversation | None = None
        self.used_at = 0.0

    def send(self, message: EmailMessage) -> None:
        """Send ``message``; raises smtplib.SMTPException or OSError, after which the connection is dropped.

        A server may end a kept connection at any time, after a number of messages for one. Where it did so before it
        was offered this message, the message is sent over a new connection.
        """
        connection, is_kept = self._connected()
        connection.has_offered = False
        try:
            connection.send_message(message)
        except ANSWERS as answer:
            if not _is_closing(answer):
                raise  # the server answered: the connection is sound
            self.close()
            if connection.has_offered or not is_kept:
                raise
        except (smtplib.SMTPException, OSError):
            self.close()
            if connection.has_offered or not is_kept:
                raise
        else:
            self.used_at = monotonic()
            return
        self.send(message)  # once: over a new connection, which is not a kept one

    def _connected(self) -> tuple[_Conversation, bool]:
        """Return a connection, and whether it was kept from an earlier message."""
        if self.connection is not None:
            if monotonic() - self.used_at < SOUND_SECONDS or self._is_sound(self.connection):
                return self.connection, True
            self.close()
        connection = _Conversation(self.host, self.port, timeout=20)
        if self.starttls:
            connection.starttls()
        if self.user:
            connection.login(self.user, self.password)
        self.connection = connection
        return connection, False

    @staticmethod
    def _is_sound(connection: smtplib.SMTP) -> bool:
        """Ask a connection that nobody used for a while."""
        try:
            return connection.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def close(self) -> None:
        """Close the kept connection, if any."""
        if self.connection is not None:
            try:
                self.connection.close()
            finally:
                self.connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
