"""A proposal of reviewers as a worker makes it: once, told step by step, and failed where it cannot be made."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.clock import machine_now
from portal.core.db import db
from portal.reviewing.assignment_models import Assignment
from portal.reviewing.assignment_states import AssignmentFailure, AssignmentState, Step
from portal.reviewing.commands.proposing import discard_assignment, request_assignment
from tests.world.accounts import ctx_for
from tests.world.assignments import DUE_ON, given_pool_reviewer
from tests.world.reviewing import REVIEW_DAY, given_admissible_application, given_case_officer
from tests.world.time import FakeClock


@pytest.fixture
def clock(worker_app):
    """The domain's time stands on the day of reviewing."""
    kept = worker_app.extensions["portal.clock"]
    worker_app.extensions["portal.clock"] = FakeClock(REVIEW_DAY)
    yield
    worker_app.extensions["portal.clock"] = kept


@pytest.fixture
def number(worker_app, clock):
    """An assignment that was asked for, of one application and three reviewers."""
    with worker_app.app_context():
        db.session().expire_on_commit = False  # what a given_… returned stays readable after the next commit
        round_ = given_admissible_application().round
        for _ in range(3):
            given_pool_reviewer()
        made = request_assignment(ctx_for(given_case_officer(), REVIEW_DAY), round_, 2, DUE_ON)
        db.session.commit()
        yield made.id
        db.session.remove()


def found(number):
    db.session.rollback()
    stmt = sa.select(Assignment).where(Assignment.id == number).options(sa.orm.selectinload(Assignment.pairs))
    return db.session.scalars(stmt.execution_options(populate_existing=True)).one()


def test_it_is_made_once_and_a_second_start_changes_nothing(run, number):
    run("reviewing.make_assignment")
    made = found(number)
    assert (made.state, made.step, len(made.pairs), made.attempts) == (
        AssignmentState.PROPOSED,
        Step.EXPLAINING,
        2,
        1,
    )
    kept = {(each.id, each.reviewer_id) for each in made.pairs}
    run("reviewing.make_assignment")
    again = found(number)
    assert ({(each.id, each.reviewer_id) for each in again.pairs}, again.attempts) == (kept, 1)


def test_one_that_ended_its_worker_comes_back_after_its_lease_and_fails_the_third_time(run, number):
    for attempts, state in ((1, AssignmentState.PROPOSED), (2, AssignmentState.FAILED)):
        waiting = found(number)
        waiting.attempts, waiting.lease_until = attempts, machine_now() - timedelta(seconds=1)
        db.session.commit()
        run("reviewing.make_assignment")
        done = found(number)
        assert done.state is state
        if state is AssignmentState.PROPOSED:
            discard_assignment(ctx_for(given_case_officer("Stijn Claes"), REVIEW_DAY), done)
            round_ = given_admissible_application().round
            number = request_assignment(ctx_for(given_case_officer("An Maes"), REVIEW_DAY), round_, 2, DUE_ON).id
            db.session.commit()
    assert done.failure is AssignmentFailure.TOO_LONG


def test_one_that_another_worker_holds_or_that_was_discarded_is_left_alone(run, number):
    held = found(number)
    held.lease_until = machine_now() + timedelta(minutes=5)
    db.session.commit()
    run("reviewing.make_assignment")
    assert found(number).state is AssignmentState.REQUESTED
    discard_assignment(ctx_for(given_case_officer("Stijn Claes"), REVIEW_DAY), found(number))
    db.session.commit()
    run("reviewing.make_assignment")
    assert (found(number).state, found(number).pairs) == (AssignmentState.DISCARDED, [])
