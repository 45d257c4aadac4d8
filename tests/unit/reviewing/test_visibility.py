"""What a round's matrix lets somebody see of an application's reviews, and how it may change."""

from dataclasses import astuple, replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.actor import Actor, Mandate, Right, Role
from portal.reviewing import policies
from portal.reviewing.states import ReviewState
from portal.reviewing.visibility import (
    DEFAULT,
    EVERYTHING,
    NOTHING,
    Level,
    Matrix,
    Naming,
    Standing,
    Times,
    is_looser,
    problems_before_changing,
    promises,
    pseudonym,
    sight,
)

WHY = "De jury vroeg om elkaars lezing vroeger te kennen."
matrices = st.builds(
    Matrix, st.sampled_from(Level), st.sampled_from(Level), st.sampled_from(Naming), st.sampled_from(Times)
)
standings = st.builds(
    Standing, st.booleans(), st.booleans(), st.one_of(st.none(), st.sampled_from(ReviewState)), st.booleans()
)


def seen(found):
    return {name for name, value in zip(type(found).__dataclass_fields__, astuple(found), strict=True) if value}


@pytest.mark.parametrize(
    ("level", "own", "has_all", "sees"),
    [
        (Level.NEVER, "submitted", True, False),
        (Level.AFTER_ALL, "submitted", False, False),
        (Level.AFTER_ALL, "submitted", True, True),
        (Level.AFTER_MINE, "drafting", True, False),
        (Level.AFTER_MINE, "submitted", False, True),
        (Level.ALWAYS, "invited", True, False),
        (Level.ALWAYS, "accepted", False, True),
        (Level.ALWAYS, "sealed", True, False),
        (Level.ALWAYS, "declined", True, False),
        (Level.ALWAYS, "expired", True, False),
    ],
)
def test_a_reviewer_sees_the_others_as_the_level_says(level, own, has_all, sees):
    standing = Standing(own=ReviewState(own), has_all=has_all)
    assert sight(Matrix(reviews=level), standing).reviews is sees
    assert sight(Matrix(identities=level), standing).identities is sees


def test_by_default_reviewers_are_independent_first_and_then_read_each_other_without_names():
    writing = sight(DEFAULT, Standing(own=ReviewState.DRAFTING, has_all=False))
    assert seen(writing) == {"names"}
    assert seen(sight(DEFAULT, Standing(own=ReviewState.SUBMITTED, has_all=True))) == {"names", "reviews", "days"}
    assert [str(each) for each in promises(DEFAULT)] == [
        "The other reviewers read your review once every review of this application is in.",
        "They are not told your name.",
    ]


def test_the_desk_sees_everything_unless_it_takes_part():
    assert sight(DEFAULT, Standing(is_desk=True)) == EVERYTHING
    assert sight(DEFAULT, Standing(is_desk=True, takes_part=True)) == NOTHING


@given(matrices, standings)
def test_submitting_the_own_review_never_takes_a_right_away(matrix, standing):
    writing = replace(standing, own=ReviewState.DRAFTING)
    for has_all in {standing.has_all, True}:
        assert seen(sight(matrix, writing)) <= seen(
            sight(matrix, replace(standing, own=ReviewState.SUBMITTED, has_all=has_all))
        )


@given(matrices, standings)
def test_a_conflict_never_gives_a_right(matrix, standing):
    free = seen(sight(matrix, replace(standing, takes_part=False)))
    assert seen(sight(matrix, replace(standing, takes_part=True))) <= free
    if standing.own is not None:
        assert seen(sight(matrix, replace(standing, own=ReviewState.SEALED))) <= free


@given(matrices, matrices, standings)
def test_what_is_not_looser_shows_no_more_of_who_is_who(one, other, standing):
    names = {"names", "identities"}
    if not is_looser(one, than=other):
        assert seen(sight(one, standing)) & names <= seen(sight(other, standing)) & names


people = st.builds(
    Actor,
    person_id=st.sampled_from([1, 2, 3]),
    roles=st.frozensets(st.sampled_from(Role), max_size=2),
    mandates=st.sampled_from([(), (Mandate(9, Right.READER),), (Mandate(5, Right.READER),)]),
)


three_states = st.lists(st.sampled_from(ReviewState), min_size=3, max_size=3)


def given_reviews(states, matrix, *, has_all, in_conflict=frozenset()):
    """The reviews of one application, by the persons 1, 2 and 3."""
    application = SimpleNamespace(promotor_id=5, partnership=SimpleNamespace(partners=[]))
    assessment = SimpleNamespace(has_all_reviews=has_all)
    assessment.seats = [
        SimpleNamespace(
            reviewer_id=number,
            state=state,
            application=application,
            assessment=assessment,
            matrix=matrix,
            in_conflict=in_conflict,
            is_blind=matrix.naming is Naming.BLIND,
        )
        for number, state in enumerate(states, 1)
    ]
    return assessment.seats


@given(people, three_states, matrices, st.booleans(), st.frozensets(st.sampled_from([1, 2, 3])))
def test_adding_a_conflict_of_interest_never_adds_a_right(actor, states, matrix, has_all, in_conflict):
    """Not to read, to write or to open a document, and not to see more of the others: whoever it is, however far they are."""

    def rights(conflicts):
        for each in given_reviews(states, matrix, has_all=has_all, in_conflict=conflicts):
            document = SimpleNamespace(review=each)
            yield from (policies.READ.allows(actor, each), policies.WRITE.allows(actor, each))
            yield policies.READ_DOCUMENT.allows(actor, document)
            yield from astuple(policies.sight_of(actor, each))

    before = rights(in_conflict - {actor.person_id})
    after = rights(in_conflict | {actor.person_id})
    assert all(had or not has for had, has in zip(before, after, strict=True))


@given(people, three_states, matrices, st.booleans())
def test_who_reads_another_review_is_who_has_sight_of_it(actor, states, matrix, has_all):
    """The policy of one review and the sight of a list agree: a submitted one of another, where reviews are in sight."""
    for each in given_reviews(states, matrix, has_all=has_all):
        if each.reviewer_id != actor.person_id and not actor.has(Role.CASE_OFFICER, Role.AUDITOR):
            listed = each.state is ReviewState.SUBMITTED and policies.sight_of(actor, each).reviews
            assert policies.READ.sees(actor, each) is listed


def test_a_pseudonym_is_the_same_every_time_and_another_for_each_application_and_round():
    found = {pseudonym("b7", "B-2022-2", number) for number in range(500)}
    assert len(found) == 500
    assert pseudonym("b7", "B-2022-2", 7) == pseudonym("b7", "B-2022-2", 7)
    assert pseudonym("b7", "B-2022-2", 7) != pseudonym("c8", "B-2022-2", 7)


def codes(wanted, reason="", present=DEFAULT, *, is_invited=True, is_accepted=True):
    found = problems_before_changing(present, wanted, reason, is_invited=is_invited, is_accepted=is_accepted)
    return [each.code for each in found]


def test_before_the_first_invitation_anything_is_changed_without_a_reason():
    free = Matrix(Level.ALWAYS, Level.ALWAYS, Naming.OPEN, Times.HIDDEN)
    assert codes(free, present=Matrix(naming=Naming.BLIND), is_invited=False, is_accepted=False) == []


def test_after_it_a_change_needs_a_reason():
    earlier = replace(DEFAULT, reviews=Level.AFTER_MINE)
    assert codes(earlier, "te laat") == ["reason-too-short"]
    assert codes(earlier, WHY) == []
    assert codes(DEFAULT, WHY) == ["nothing-changed"]


def test_what_was_promised_about_names_is_never_loosened_once_somebody_accepted():
    blind = Matrix(identities=Level.AFTER_ALL, naming=Naming.BLIND)
    assert codes(replace(blind, naming=Naming.OPEN), WHY, blind) == ["blind-promised"]
    assert codes(replace(blind, identities=Level.AFTER_MINE), WHY, blind) == ["identities-promised"]
    assert codes(replace(blind, identities=Level.NEVER), WHY, blind) == []
    assert codes(replace(blind, naming=Naming.OPEN), WHY, blind, is_accepted=False) == []
