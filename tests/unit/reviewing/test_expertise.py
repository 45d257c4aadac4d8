"""What an application is about, in the subjects a reviewer can know: read from the form's own questions."""

from fractions import Fraction

from portal.calls.catalogue import load_programmes
from portal.reviewing.expertise import (
    Subject,
    SubjectKind,
    groups_aimed_at,
    municipalities_aimed_at,
    objectives_of,
    target_groups_of,
)


def _programme(code):
    return next(each for each in load_programmes() if each.definition.code == code)


def _form(code):
    return next(each.form for each in _programme("digibanken").calls if each.definition.code == code)


def group(code):
    return Subject(SubjectKind.TARGET_GROUP, code)


def test_the_objectives_are_those_of_the_programme_under_its_own_name():
    assert [each.code for each in objectives_of(_programme("digibanken").definition)] == [
        "digibanken/objective_1",
        "digibanken/objective_2",
        "digibanken/objective_3",
    ]


def test_both_forms_offer_the_same_target_groups():
    assert target_groups_of(_form("formation")) == target_groups_of(_form("execution"))


def test_a_group_that_was_chosen_counts_whole():
    answers = {"target_groups": ["older_people", "poverty"]}
    assert groups_aimed_at(_form("formation"), answers) == {group("older_people"): 1, group("poverty"): 1}


def test_a_group_with_less_than_an_even_share_of_the_users_counts_half():
    """800 users over eight groups: an even share is 100. Nobody of a group: it is not aimed at."""
    users = {
        "2023": {"older_people": 500, "poverty": 100, "jobseekers": 99},
        "2024": {"jobseekers": 0, "disability": 101},
    }
    assert groups_aimed_at(_form("execution"), {"unique_users": users}) == {
        group("older_people"): 1,
        group("poverty"): 1,
        group("jobseekers"): Fraction(1, 2),
        group("disability"): 1,
    }


def test_the_service_area_says_where():
    assert municipalities_aimed_at(_form("formation"), {"service_area": ["13001", "13002"]}) == {"13001", "13002"}
    assert municipalities_aimed_at(_form("formation"), {}) == set()
