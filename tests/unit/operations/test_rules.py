"""From figures to what somebody should look at, and what is urgent."""

from datetime import timedelta

import pytest

from portal.operations.figures import Disk, Figures
from portal.operations.presenters import GROUPS
from portal.operations.rules import QUEUES, Level, findings
from portal.operations.words import WORDS
from workers.queues import NAMES

MINUTES = timedelta(minutes=1)


def calm(**changed):
    """A portal in which nothing waits."""
    values = {
        "queues": dict.fromkeys(QUEUES, 0),
        "seen": {f"worker@one/{name}": timedelta(seconds=8) for name in QUEUES},
        "backup": timedelta(hours=9),
        "disk": Disk(free=60, total=100),
        "has_scanner": True,
    }
    return Figures(**values | changed)


def levels(figures):
    return {(each.code, each.about): each.level for each in findings(figures) if each.level is not Level.GOOD}


def test_a_calm_portal_asks_for_nothing():
    assert levels(calm()) == {}


@pytest.mark.parametrize(
    ("minutes", "level"), [(2, None), (3, Level.LOOK), (14, Level.LOOK), (15, Level.ACT)]
)  # as docs/OPERATIONS.md and docs/deploy/alerts.yml say
def test_an_event_that_waits_is_looked_at_after_three_minutes_and_urgent_after_fifteen(minutes, level):
    figures = calm(counts={("outbox", "open"): 4}, waited={"outbox": minutes * MINUTES})
    assert levels(figures).get(("outbox", "")) == level


def test_one_parked_message_is_somebodys_work():
    assert levels(calm(counts={("delivery", "parked"): 1})) == {("delivery-parked", ""): Level.LOOK}


def test_a_queue_that_nobody_listens_to_is_named_however_calm_it_looks():
    seen = {"worker@one/urgent": MINUTES, "worker@two/mail": 5 * MINUTES, "worker@two/files": 11 * MINUTES}
    assert levels(calm(seen=seen)) == {
        ("worker", "mail"): Level.LOOK,
        ("worker", "files"): Level.ACT,
        ("worker-none", "periodic"): Level.ACT,
    }


def test_the_machine_that_gave_the_latest_sign_counts():
    seen = {f"worker@two/{name}": timedelta(hours=9) for name in QUEUES}
    assert levels(calm(seen=calm().seen | seen)) == {}


def test_without_a_database_only_what_can_be_known_is_said():
    figures = calm(missing=["database", "queue"], queues=None)
    assert {each.code for each in findings(figures)} == {"database", "broker", "disk"}
    assert set(levels(figures)) == {("database", ""), ("broker", "")}


@pytest.mark.parametrize(
    ("changed", "level"),
    [
        ({}, Level.LOOK),
        ({"has_scanner": False}, Level.ACT),  # they will be held for ever
        ({"is_unscanned_allowed": True, "has_scanner": False}, None),  # somebody decided so
    ],
)
def test_held_files_wait_for_a_scanner_or_for_a_decision(changed, level):
    figures = calm(counts={("file", "held"): 2}, **changed)
    assert next(iter(levels(figures).values()), None) == level


@pytest.mark.parametrize(("hours", "level"), [(25, None), (26, Level.LOOK), (50, Level.ACT)])
def test_a_backup_a_night(hours, level):
    assert levels(calm(backup=timedelta(hours=hours))).get(("backup", "")) == level


def test_no_backup_at_all_is_said():
    assert levels(calm(backup=None)) == {("backup-none", ""): Level.LOOK}


@pytest.mark.parametrize(("free", "level"), [(21, None), (20, Level.LOOK), (5, Level.ACT)])
def test_room_for_files(free, level):
    assert levels(calm(disk=Disk(free, 100))).get(("disk", "")) == level


def test_the_queues_are_those_of_the_workers():
    assert QUEUES == NAMES


def test_every_finding_has_its_words_and_its_place_on_the_page():
    assert WORDS.keys() == set().union(*(codes for _, codes in GROUPS))
    everything = [calm(), calm(backup=None, seen={}), calm(missing=["database"]), calm(is_unscanned_allowed=True)]
    assert {each.code for figures in everything for each in findings(figures)} == WORDS.keys()
