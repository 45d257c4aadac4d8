"""A proposal of reviewers, from the wish to the invitations: nobody is invited before it is released."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core.actor import system_actor
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import EventRow
from portal.reviewing.assignment_facts import facts_of, question_digest, question_of
from portal.reviewing.assignment_making import make_next
from portal.reviewing.assignment_models import Assignment
from portal.reviewing.assignment_queries import find_live
from portal.reviewing.assignment_reasons import read_shortfall
from portal.reviewing.assignment_states import AssignmentState
from portal.reviewing.assignment_table import Effect, read_table
from portal.reviewing.commands.alternates import set_alternates
from portal.reviewing.commands.assigning import take_off
from portal.reviewing.commands.expiring import expire_invitations
from portal.reviewing.commands.proposing import discard_assignment, lock_pair, replace_pair, request_assignment
from portal.reviewing.commands.releasing import release_assignment
from portal.reviewing.commands.tabling import apply_table
from portal.reviewing.matching.problem import Bar, Cause
from portal.reviewing.pool import list_alternates
from portal.reviewing.queries import get_review, list_reviews
from portal.reviewing.states import ReviewState
from tests.world.accounts import ctx_for, given_organisation
from tests.world.assignments import DUE_ON, given_pool_reviewer, given_proposal
from tests.world.reviewing import (
    REVIEW_DAY,
    given_admissible_application,
    given_assigned_review,
    given_case_officer,
    given_declared_conflict,
)
from tests.world.time import moment

pytestmark = pytest.mark.usefixtures("inside")


def people(assignment):
    return {each.reviewer_id for each in assignment.pairs}


def desk():
    return ctx_for(given_case_officer("Stijn Claes"), REVIEW_DAY)


def test_a_proposal_invites_nobody_until_it_is_released_and_then_everybody_in_it():
    found = given_proposal()
    application = found.pairs[0].application
    assert len(found.pairs) == 2
    assert list_reviews(application.id) == []
    assert (found.seed, len(found.inputs_sha256), found.solver[:10]) == (application.round.code, 64, "assignment")
    release_assignment(desk(), found, found.version)
    assert {(each.reviewer_id, each.state, each.due_on) for each in list_reviews(application.id)} == {
        (each, ReviewState.INVITED, DUE_ON) for each in people(found)
    }
    assert found.state is AssignmentState.RELEASED


def test_the_next_best_of_a_released_proposal_are_asked_where_an_invitation_expires():
    found = given_proposal()
    application = found.pairs[0].application
    held = [each["person"] for each in found.alternates[str(application.id)]]
    by_hand = db.session.get_one(Person, held[-1])
    set_alternates(desk(), application, [by_hand])
    release_assignment(desk(), found, found.version)
    following = [each.person_id for each in list_alternates(application.id)]
    assert following == [by_hand.id, *held[:-1]], "who was listed by hand goes first"
    assert not set(following) & people(found)
    assert expire_invitations(ctx_for(at="2022-08-31T10:00")) == 2
    asked = {each.reviewer_id for each in list_reviews(application.id) if each.state is ReviewState.INVITED}
    assert asked == set(following)


def test_a_second_start_finds_nothing_to_do_and_one_round_has_one_proposal():
    found = given_proposal()
    assert not make_next(Ctx(moment(REVIEW_DAY), system_actor("assigner")))
    db.session.add(
        Assignment(
            round_id=found.round_id,
            wanted=1,
            due_on=DUE_ON,
            seed="x",
            requested_at=moment(REVIEW_DAY),
            requested_by_id=found.requested_by_id,
            lease_until=moment(REVIEW_DAY),
        )
    )
    with pytest.raises(sa.exc.IntegrityError, match="uq_assignment_one_live"):
        db.session.flush()


def test_whoever_has_a_conflict_did_not_declare_or_declined_before_is_never_proposed_and_it_says_so():
    free = given_pool_reviewer("Joke Claeys")
    conflicted = given_pool_reviewer("Filip Wauters")
    given_pool_reviewer("Karel Moens", has_declared=False)
    taken_off = given_pool_reviewer("Rik Baert")
    organisation = given_organisation(staff=[conflicted], name="Regio Lage Heide")
    application = given_admissible_application(organisation)
    review = given_assigned_review(application, taken_off)
    take_off(desk(), get_review(review.id, lock=True), "Vraagt het zelf.")
    found = given_proposal(application.round, wanted=3)
    assert people(found) == {free.id}
    (places,) = [read_shortfall(each) for each in found.shortfalls]
    assert (places.missing, places.cause) == (2, Cause.TOO_FEW)
    assert places.barred == {Bar.CONFLICT: 1, Bar.UNDECLARED: 1, Bar.ASKED_BEFORE: 1}


def test_what_was_invited_stays_and_counts_and_what_was_locked_survives_a_new_proposal():
    application = given_admissible_application()
    standing = given_assigned_review(application, given_pool_reviewer("Joke Claeys"))
    for _ in range(5):
        given_pool_reviewer()
    first = given_proposal(application.round, wanted=3)
    assert len(first.pairs) == 2
    assert standing.reviewer_id not in people(first)
    pool = facts_of(first.round_id, moment(REVIEW_DAY)).reviewers.keys()
    kept = replace_pair(desk(), first.pairs[0], min(pool - people(first) - {standing.reviewer_id}))
    second = given_proposal(application.round, wanted=3)
    assert second.id != first.id
    assert kept.reviewer_id in people(second)
    assert len(second.pairs) == 2
    assert [each.is_locked for each in second.pairs if each.reviewer_id == kept.reviewer_id] == [True]


def test_the_same_inputs_have_the_same_digest_and_any_other_another():
    found = given_proposal()
    question = question_of(found, facts_of(found.round_id, moment(REVIEW_DAY)), moment(REVIEW_DAY))
    assert question_digest(question) == found.inputs_sha256
    lock_pair(desk(), found.pairs[0], is_locked=True)
    changed = question_of(found, facts_of(found.round_id, moment(REVIEW_DAY)), moment(REVIEW_DAY))
    assert question_digest(changed) != found.inputs_sha256


def test_a_conflict_that_arose_since_stops_the_release_and_nobody_is_invited():
    found = given_proposal()
    pair, application = found.pairs[1], found.pairs[1].application
    given_declared_conflict(application, pair.reviewer_id)
    with pytest.raises(RuleViolation) as refusal:
        release_assignment(desk(), found, found.version)
    assert refusal.value.codes == ["conflict-declared"]
    db.session.rollback()
    assert list_reviews(application.id) == []


@pytest.mark.parametrize("wrong", ["conflict", "twice", "full", "nobody"])
def test_by_hand_only_somebody_who_may_and_has_room_comes_in(wrong):
    found = given_proposal()
    pair = found.pairs[0]
    other = given_pool_reviewer("Joke Claeys", maximum=1)
    chosen = {"twice": found.pairs[1].reviewer_id, "nobody": 0}.get(wrong, other.id)
    if wrong == "conflict":
        given_declared_conflict(pair.application, other.id)
    if wrong == "full":
        given_assigned_review(given_admissible_application(round_=pair.application.round), other)
    db.session.commit()
    found = find_live(found.round_id, lock=True)
    with pytest.raises(RuleViolation) as refusal:
        replace_pair(desk(), found.pairs[0], chosen)
    codes = {"conflict": "conflict-declared", "twice": "already-there", "full": "over-load", "nobody": "not-a-reviewer"}
    assert refusal.value.codes == [codes[wrong]]
    free = given_pool_reviewer()
    assert replace_pair(desk(), found.pairs[0], free.id).is_locked


def test_a_stale_page_releases_nothing_and_a_released_or_discarded_proposal_is_changed_no_more():
    found = given_proposal()
    seen = found.version
    lock_pair(desk(), found.pairs[0], is_locked=True)
    with pytest.raises(RuleViolation) as refusal:
        release_assignment(desk(), found, seen)
    assert refusal.value.codes == ["proposal-changed"]
    discard_assignment(desk(), found)
    with pytest.raises(IllegalTransition):
        lock_pair(desk(), found.pairs[0], is_locked=False)


def test_a_proposal_is_asked_of_a_closed_round_with_a_day_that_lies_ahead():
    round_ = given_admissible_application().round
    with pytest.raises(RuleViolation) as refusal:
        request_assignment(desk(), round_, 0, date(2022, 8, 1))
    assert refusal.value.codes == ["wanted-out-of-range", "due-in-the-past"]
    with pytest.raises(IllegalTransition):
        request_assignment(ctx_for(given_case_officer(), "2022-07-01T10:00"), round_, 3, DUE_ON)
    request_assignment(desk(), round_, 3, DUE_ON)
    with pytest.raises(IllegalTransition):
        request_assignment(desk(), round_, 3, DUE_ON)


def test_a_table_says_line_by_line_what_it_would_do_and_changes_nothing_while_one_line_is_wrong():
    found = given_proposal()
    kept, gone = found.pairs
    new = given_pool_reviewer("Joke Claeys")
    full = given_pool_reviewer("Rik Baert", maximum=1)
    given_assigned_review(given_admissible_application(round_=kept.application.round), full)
    found = find_live(found.round_id, lock=True)
    reference = kept.application.reference
    right = [f"{reference};{kept.reviewer.email}", f"{reference};{new.email}"]
    wrong = [
        f"{reference};{new.email}",
        f"{reference};niemand@elders.example",
        f"DB-X-1;{new.email}",
        f"{reference};{full.email}",
    ]

    def table(lines):
        return "\ufeff" + "\r\n".join(["application;reviewer_email", *lines])

    facts = facts_of(found.round_id, moment(REVIEW_DAY))
    lines = read_table(table(right + wrong), found, facts)
    assert [(each.number, str(each.effect), [one.code for one in each.problems]) for each in lines] == [
        (2, "stays", []),
        (3, "added", []),
        (4, "wrong", ["twice"]),
        (5, "wrong", ["unknown-reviewer"]),
        (6, "wrong", ["unknown-application"]),
        (7, "wrong", ["over-load"]),
        (0, "removed", []),
    ]
    with pytest.raises(RuleViolation):
        apply_table(desk(), found, table(right + wrong), found.version)
    assert people(found) == {kept.reviewer_id, gone.reviewer_id}
    done = apply_table(desk(), found, table(right), found.version)
    assert [each.effect for each in done] == [Effect.STAYS, Effect.ADDED, Effect.REMOVED]
    assert people(found) == {kept.reviewer_id, new.id}
    topics = set(db.session.scalars(sa.select(EventRow.topic).where(EventRow.subject == "assignment")))
    assert {"assignment.pair-added", "assignment.pair-removed"} <= topics


@pytest.mark.parametrize("text", ["", "application;name\r\nDB-1;x"])
def test_a_table_without_the_two_columns_is_refused_whole(text):
    found = given_proposal()
    (line,) = read_table(text, found, facts_of(found.round_id, moment(REVIEW_DAY)))
    assert [each.code for each in line.problems] == ["columns-missing"]
