"""Agreement, against the published examples of Krippendorff and of Shrout and Fleiss."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.decisions.agreement import icc1, krippendorff_alpha, of_the_mean, ordinal

# Krippendorff's "C data": four observers, twelve units, not every unit seen by all.
C_DATA = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
# Shrout and Fleiss (1979): six targets, four judges.
JUDGED = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]


def units_of(rows):
    return [[Fraction(each) for each in unit] for unit in rows]


def c_data():
    observers = [line.split() for line in C_DATA.strip().splitlines()]
    return units_of([each for each in unit if each != "."] for unit in zip(*observers, strict=True))


@pytest.mark.parametrize(
    ("distance", "alpha"),
    [
        (lambda one, other: Fraction(one != other), "0.7434"),
        (ordinal(c_data()), "0.8154"),
        (lambda one, other: (one - other) ** 2, "0.8491"),
        (lambda one, other: ((one - other) / (one + other)) ** 2, "0.7974"),
    ],
    ids=["nominal", "ordinal", "interval", "ratio"],
)
def test_alpha_is_that_of_the_published_example(distance, alpha):
    assert f"{float(krippendorff_alpha(c_data(), distance)):.4f}" == alpha


def test_the_intraclass_correlation_is_that_of_the_published_example():
    found = icc1(units_of(JUDGED))
    assert f"{float(found):.2f}" == "0.17"
    assert f"{float(of_the_mean(found, 4)):.2f}" == "0.44"


@pytest.mark.parametrize("rows", [[], [(7,)], [(7,), (8,)], [(7, 7), (7, 7, 7)]])
def test_nothing_is_said_without_pairs_or_without_variation(rows):
    units = units_of(rows)
    assert krippendorff_alpha(units, ordinal(units)) is None
    assert icc1(units) is None


def test_one_application_alone_has_no_intraclass_correlation():
    assert icc1(units_of([(7, 8)])) is None


def test_full_agreement_is_one():
    units = units_of([(3, 3, 3), (8, 8)])
    assert krippendorff_alpha(units, ordinal(units)) == 1
    assert icc1(units) == 1


reviewed = st.lists(st.lists(st.integers(0, 10).map(Fraction), max_size=4), max_size=8)


@settings(deadline=None)
@given(reviewed, st.randoms(use_true_random=False))
def test_the_order_of_applications_and_of_reviewers_does_not_matter(units, random):
    shuffled = [random.sample(each, len(each)) for each in random.sample(units, len(units))]
    for both in (lambda each: krippendorff_alpha(each, ordinal(each)), icc1):
        assert both(shuffled) == both(units)


@settings(deadline=None)
@given(reviewed)
def test_no_figure_is_above_one(units):
    for figure in (krippendorff_alpha(units, ordinal(units)), icc1(units)):
        assert figure is None or figure <= 1
