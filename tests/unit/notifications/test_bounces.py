"""Reading what mail servers give back: which message, which status, and nothing else of a stranger's bytes."""

import pytest

from portal.notifications.sending.bounces import LARGEST, NotABounce, read_bounce
from tests.world.bounces import report

OURS = "<12.round-opened.0123456789abcdef@portal.example>"


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_mailbox_that_does_not_exist(returned):
    found = read_bounce(report(OURS, returned=returned))
    assert (found.message_id, found.status, found.has_failed) == (OURS, "5.1.1", True)


@pytest.mark.parametrize(
    ("action", "status", "has_failed"),
    [("delayed", "4.4.1", False), ("failed", "4.4.7", True), ("FAILED", "5.2.2", True), ("delivered", "2.0.0", False)],
)
def test_the_action_says_whether_the_server_gave_up(action, status, has_failed):
    found = read_bounce(report(OURS, action=action, status=status))
    assert (found.status, found.has_failed) == (status, has_failed)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not a delivery status"),
        (b"\xff\xfe" * 500, "not a delivery status"),
        (b"Subject: Afwezig\n\nIk ben er niet.", "not a delivery status"),
        (report(OURS, status="onbekend"), "says of no recipient"),
        (report("zomaar iets"), "returns no part"),
        (report(OURS) + b"x" * LARGEST, "larger than a megabyte"),
        (
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=a\n\n" + b"--a\n" * 5000,
            "no recipient",
        ),
    ],
)
def test_anything_else_is_refused_without_a_word_of_it(raw, why):
    with pytest.raises(NotABounce, match=why) as refusal:
        read_bounce(raw)
    assert "@" not in str(refusal.value)
