"""Every notification has its folder of templates, and every folder its notification."""

from pathlib import Path

import pytest

from portal.notifications.categories import CATEGORIES
from portal.notifications.table import NOTIFICATIONS

ROOT = Path(__file__).parents[2]
EMAILS = ROOT / "templates" / "emails"
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


@pytest.mark.parametrize("notification", NOTIFICATIONS, ids=lambda each: each.name)
def test_a_notification_has_a_category_and_waits_only_where_its_reader_may_say_so(notification):
    assert notification.category in CATEGORIES
    assert notification.is_mutable or not notification.is_digestible
    assert not (notification.carries_token and notification.is_mutable)


def test_the_documented_table_is_the_one_that_holds():
    shown = [line for line in (ROOT / "docs" / "NOTIFICATIONS.md").read_text().splitlines() if line.startswith("| `")]
    assert sorted(shown) == sorted(map(_line, NOTIFICATIONS))


def _line(notification):
    chosen = "as chosen" if notification.is_digestible else "at once or not"
    how = chosen if notification.is_mutable else "always"
    return f"| `{notification.name}` | {CATEGORIES[notification.category].name} | {how} |"


# Made of other messages' subjects, of a text that is tried, of what an administrator writes for one mailing.
WITHOUT_A_TEXT = {"daily-digest", "text-trial", "mailing"}


def test_a_notification_says_what_an_administrators_text_of_it_can_hold():
    assert {each.name for each in NOTIFICATIONS if not each.variables} == WITHOUT_A_TEXT
