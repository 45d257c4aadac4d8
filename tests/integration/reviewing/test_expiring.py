"""An invitation has a last day. After it nobody can accept any more, and the next alternate is asked."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import grant_right
from portal.core.actor import Right
from portal.core.db import db
from portal.core.errors import RuleViolation
from portal.core.event_log import EventRow
from portal.reviewing.commands.alternates import set_alternates
from portal.reviewing.commands.answering import accept_review
from portal.reviewing.commands.assigning import assign_reviewer
from portal.reviewing.commands.expiring import expire_invitations
from portal.reviewing.commands.profiles import ProfileFacts, save_profile
from portal.reviewing.queries import get_assessment, get_review, list_reviews
from portal.reviewing.states import ReviewState
from tests.world.accounts import ctx_for
from tests.world.reviewing import (
    DUE_ON,
    REVIEW_DAY,
    given_admissible_application,
    given_assigned_reviews,
    given_case_officer,
    given_declaration,
    given_reviewer,
)

LAST_DAY = date(2022, 8, 12)
LAST_MINUTE, DAY_AFTER = "2022-08-12T23:59", "2022-08-13T00:00"


def invite(application, reviewer, officer=None):
    ctx = ctx_for(officer or given_case_officer(), REVIEW_DAY)
    made = assign_reviewer(ctx, application, reviewer, DUE_ON, LAST_DAY)
    given_declaration(reviewer)
    db.session.commit()
    return get_review(made.id, lock=True)


def given_alternates(application, *people, officer=None):
    set_alternates(ctx_for(officer or given_case_officer(), REVIEW_DAY), application, people)
    db.session.commit()


def expire(at=DAY_AFTER):
    number = expire_invitations(ctx_for(at=at))
    db.session.commit()
    return number


def states(application):
    return {each.reviewer_id: each.state for each in list_reviews(application.id)}


def test_it_can_be_accepted_through_its_last_day_and_not_after(inside):
    application = given_admissible_application()
    late, in_time = (invite(application, given_reviewer()) for _ in range(2))
    accept_review(ctx_for(in_time.reviewer, LAST_MINUTE), in_time)
    with pytest.raises(RuleViolation) as refusal:
        accept_review(ctx_for(late.reviewer, DAY_AFTER), late)
    assert refusal.value.codes == ["invitation-expired"]


def test_an_unanswered_one_expires_once_and_leaves_the_figures(inside):
    application = given_admissible_application()
    review = invite(application, given_reviewer())
    assert expire(LAST_MINUTE) == 0
    assert expire() == 1
    assert expire() == 0
    assert review.state is ReviewState.EXPIRED
    assert get_assessment(application.id).invited_count == 0


def test_the_first_alternate_who_can_be_asked_is_invited_with_as_many_days(inside):
    """Two stand before: one who is away on the day the review is due, and one who has enough reviews already."""
    officer, application = given_case_officer(), given_admissible_application()
    away, full, free, spare = (given_reviewer() for _ in range(4))
    expired = invite(application, given_reviewer(), officer)
    due_again = date(2022, 9, 5)  # 23 days after 13 August, as 31 August is after the 8th
    save_profile(ctx_for(away), away, ProfileFacts(absences=((due_again, due_again),)), 0)
    save_profile(ctx_for(full), full, ProfileFacts(maximum_load=1), 0)
    invite(given_admissible_application(round_=application.round), full)
    given_alternates(application, away, full, free, officer=officer)
    expire()
    assert states(application) == {expired.reviewer_id: ReviewState.EXPIRED, free.id: ReviewState.INVITED}
    following = next(each for each in list_reviews(application.id) if each.reviewer_id == free.id)
    assert (following.due_on, following.answer_due_on) == (due_again, date(2022, 8, 17))
    assert following.invited_by_id == officer.id
    told = sa.select(EventRow).where(EventRow.topic == "review.expired", EventRow.subject_id == expired.id)
    event = db.session.scalars(told).one()
    assert event.payload["next_review_id"] == following.id
    assert spare.id not in states(application)


def test_a_conflict_that_arose_since_keeps_an_alternate_from_being_asked(inside):
    application = given_admissible_application()
    expired, alternate = invite(application, given_reviewer()), given_reviewer()
    given_alternates(application, alternate)
    grant_right(ctx_for(at="2022-08-10T10:00"), application.promotor, alternate, Right.STAFF)
    db.session.commit()
    expire()
    assert states(application) == {expired.reviewer_id: ReviewState.EXPIRED}


def test_nobody_is_asked_where_enough_reviewers_are_at_work(inside):
    application = given_admissible_application()
    given_assigned_reviews(application)
    invite(application, given_reviewer())
    alternate = given_reviewer()
    given_alternates(application, alternate)
    assert expire() == 1
    assert alternate.id not in states(application)


def test_an_alternate_stands_in_one_place_and_was_not_asked_before(inside):
    application, twice = given_admissible_application(), given_reviewer()
    asked = invite(application, given_reviewer()).reviewer
    for people, code in (([twice, twice], "alternate-twice"), ([asked], "already-assigned")):
        with pytest.raises(RuleViolation) as refusal:
            set_alternates(ctx_for(given_case_officer(), REVIEW_DAY), application, people)
        assert refusal.value.codes == [code]
    given_alternates(application, twice)
