"""Consensus: when it is asked, recorded and no longer asked; what stays beside it; and what the check finds."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.applications.commands.withdraw import withdraw_application
from portal.core.db import db
from portal.core.errors import IllegalTransition, NotFound, RuleViolation, StaleVersion
from portal.core.event_log import EventRow
from portal.reviewing.check import altered_figures
from portal.reviewing.commands.consensus import record_consensus
from portal.reviewing.commands.reminding import remind_due_reviews
from portal.reviewing.commands.writing import reopen_review, save_review, submit_review
from portal.reviewing.models import Assessment, Consensus, Review
from portal.reviewing.queries import (
    count_incomplete,
    count_open_consensus,
    count_to_do,
    find_consensus,
    first_pages,
    get_assessment,
    list_assessments_for_ranking,
    page_assessments,
    page_queue,
)
from portal.reviewing.states import UNDER_WAY, ReviewState
from tests.world.accounts import ctx_for
from tests.world.applications_models import given_open_round
from tests.world.reviewing import (
    REVIEW_DAY,
    answers_with,
    given_admissible_application,
    given_assessed_application,
    given_assigned_review,
    given_case_officer,
    given_consensus,
    given_draft_review,
    given_reviewer,
    given_submitted_review,
)
from tests.world.time import moment

TEXT = "De beoordelaars zijn het eens over dit dossier."


def agreed(application, score=6):
    return {code: each.score for code, each in answers_with(application, score).scores.items()}


def desk():
    return ctx_for(given_case_officer(), REVIEW_DAY)


def count(topic):
    return db.session.scalar(sa.select(sa.func.count()).where(EventRow.topic == topic))


# Asked


def test_consensus_is_asked_when_the_last_review_comes_in_and_not_before(inside):
    application = given_assessed_application(scores=(9, 3))
    assert find_consensus(application.id) is None
    given_submitted_review(application, scores=9)
    assert find_consensus(application.id).causes == ["spread", "threshold"]
    assert count("consensus.asked") == 1
    assert (count_open_consensus(application.round_id), count_incomplete(application.round_id)) == (1, 1)


def test_reviews_that_agree_ask_none(inside):
    application = given_assessed_application(scores=(7, 8, 7))
    assert find_consensus(application.id) is None
    assert (count_open_consensus(application.round_id), count_incomplete(application.round_id)) == (0, 0)


def test_consensus_is_no_longer_asked_once_a_reopened_review_agrees(inside):
    application = given_assessed_application(scores=(7, 7))
    review = given_submitted_review(application, scores=2)
    assert get_assessment(application.id).needs_consensus
    reopen_review(desk(), review, "De score past niet bij uw motivering.")
    save_review(ctx_for(review.reviewer, REVIEW_DAY), review, answers_with(application, 7), review.version)
    submit_review(ctx_for(review.reviewer, REVIEW_DAY), review)
    found = get_assessment(application.id)
    assert (found.needs_consensus, found.is_complete, find_consensus(application.id).causes) == (False, True, [])


# Recorded


def test_a_recorded_consensus_gives_the_total_and_the_reviews_stay_beside_it(inside):
    application = given_assessed_application(scores=(9, 3, 9))
    made = record_consensus(desk(), application, agreed(application), TEXT, find_consensus(application.id).version)
    found = get_assessment(application.id)
    assert (made.total, made.text) == (Decimal("60.00"), TEXT)
    assert (found.total, found.criteria["reach"]) == (Decimal("60.00"), "6.00")
    assert found.totals == ["90.00", "30.00", "90.00"]
    assert (found.needs_consensus, found.has_consensus, found.is_complete) == (False, True, True)
    totals = db.session.scalars(sa.select(Review.total).where(Review.application_id == application.id))
    assert sorted(totals) == [Decimal("30.00"), Decimal("90.00"), Decimal("90.00")]


def test_it_may_be_recorded_where_it_was_not_asked_and_replaced_by_who_read_the_last_one(inside):
    application = given_assessed_application(scores=(7, 7, 7))
    record_consensus(desk(), application, agreed(application), TEXT, 0)
    with pytest.raises(StaleVersion):
        record_consensus(desk(), application, agreed(application, 5), TEXT, 0)
    record_consensus(desk(), application, agreed(application, 8), TEXT, 1)
    assert get_assessment(application.id).total == Decimal("80.00")
    assert count("consensus.recorded") == 2


@pytest.mark.parametrize(
    ("change", "text", "code", "field"),
    [
        ({"reach": None}, TEXT, "score-out-of-range", "reach-score"),
        ({"reach": 11}, TEXT, "score-out-of-range", "reach-score"),
        ({"reach": Decimal("6.5")}, TEXT, "score-out-of-range", "reach-score"),
        ({}, "Akkoord.", "text-too-short", "text"),
    ],
)
def test_a_consensus_has_a_whole_score_on_every_criterion_and_a_text(inside, change, text, code, field):
    application = given_assessed_application()
    with pytest.raises(RuleViolation) as refusal:
        record_consensus(desk(), application, agreed(application) | change, text, 0)
    assert [(each.code, each.field) for each in refusal.value.problems] == [(code, field)]
    assert find_consensus(application.id) is None


def test_it_waits_for_every_review_and_ends_with_the_results(inside):
    application = given_admissible_application()
    with pytest.raises(NotFound):
        record_consensus(desk(), application, agreed(application), TEXT, 0)
    given_assessed_application(application, scores=(7, 7))
    with pytest.raises(RuleViolation) as refusal:
        record_consensus(desk(), application, agreed(application), TEXT, 0)
    assert refusal.value.codes == ["reviews-outstanding"]
    given_submitted_review(application)
    record_consensus(desk(), application, agreed(application), TEXT, 0)
    application.round.results_published_at = moment("2022-08-07T12:00")
    with pytest.raises(IllegalTransition):
        record_consensus(desk(), application, agreed(application), TEXT, 1)


# What lists read


def test_the_ranking_reads_stored_figures_in_one_statement(inside, count_statements):
    round_ = given_open_round()
    first = given_assessed_application(round_=round_)
    with count_statements() as for_one:
        assert [each.application.reference for each in list_assessments_for_ranking(round_.id)] == [first.reference]
    given_assessed_application(round_=round_, scores=(5, 5, 5))
    without = given_admissible_application(round_=round_)
    with count_statements() as for_more:
        assert [each.total for each in list_assessments_for_ranking(round_.id)] == [Decimal("70.00"), Decimal("50.00")]
    assert len(for_one) == len(for_more) == 1
    assert count_incomplete(round_.id) == 1
    pages = page_assessments(round_, None, size=2)
    (last,) = page_assessments(round_, pages.next_cursor, size=2).rows
    assert (last[0].reference, last[1]) == (without.reference, None)


def test_a_queue_shows_what_is_to_be_done_the_first_due_first(inside, count_statements):
    reviewer = given_reviewer()
    late = given_assigned_review(reviewer=reviewer, due_on=date(2022, 9, 10))
    with count_statements() as for_one:
        assert [each.id for each in page_queue(reviewer.id, None).rows] == [late.id]
    soon = given_assigned_review(reviewer=reviewer, due_on=date(2022, 8, 20), is_accepted=False)
    given_submitted_review(reviewer=reviewer)
    with count_statements() as for_two:
        first = page_queue(reviewer.id, None, size=1)
    assert len(for_one) == len(for_two) == 1
    assert [each.id for each in first.rows] == [soon.id]
    assert [each.id for each in page_queue(reviewer.id, first.next_cursor, size=1).rows] == [late.id]


def test_the_first_pages_of_all_lists_are_those_of_each_in_one_statement(inside, count_statements):
    reviewer = given_reviewer()
    for day in (12, 9, 10):
        given_assigned_review(reviewer=reviewer, due_on=date(2022, 9, day))
    given_assigned_review(reviewer=reviewer, is_accepted=False)
    given_submitted_review(reviewer=reviewer)
    lists = {
        "invitations": frozenset({ReviewState.INVITED}),
        "writing": UNDER_WAY,
        "submitted": frozenset({ReviewState.SUBMITTED}),
    }
    with count_statements() as sent:
        pages = first_pages(reviewer.id, lists, size=2)
    assert len(sent) == 1
    assert {name: len(found.rows) for name, found in pages.items()} == {"invitations": 1, "writing": 2, "submitted": 1}
    assert [bool(found.next_cursor) for found in pages.values()] == [False, True, False]
    for name, states in lists.items():
        alone = page_queue(reviewer.id, None, states=states, size=2)
        assert (list(alone.rows), alone.next_cursor) == (pages[name].rows, pages[name].next_cursor)


def test_what_can_no_longer_be_reviewed_waits_for_nobody(inside):
    reviewer = given_reviewer()
    withdrawn, published = (given_assigned_review(reviewer=reviewer) for _ in range(2))
    done = given_submitted_review(reviewer=reviewer)
    assert (len(page_queue(reviewer.id, None).rows), count_to_do(reviewer.id)) == (2, 2)
    withdraw_application(ctx_for(at=REVIEW_DAY), withdrawn.application, "De partners gaan uit elkaar.")
    for each in (published, done):
        each.application.round.results_published_at = moment("2022-09-20T12:00")
    assert (page_queue(reviewer.id, None).rows, count_to_do(reviewer.id)) == ([], 0)
    assert [each.id for each in page_queue(reviewer.id, None, states=frozenset({done.state})).rows] == [done.id]


# Reminders


def test_who_has_a_review_to_do_is_reminded_seven_days_and_one_day_before_once_each(inside):
    given_draft_review()  # due on 31 August
    given_submitted_review()
    told = [
        remind_due_reviews(ctx_for(at=at))
        for at in ("2022-08-24T08:59", "2022-08-24T09:00", "2022-08-29T12:00", "2022-08-30T09:00", "2022-08-30T12:00")
    ]
    assert told == [0, 1, 0, 1, 0]
    assert remind_due_reviews(ctx_for(at="2022-09-01T00:30")) == 0
    payloads = db.session.scalars(
        sa.select(EventRow.payload).where(EventRow.topic == "review.due").order_by(EventRow.id)
    )
    assert [each["days"] for each in payloads] == [7, 1]


# The check


@pytest.fixture
def assessed(inside):
    application = given_assessed_application(scores=(9, 3, 9))
    given_consensus(application, 6)
    assert list(altered_figures()) == []
    return application


@pytest.mark.parametrize(
    ("model", "column", "value", "found"),
    [
        (Review, "total", Decimal("91.00"), "come to 91.00"),
        (Consensus, "total", Decimal("61.00"), "come to 61.00"),
        (Assessment, "total", Decimal("61.00"), "come to its total"),
        (Assessment, "criteria", {"reach": "9.00"}, "come to its criteria"),
        (Assessment, "is_complete", False, "come to its is_complete"),
        (Assessment, "missed", ["total"], "come to its missed"),
    ],
)
def test_a_tampered_figure_is_found(assessed, model, column, value, found):
    (key,) = model.__table__.primary_key
    first = sa.select(sa.func.min(key)).scalar_subquery()
    db.session.execute(sa.update(model).where(key == first).values({column: value}))
    lines = list(altered_figures())
    assert len(lines) == 1
    assert found in lines[0]
    assert assessed.reference in lines[0]


def test_flask_check_says_which_total_was_tampered_with(app, assessed):
    assert "review" not in app.test_cli_runner().invoke(args=["check"]).output
    db.session.execute(sa.update(Assessment).values(total=Decimal("99.00")))
    db.session.commit()
    answer = app.test_cli_runner().invoke(args=["check"])
    assert f"assessment of {assessed.reference}: its reviews do not come to its total" in answer.output
    assert answer.exit_code == 1
