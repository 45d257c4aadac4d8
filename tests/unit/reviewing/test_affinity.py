from fractions import Fraction

import pytest

from portal.reviewing.affinity import affinities, affinity, matches
from portal.reviewing.expertise import Level, Subject, SubjectKind

SKILLS = Subject(SubjectKind.OBJECTIVE, "digibanken/objective_2")
OLDER = Subject(SubjectKind.TARGET_GROUP, "older_people")
LIMBURG = Subject(SubjectKind.PROVINCE, "70000")
ABOUT = {SKILLS: Fraction(1), OLDER: Fraction(1), LIMBURG: Fraction(1, 2)}


def test_an_expert_in_everything_fits_wholly_and_one_with_nothing_in_common_not_at_all():
    assert affinity(ABOUT, dict.fromkeys(ABOUT, Level.EXPERT)) == 1.0
    assert affinity(ABOUT, {Subject(SubjectKind.PROVINCE, "10000"): Level.EXPERT}) == 0.0


def test_a_subject_counts_by_its_weight_and_by_how_well_it_is_known():
    assert affinity(ABOUT, {OLDER: Level.COMPETENT}) == 0.24  # 1 × 0.6 of 2.5
    assert affinity(ABOUT, {LIMBURG: Level.AWARE}) == 0.06  # 0.5 × 0.3 of 2.5


def test_what_fits_is_told_with_the_largest_share_first_and_adds_up():
    found = matches(ABOUT, {LIMBURG: Level.EXPERT, SKILLS: Level.AWARE, OLDER: Level.COMPETENT})
    assert [each.subject for each in found] == [OLDER, LIMBURG, SKILLS]
    assert sum(each.share for each in found) == pytest.approx(0.56)


def test_many_reviewers_at_once_get_what_each_gets_alone():
    ann, bert = {OLDER: Level.EXPERT, LIMBURG: Level.AWARE}, {LIMBURG: Level.COMPETENT}
    experts = {OLDER: [(1, Level.EXPERT)], LIMBURG: [(1, Level.AWARE), (2, Level.COMPETENT)]}
    assert affinities(ABOUT, experts) == {1: affinity(ABOUT, ann), 2: affinity(ABOUT, bert)}


def test_an_application_without_subjects_fits_nobody():
    assert affinity({}, {OLDER: Level.EXPERT}) == 0.0
