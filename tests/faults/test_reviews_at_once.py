"""Reviewers who submit at the same moment, and one who submits twice: no figure is lost, nothing counts double."""

import threading
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.accounts.queries import get_person
from portal.applications.queries import get_application
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import EventRow
from portal.reviewing.check import altered_figures
from portal.reviewing.commands.assigning import assign_reviewer
from portal.reviewing.commands.writing import submit_review
from portal.reviewing.models import Review
from portal.reviewing.queries import get_assessment, get_review
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.services import cloned_database
from tests.world.accounts import ctx_for
from tests.world.reviewing import (
    DUE_ON,
    REVIEW_DAY,
    given_admissible_application,
    given_case_officer,
    given_draft_review,
    given_reviewer,
)
from tests.world.waiting import PATIENCE


@pytest.fixture
def app(services, tmp_path):
    with cloned_database(services, "portal_reviews_at_once", migrate) as database:
        app = app_for_tests(settings_for_tests(database, redis_url="redis://127.0.0.1:9/0", storage=tmp_path))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def prepare(app, given):
    with app.app_context():
        db.session().expire_on_commit = False
        made = given()
        db.session.remove()
        return made


def all_at_once(app, *jobs):
    """Run each job in its own thread and transaction, started together; return what each was refused with, or None."""
    start, refusals = threading.Barrier(len(jobs)), {}

    def run(number, job):
        with app.app_context():
            start.wait(PATIENCE)
            try:
                job()
                db.session.commit()
                refusals[number] = None
            except (IllegalTransition, RuleViolation) as refusal:
                db.session.rollback()
                refusals[number] = refusal
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(PATIENCE)
    return [refusals[number] for number in range(len(jobs))]


def submission(review_id):
    def submit():
        review = get_review(review_id, lock=True)
        submit_review(ctx_for(review.reviewer, REVIEW_DAY), review)

    return submit


def test_three_reviews_submitted_at_once_all_count_and_consensus_is_asked_once(app):
    def given():
        application = given_admissible_application()
        return application.id, [given_draft_review(application, scores=each).id for each in (9, 3, 9)]

    application_id, reviews = prepare(app, given)
    assert all_at_once(app, *[submission(each) for each in reviews]) == [None, None, None]
    with app.app_context():
        found = get_assessment(application_id)
        assert sorted(found.totals) == ["30.00", "90.00", "90.00"]
        assert (found.total, found.needs_consensus) == (Decimal("70.00"), True)
        assert list(altered_figures()) == []
        asked = sa.select(sa.func.count()).where(EventRow.topic == "consensus.asked")
        assert db.session.scalar(asked) == 1


def test_a_double_click_submits_once(app):
    review = prepare(app, lambda: given_draft_review().id)
    refusals = all_at_once(app, submission(review), submission(review))
    assert [type(each) for each in sorted(refusals, key=bool)] == [type(None), IllegalTransition]
    with app.app_context():
        submitted = sa.select(sa.func.count()).where(EventRow.topic == "review.submitted")
        assert db.session.scalar(submitted) == 1


def test_two_case_officers_who_ask_the_same_reviewer_ask_once(app):
    def given():
        application = given_admissible_application()
        return application.reference, given_reviewer().id, [given_case_officer().id for _ in range(2)]

    reference, reviewer_id, officers = prepare(app, given)

    def asking(officer_id):
        def ask():
            ctx = ctx_for(get_person(officer_id), REVIEW_DAY)
            assign_reviewer(ctx, get_application(reference), get_person(reviewer_id), DUE_ON)

        return ask

    refusals = all_at_once(app, *[asking(each) for each in officers])
    assert sorted(each.codes for each in refusals if each) == [["already-assigned"]]
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Review)) == 1
        begun = sa.select(sa.func.count()).where(EventRow.topic == "round.in-review")
        assert db.session.scalar(begun) == 1
