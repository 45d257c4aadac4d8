"""The history of a section: stretches of writing, each with what it changed."""

from datetime import timedelta
from types import SimpleNamespace

from portal.applications.history import PAUSE, Mark, changes_between, last_change, stretches_of
from portal.applications.states import RevisionKind as Kind
from tests.world.time import moment

NOON = moment("2022-06-20T12:00")


def marks(*written):
    """Versions from 1 on, as (minutes after noon, person, kind)."""
    return [
        Mark(number, kind, NOON + timedelta(minutes=minutes), person, f"Person {person}")
        for number, (minutes, person, kind) in enumerate(written, 1)
    ]


def spans(found):
    return [(each.before, each.last.version) for each in found]


def test_what_one_person_writes_in_one_go_is_one_stretch():
    found = stretches_of(marks((0, 7, Kind.AUTOSAVED), (1, 7, Kind.AUTOSAVED), (9, 7, Kind.SAVED)))
    assert spans(found) == [(None, 3)]
    assert found[0].began_at == NOON


def test_another_person_or_a_pause_begins_a_new_one_newest_first():
    long = PAUSE.seconds // 60 + 1
    found = stretches_of(marks((0, 7, Kind.SAVED), (1, 8, Kind.SAVED), (2, 7, Kind.SAVED), (2 + long, 7, Kind.SAVED)))
    assert spans(found) == [(3, 4), (2, 3), (1, 2), (None, 1)]


def test_a_text_that_was_set_aside_never_stood():
    found = stretches_of(marks((0, 7, Kind.SAVED), (1, 7, Kind.SET_ASIDE), (1, 7, Kind.SAVED)))
    assert spans(found) == [(1, 3), (1, 2), (None, 1)]
    assert [each.stood for each in found] == [True, False, True]


def test_putting_a_version_back_stands_alone():
    assert len(stretches_of(marks((0, 7, Kind.SAVED), (1, 7, Kind.RESTORED), (2, 7, Kind.SAVED)))) == 3


def test_versions_of_nobody_in_particular_are_not_taken_together():
    assert len(stretches_of(marks((0, None, Kind.SAVED), (1, None, Kind.SAVED)))) == 2


def test_only_what_differs_is_a_change():
    questions = [SimpleNamespace(key="reach"), SimpleNamespace(key="planning")]
    found = changes_between(questions, {"reach": "oud", "planning": None}, {"reach": "nieuw", "planning": ""})
    assert [(each.question.key, each.before, each.after) for each in found] == [("reach", "oud", "nieuw")]


def test_the_last_change_of_a_question_is_not_the_last_save():
    def version(number, kind=Kind.SAVED, **answers):
        return SimpleNamespace(version=number, kind=kind, answers=answers)

    rows = [
        version(1, reach="a"),
        version(2, reach="b"),
        version(3, Kind.SET_ASIDE, reach="z"),
        version(4, reach="b", planning="c"),
    ]
    assert last_change(rows, "reach").version == 2
    assert last_change(rows, "planning").version == 4
    assert last_change(rows, "other") is None


def test_what_the_first_version_of_an_empty_section_said_is_a_change_of_its_own():
    def version(number, **answers):
        return SimpleNamespace(version=number, kind=Kind.SAVED, answers=answers)

    from_nothing = [version(1, reach="a"), version(2, reach="a", planning="b")]
    assert last_change(from_nothing, "reach").version == 1
    from_version_one = [version(5, reach="a"), version(6, reach="a", planning="b")]
    assert last_change(from_version_one, "reach") is None
