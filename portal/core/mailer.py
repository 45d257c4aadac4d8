"""The edge to SMTP: one connection, kept while it lasts."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from types import TracebackType
from typing import Protocol, Self


class Mailer(Protocol):
    """Hands one message to the mail server; raises what smtplib raises."""

    def send(self, message: EmailMessage) -> None: ...


class SmtpMailer:
    """Sends over one kept connection, opened when first needed and again after the server dropped it."""

    def __init__(self, host: str, port: int, *, user: str = "", password: str = "", starttls: bool = False) -> None:
        self.host, self.port, self.user, self.password, self.starttls = host, port, user, password, starttls
        self.connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Send ``message``; raises smtplib.SMTPException or OSError, after which the connection is dropped.

        A stale kept connection is noticed before the message is offered (NOOP), never by offering it twice.
        """
        connection = self._connected()
        try:
            connection.send_message(message)
        except smtplib.SMTPResponseException:
            raise  # the server answered: the connection is sound
        except (smtplib.SMTPException, OSError):
            self.close()
            raise

    def _connected(self) -> smtplib.SMTP:
        if self.connection is not None:
            try:
                if self.connection.noop()[0] == 250:
                    return self.connection
            except (smtplib.SMTPException, OSError):
                pass
            self.close()
        connection = smtplib.SMTP(self.host, self.port, timeout=20)
        if self.starttls:
            connection.starttls()
        if self.user:
            connection.login(self.user, self.password)
        self.connection = connection
        return connection

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
