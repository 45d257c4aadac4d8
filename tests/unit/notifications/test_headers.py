"""Messages with shared headers say the same as any other, and no words can end a part of one."""

import email.policy
from email import message_from_bytes
from email.message import EmailMessage

import pytest

from portal.notifications.sending.headers import BOUNDARY, POLICY, two_bodies

TEXT, HTML = "Beste Zoë,\n\nTot maandag.\n", "<p>Beste Zoë,</p>\n<p>Tot maandag.</p>\n"


def made(text=TEXT, html=HTML, *, number=1):
    message = EmailMessage(policy=POLICY)
    message["Subject"] = (
        "Herinnering: dien in vóór maandag, want daarna kan het niet meer, ook niet met een goede reden"
    )
    message["To"] = f"zoe.{number}@example.be"
    two_bodies(message, text, html)
    return message


def on_the_wire(message):
    raw = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
    return message_from_bytes(raw.replace(b"\r\n", b"\n"), policy=email.policy.default)


def test_one_message_after_another_keeps_its_own_words_and_address():
    for number in range(3):
        read = on_the_wire(made(f"Nummer {number}\n", number=number))
        assert read["To"] == f"zoe.{number}@example.be"
        assert read["Subject"] == made()["Subject"]
        assert read.get_body(("plain",)).get_content() == f"Nummer {number}\n"
        assert read.get_body(("html",)).get_content() == HTML


def test_it_is_what_the_library_makes_without_us():
    plain = EmailMessage()
    for name in ("Subject", "To"):
        plain[name] = made()[name]
    plain.set_content(TEXT)
    plain.add_alternative(HTML, subtype="html")
    plain.set_boundary(BOUNDARY)
    assert on_the_wire(made()).as_bytes() == on_the_wire(plain).as_bytes()


def test_whoever_writes_the_boundary_does_not_end_the_part():
    read = on_the_wire(made(f"--{BOUNDARY}--\nMeer.\n"))
    assert read.get_body(("plain",)).get_content() == f"--{BOUNDARY}--\nMeer.\n"
    assert read.get_boundary() != BOUNDARY


def test_a_line_end_in_a_header_is_refused():
    with pytest.raises(ValueError, match="linefeed"):
        EmailMessage(policy=POLICY)["To"] = "zoe@example.be\r\nBcc: all@example.be"
