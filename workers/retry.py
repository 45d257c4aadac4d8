"""What a failed attempt means: how long to wait, and when to give up and ask a person."""

from __future__ import annotations

import smtplib
from datetime import timedelta

from portal.notifications.sending.run import Failure

CONNECTION = Failure("connection", timedelta(seconds=5), park_after=20, ends_run=True)  # half a day of outage
SIGN_IN = Failure("sign-in", timedelta(minutes=1), park_after=20, ends_run=True)  # our own settings are wrong
TEMPORARY = Failure("temporary", timedelta(seconds=10), park_after=16)  # 4xx: greylisting, a full mailbox
PERMANENT = Failure("permanent", timedelta(0), park_after=1)  # 5xx: no such mailbox; waiting does not mend it
CONTENT = Failure("content", timedelta(minutes=1), park_after=5)  # the message cannot be made: a fault of ours

# A file is never given up: it stays held until a scanner has seen all of it. By the reason of a NotScanned.
SCAN_AGAIN = {
    "away": timedelta(minutes=1),
    "broken": timedelta(minutes=5),  # perhaps this very file brings the scanner down: the others go first
    "no-verdict": timedelta(minutes=5),
    "too-large": timedelta(hours=1),  # until somebody raises the scanner's limits
    "unread": timedelta(minutes=5),  # our storage does not answer
}

SERVICE_CLOSING = 421

# The first line that fits. smtplib's exceptions are OSErrors, so that the wider kind stands last.
BY_KIND: tuple[tuple[type[Exception], Failure], ...] = (
    (smtplib.SMTPAuthenticationError, SIGN_IN),
    (smtplib.SMTPConnectError, CONNECTION),
    (smtplib.SMTPHeloError, CONNECTION),
    (smtplib.SMTPServerDisconnected, CONNECTION),
    (smtplib.SMTPNotSupportedError, PERMANENT),
    (OSError, CONNECTION),
)


def judge_failure(fault: Exception) -> Failure:
    """Return the kind of failure that ``fault`` is."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return _by_code(min((code for code, _ in fault.recipients.values()), default=550))
    if isinstance(fault, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return _by_code(fault.smtp_code)
    return next((failure for kind, failure in BY_KIND if isinstance(fault, kind)), CONTENT)


def _by_code(code: int) -> Failure:
    if code == SERVICE_CLOSING:
        return CONNECTION
    return TEMPORARY if code < 500 else PERMANENT
