"""A delivery status notification as a mail server writes it (RFC 3464)."""

REPORT = """From: MAILER-DAEMON@mail.example
To: noreply@portal.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="grens"

--grens
Content-Type: text/plain; charset=us-ascii

The mail could not be delivered.

--grens
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; iemand@noordheide.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--grens
Content-Type: {returned}

Subject: Een bericht van het portaal
Message-ID: {message_id}
To: iemand@noordheide.example

--grens--
"""


def report(message_id, *, action="failed", status="5.1.1", returned="text/rfc822-headers"):
    """The bytes of a notification about the message with this id."""
    return REPORT.format(message_id=message_id, action=action, status=status, returned=returned).encode()
