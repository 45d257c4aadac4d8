"""A colleague's review is read only by a reviewer who submitted their own, and once all of them are in."""

from types import SimpleNamespace

import pytest

from portal.core.actor import Actor, Mandate, Right, Role
from portal.reviewing import policies
from portal.reviewing.states import ReviewState
from portal.reviewing.visibility import DEFAULT

COLLEAGUE, AUTHOR = 21, 17
PROMOTOR, PAST_PARTNER = 1, 3
APPLICATION = SimpleNamespace(
    promotor_id=PROMOTOR,
    partnership=SimpleNamespace(
        partners=[
            SimpleNamespace(organisation_id=PROMOTOR, ended_on=None),
            SimpleNamespace(organisation_id=PAST_PARTNER, ended_on="2022-03-01"),
        ]
    ),
)


def review(state=ReviewState.SUBMITTED, *, has_all=True, submitted_by=(AUTHOR, COLLEAGUE, 22)):
    return SimpleNamespace(
        reviewer_id=AUTHOR,
        state=state,
        application=APPLICATION,
        assessment=SimpleNamespace(has_all_reviews=has_all, seats=[submitted(each) for each in submitted_by]),
        matrix=DEFAULT,
        is_blind=False,
        in_conflict=frozenset(),
    )


def submitted(reviewer_id):
    return SimpleNamespace(reviewer_id=reviewer_id, state=ReviewState.SUBMITTED)


def reviewer(number, organisation=None):
    mandates = (Mandate(organisation, Right.READER),) if organisation else ()
    return Actor(person_id=number, roles=frozenset({Role.REVIEWER}), mandates=mandates)


@pytest.mark.parametrize(
    ("subject", "may"),
    [
        (review(), True),
        (review(has_all=False), False),
        (review(submitted_by=(AUTHOR, 22)), False),
        (review(ReviewState.SEALED), False),
        (review(ReviewState.DRAFTING, has_all=False), False),
    ],
)
def test_a_colleague_reads_once_all_are_in(subject, may):
    assert policies.READ.sees(reviewer(COLLEAGUE), subject) is may


@pytest.mark.parametrize(("organisation", "may"), [(None, True), (9, True), (PROMOTOR, False), (PAST_PARTNER, False)])
def test_whoever_has_a_part_in_the_partnership_is_out_at_once(organisation, may):
    author, colleague = reviewer(AUTHOR, organisation), reviewer(COLLEAGUE, organisation)
    assert policies.WRITE.may(author, review(ReviewState.DRAFTING)) is may
    assert policies.READ.sees(author, review()) is may
    assert policies.READ.sees(colleague, review()) is may


@pytest.mark.parametrize("state", ReviewState)
def test_a_review_is_written_by_its_reviewer_from_acceptance_until_it_is_sealed(state):
    shut = {ReviewState.INVITED, ReviewState.DECLINED, ReviewState.EXPIRED, ReviewState.SEALED}
    assert policies.WRITE.may(reviewer(AUTHOR), review(state)) is (state not in shut)
    assert not policies.WRITE.sees(reviewer(COLLEAGUE), review(state))


def test_a_case_officer_of_the_lead_partner_neither_reads_nor_assigns():
    roles = frozenset({Role.CASE_OFFICER})
    apart = Actor(person_id=18, roles=roles)
    partial = Actor(person_id=18, roles=roles, mandates=(Mandate(PROMOTOR, Right.STAFF),))
    assert policies.READ.sees(apart, review())
    assert not policies.READ.sees(partial, review())
    assert policies.ASSIGN.may(apart, APPLICATION)
    assert not policies.ASSIGN.may(partial, APPLICATION)
    assert not policies.RECORD_CONSENSUS.may(partial, APPLICATION)
