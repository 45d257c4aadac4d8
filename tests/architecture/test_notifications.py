"""Every notification has its folder of templates, and every folder its notification."""

from pathlib import Path

import pytest

from portal.notifications.table import NOTIFICATIONS

EMAILS = Path(__file__).parents[2] / "templates" / "emails"
PARTS = {"subject.txt", "body.txt", "body.html"}


def test_names_and_folders_are_the_same():
    folders = {path.name for path in EMAILS.iterdir() if path.is_dir()}
    assert {each.name for each in NOTIFICATIONS} == folders
    assert len(folders) == len(NOTIFICATIONS)


@pytest.mark.parametrize("notification", NOTIFICATIONS, ids=lambda each: each.name)
def test_a_notification_has_its_three_templates_and_says_why(notification):
    assert {path.name for path in (EMAILS / notification.name).iterdir()} == PARTS
    assert str(notification.reason).startswith("You receive this because ")
    assert not (notification.is_urgent and notification.is_digestible)
