"""Who reviews what: against every possible assignment for small rounds, and rule by rule."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.reviewing.affinity import affinity
from portal.reviewing.expertise import Level, Subject, SubjectKind
from portal.reviewing.matching.assigning import assign
from portal.reviewing.matching.model import BALANCE, NO_EXPERIENCED, NO_PLACE, UNDER_MINIMUM
from portal.reviewing.matching.problem import Bar, Cause, Kind, Origin, Question, Reviewer, ToReview
from tests.bench.assignment import large_round

GROUPS = [Subject(SubjectKind.TARGET_GROUP, code) for code in ("older_people", "poverty", "jobseekers")]


def reviewer(person, *subjects, level=Level.EXPERT, maximum=3, **facts):
    facts = {"minimum": 0, "is_experienced": True, **facts}
    return Reviewer(person, dict.fromkeys(subjects, level), maximum=maximum, **facts)


def application(number, *subjects, wanted=1):
    return ToReview(number, wanted, dict.fromkeys(subjects, Fraction(1)))


def pairs(answer):
    return {(each.application, each.person) for each in answer.places}


def gain(question, chosen):
    """What an assignment is worth by the model's own words, computed the long way."""
    people = {each.person: each for each in question.reviewers}
    worth = 0.0
    for each in question.applications:
        own = [people[person] for number, person in chosen if number == each.application]
        worth += sum(affinity(each.weights, one.levels) for one in own)
        worth -= NO_PLACE * (each.wanted - len(own))
        worth -= NO_EXPERIENCED * (not any(one.is_experienced for one in own))
    loads = Counter(person for _, person in chosen)
    for person, each in people.items():
        worth -= sum(BALANCE * (each.load + step) for step in range(loads[person]))
        worth -= UNDER_MINIMUM * max(0, each.minimum - each.load - loads[person])
    return worth


def every_assignment(question):
    """Yield each assignment that breaks no rule."""
    people = {each.person: each for each in question.reviewers}
    choices = []
    for each in question.applications:
        free = [
            one
            for one in question.reviewers
            if one.bar is None and (each.application, one.person) not in question.forbidden
        ]
        choices.append(
            [
                [(each.application, one.person) for one in own]
                for size in range(each.wanted + 1)
                for own in combinations(free, size)
                if max(Counter(one.institution for one in own if one.institution).values(), default=0) <= 1
            ]
        )
    for chosen in product(*choices):
        whole = [pair for own in chosen for pair in own]
        loads = Counter(person for _, person in whole)
        if all(people[person].load + count <= people[person].maximum for person, count in loads.items()):
            yield whole


@st.composite
def rounds(draw):
    levels = st.dictionaries(st.sampled_from(GROUPS), st.sampled_from(Level), max_size=3)
    reviewers = tuple(
        Reviewer(
            person,
            draw(levels),
            minimum=draw(st.integers(0, 1)),
            maximum=draw(st.integers(1, 3)),
            load=draw(st.integers(0, 1)),
            institution=draw(st.sampled_from([None, "uni", "city"])),
            is_experienced=draw(st.booleans()),
            bar=draw(st.sampled_from([None, None, None, Bar.UNDECLARED])),
        )
        for person in range(1, draw(st.integers(1, 4)) + 1)
    )
    weights = st.dictionaries(st.sampled_from(GROUPS), st.sampled_from([Fraction(1), Fraction(1, 2)]), max_size=3)
    applications = tuple(
        ToReview(number, draw(st.integers(1, 2)), draw(weights)) for number in range(1, draw(st.integers(1, 3)) + 1)
    )
    every = [(each.application, one.person) for each in applications for one in reviewers]
    forbidden = draw(st.sets(st.sampled_from(every), max_size=4))
    return Question(applications, reviewers, "seed", dict.fromkeys(forbidden, Bar.CONFLICT))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rounds(), st.randoms(use_true_random=False))
def test_no_assignment_that_keeps_the_rules_is_worth_more_whatever_the_order_of_input(question, dice):
    answer = assign(question)
    best = max(gain(question, chosen) for chosen in every_assignment(question))
    assert gain(question, pairs(answer)) == pytest.approx(best, abs=1e-4)
    assert any(sorted(chosen) == sorted(pairs(answer)) for chosen in every_assignment(question))
    assert len(answer.places) + sum(each.missing for each in answer.shortfalls if each.kind is Kind.PLACES) == sum(
        each.wanted for each in question.applications
    )
    shuffled = replace(
        question,
        applications=tuple(dice.sample(question.applications, len(question.applications))),
        reviewers=tuple(dice.sample(question.reviewers, len(question.reviewers))),
    )
    assert assign(shuffled) == answer


def test_each_application_gets_whoever_knows_its_subject_and_the_reason_says_so():
    older, poverty, jobseekers = GROUPS
    question = Question(
        (application(1, older, poverty), application(2, jobseekers)),
        (reviewer(7, older), reviewer(8, jobseekers)),
        "seed",
    )
    answer = assign(question)
    assert pairs(answer) == {(1, 7), (2, 8)}
    first = answer.places[0]
    assert (first.affinity, first.rank, first.eligible, first.load, first.maximum) == (0.5, 1, 2, 1, 3)
    assert [(each.subject, each.level) for each in first.matches] == [(older, Level.EXPERT)]


def test_the_load_is_spread_where_the_fit_is_equal():
    question = Question(
        tuple(application(number, GROUPS[0]) for number in range(1, 7)),
        tuple(reviewer(person, GROUPS[0], maximum=6) for person in (7, 8, 9)),
        "seed",
    )
    assert Counter(person for _, person in pairs(assign(question))) == {7: 2, 8: 2, 9: 2}


def test_a_minimum_load_is_met_before_the_better_fit():
    question = Question((application(1, GROUPS[0]),), (reviewer(7, GROUPS[0]), reviewer(8, minimum=1)), "seed")
    assert pairs(assign(question)) == {(1, 8)}


def test_locked_and_standing_pairs_stay_and_count_for_load_institution_and_experience():
    question = Question(
        (application(1, GROUPS[0], wanted=3),),
        (
            reviewer(6, is_experienced=False, load=1, institution="city"),
            reviewer(7, is_experienced=False, institution="uni"),
            reviewer(8, GROUPS[0], institution="uni"),
            reviewer(9, institution="college"),
        ),
        "seed",
        standing=frozenset({(1, 6)}),
        locked=frozenset({(1, 7)}),
    )
    answer = assign(question)
    assert {each.person: each.origin for each in answer.places} == {
        6: Origin.STANDING,
        7: Origin.LOCKED,
        9: Origin.PROPOSED,
    }


def test_a_locked_pair_with_a_conflict_since_falls_away():
    question = Question((application(1),), (reviewer(7),), "seed", {(1, 7): Bar.CONFLICT}, locked=frozenset({(1, 7)}))
    answer = assign(question)
    assert answer.places == ()
    assert next((each.missing, each.cause, each.barred) for each in answer.shortfalls) == (
        1,
        Cause.TOO_FEW,
        {Bar.CONFLICT: 1},
    )


@pytest.mark.parametrize(
    ("people", "cause"),
    [
        ([reviewer(7)], Cause.TOO_FEW),
        ([reviewer(7), reviewer(8, bar=Bar.UNAVAILABLE)], Cause.TOO_FEW),
        ([reviewer(7, institution="uni"), reviewer(8, institution="uni")], Cause.INSTITUTIONS),
        ([reviewer(7), reviewer(8, load=3)], Cause.LOAD),
    ],
)
def test_a_shortfall_names_what_binds(people, cause):
    answer = assign(Question((application(1, wanted=2),), tuple(people), "seed"))
    assert [(each.kind, each.missing, each.cause) for each in answer.shortfalls] == [(Kind.PLACES, 1, cause)]


def test_it_says_where_nobody_experienced_could_be_found():
    answer = assign(Question((application(1),), (reviewer(7, is_experienced=False),), "seed"))
    assert [(each.kind, each.cause) for each in answer.shortfalls] == [(Kind.EXPERIENCED, Cause.TOO_FEW)]


def test_alternates_are_the_next_best_who_could_still_come_in():
    question = Question(
        (application(1, GROUPS[0]),),
        (
            reviewer(6, GROUPS[0], institution="uni"),
            reviewer(7, GROUPS[0], level=Level.COMPETENT, institution="uni"),
            reviewer(8, GROUPS[0], level=Level.COMPETENT),
            reviewer(9, GROUPS[0], level=Level.AWARE, maximum=1, load=1),
            reviewer(10),
        ),
        "seed",
    )
    assert [each.person for each in assign(question).alternates[1]] == [8, 10]


def test_a_large_round_is_filled_and_the_same_seed_gives_the_same_answer():
    question = large_round(300, 90)
    answer = assign(question)
    assert len(answer.places) == 900
    assert answer.shortfalls == ()
    assert not pairs(answer) & question.forbidden.keys()
    loads = Counter(person for _, person in pairs(answer))
    assert min(loads.values()) >= 2
    assert max(loads.values()) <= 14
    assert assign(question) == answer
