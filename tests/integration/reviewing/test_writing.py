"""A review from invitation to submission, its figures, and the conflicts that arise on the way."""

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import grant_right
from portal.core.actor import Right
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation, StaleVersion
from portal.core.event_log import EventRow
from portal.reviewing.commands.answering import accept_review, declare_conflict, decline_review
from portal.reviewing.commands.writing import reopen_review, save_review, submit_review
from portal.reviewing.models import Conflict
from portal.reviewing.queries import get_assessment, get_review, list_versions
from portal.reviewing.rules import Score
from portal.reviewing.states import ReviewState
from tests.world.accounts import ctx_for
from tests.world.reviewing import (
    REVIEW_DAY,
    answers_with,
    given_admissible_application,
    given_assessed_application,
    given_assigned_review,
    given_case_officer,
    given_consensus,
    given_draft_review,
    given_submitted_review,
)
from tests.world.time import moment


def mine(review, at=REVIEW_DAY):
    """The context of the reviewer."""
    return ctx_for(review.reviewer, at)


def save(review, answers=None, *, base_version=None, at=REVIEW_DAY):
    answers = answers or answers_with(review.application)
    save_review(mine(review, at), review, answers, review.version if base_version is None else base_version)


def refused(command, *args):
    with pytest.raises(RuleViolation) as refusal:
        command(*args)
    return refusal.value.codes


def topics(review):
    stmt = sa.select(EventRow.topic).where(EventRow.subject == "review", EventRow.subject_id == review.id)
    return list(db.session.scalars(stmt.order_by(EventRow.id)))


def join_lead_partner(review):
    """The reviewer takes a job with the applicant, after the assignment."""
    organisation = review.application.promotor
    grant_right(ctx_for(), organisation, review.reviewer, Right.READER)
    return organisation


# Answering the invitation


def test_an_invitation_is_accepted_once(inside):
    review = given_assigned_review(is_accepted=False)
    accept_review(mine(review), review)
    assert (review.state, review.accepted_at) == (ReviewState.ACCEPTED, moment(REVIEW_DAY))
    with pytest.raises(IllegalTransition) as refusal:
        accept_review(mine(review), review)
    assert refusal.value.since == moment(REVIEW_DAY)


def test_who_declines_says_why_and_no_longer_counts(inside):
    review = given_assigned_review(is_accepted=False)
    assert refused(decline_review, mine(review), review, " ") == ["reason-missing"]
    assert get_assessment(review.application_id).invited_count == 1
    decline_review(mine(review), review, "Geen tijd in augustus.")
    assert (review.state, review.decline_reason) == (ReviewState.DECLINED, "Geen tijd in augustus.")
    assert get_assessment(review.application_id).invited_count == 0


def test_nothing_is_written_before_the_invitation_is_accepted(inside):
    review = given_assigned_review(is_accepted=False)
    with pytest.raises(IllegalTransition):
        save(review)
    accept_review(mine(review), review)
    save(review)
    assert review.state is ReviewState.DRAFTING


# Saving


def test_the_first_save_begins_the_review_and_each_save_is_a_version(inside):
    review = given_assigned_review()
    save(review)
    save(review, answers_with(review.application, 8))
    assert (review.state, review.version) == (ReviewState.DRAFTING, 2)
    assert review.scores["reach"] == {"score": 8, "cannot_judge": False, "reason": "Zo lezen wij het dossier op reach."}
    assert topics(review).count("review.begun") == 1


def test_half_a_review_can_be_saved_but_not_submitted(inside):
    review = given_assigned_review()
    save(review, replace(answers_with(review.application), scores={"reach": Score(4)}, strengths=""))
    codes = refused(submit_review, mine(review), review)
    assert sorted(set(codes)) == ["reason-too-short", "score-missing", "strengths-too-short"]
    assert codes.count("score-missing") == 7


def test_a_second_tab_is_told_that_its_form_is_stale_and_what_was_saved_stands(inside):
    review = given_assigned_review()
    save(review, answers_with(review.application, 8), base_version=0)
    with pytest.raises(StaleVersion) as refusal:
        save(review, answers_with(review.application, 3), base_version=0)
    assert (refusal.value.base_version, refusal.value.current_version) == (0, 1)
    assert review.scores["reach"]["score"] == 8


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        (Score(11, reason="Zeer goed."), "score-out-of-range", "reach-score"),
        (Score(-1), "score-out-of-range", "reach-score"),
        (Score(5, cannot_judge=True), "score-and-cannot-judge", "reach-score"),
        (Score(5, reason="x" * 3001), "too-long", "reach-reason"),
    ],
)
def test_what_cannot_be_stored_is_refused_at_its_field(inside, given, code, field):
    review = given_assigned_review()
    with pytest.raises(RuleViolation) as refusal:
        save(review, replace(answers_with(review.application), scores={"reach": given}))
    assert [(each.code, each.field) for each in refusal.value.problems] == [(code, field)]
    assert review.state is ReviewState.ACCEPTED


def test_a_review_can_be_written_after_its_due_day_but_not_once_results_are_out(inside):
    review = given_draft_review()
    save(review, answers_with(review.application, 5), at="2022-09-05T10:00")  # due on 31 August
    assert review.version == 2
    review.application.round.results_published_at = moment("2022-09-20T12:00")
    for late in (save, submit, decline, declare):
        with pytest.raises(IllegalTransition) as refusal:
            late(review, at="2022-09-21T10:00")
        assert (refusal.value.kind, refusal.value.since) == ("round", moment("2022-09-20T12:00"))


def decline(review, at):
    decline_review(mine(review, at), review, "Te laat.")


def declare(review, at):
    declare_conflict(mine(review, at), review, "Te laat.")


def submit(review, at=REVIEW_DAY):
    submit_review(mine(review, at), review)


# Submitting


def test_a_submitted_review_has_its_total_and_is_kept_whole(inside):
    review = given_draft_review(scores={"objective_1": 10, "reach": None})
    submit(review)
    assert (review.state, review.submitted_at) == (ReviewState.SUBMITTED, moment(REVIEW_DAY))
    assert review.total == Decimal("75.00")  # (90 × 7 + 15 × 3) ÷ 90 × 10
    (kept,) = list_versions(review.id)
    assert (kept.content["total"], kept.content["scores"]["objective_1"]["score"]) == ("75.00", 10)
    (event,) = db.session.scalars(sa.select(EventRow).where(EventRow.topic == "review.submitted"))
    assert event.payload["total"] == "75.00"


def test_a_submitted_review_neither_changes_nor_is_submitted_again(inside):
    review = given_submitted_review()
    for again in (save, submit):
        with pytest.raises(IllegalTransition) as refusal:
            again(review)
        assert (refusal.value.state, refusal.value.since) == ("submitted", moment(REVIEW_DAY))


def test_who_can_judge_nothing_declines_instead(inside):
    review = given_draft_review(scores=None)
    assert refused(submit_review, mine(review), review) == ["nothing-judged"]


def test_figures_follow_every_submitted_review(inside):
    application = given_admissible_application()
    for score, total, count in ((8, "80.00", 1), (7, "75.00", 2), (8, "76.67", 3)):
        given_submitted_review(application, scores=score)
        found = get_assessment(application.id)
        assert (found.total, found.submitted_count, found.is_complete) == (Decimal(total), count, count == 3)
    assert (found.lowest_total, found.highest_total, found.spread) == (Decimal(70), Decimal(80), Decimal(10))
    assert found.criteria["objective_1"] == "7.67"
    assert found.missed == []


def test_a_submission_takes_few_statements_however_many_reviews_there_are(inside, count_statements):
    def statements(review):
        with count_statements() as sent:
            submit(review)
        return len(sent)

    application = given_admissible_application()
    first = statements(given_draft_review(application))
    given_submitted_review(application)
    third = statements(given_draft_review(application))
    assert first == third <= 15


# Reopening


def test_a_reopened_review_counts_again_once_it_is_submitted_again(inside):
    application = given_assessed_application(scores=(7, 7))
    review = given_submitted_review(application, scores=1)
    desk = ctx_for(given_case_officer(), REVIEW_DAY)
    assert refused(reopen_review, desk, review, "") == ["reason-missing"]
    reopen_review(desk, review, "Kijk de begroting na.")
    found = get_assessment(application.id)
    assert (review.state, review.total, found.total, found.is_complete) == (
        ReviewState.REOPENED,
        None,
        Decimal("70.00"),
        False,
    )
    save(review, answers_with(application, 7))
    submit(review)
    assert (found.total, found.is_complete) == (Decimal("70.00"), True)
    assert [each.content["total"] for each in list_versions(review.id)] == ["10.00", "70.00"]


def test_the_reviews_a_consensus_leans_on_stay_as_they_are(inside):
    application = given_assessed_application(scores=(9, 3))
    review = given_submitted_review(application, scores=9)
    given_consensus(application)
    desk = ctx_for(given_case_officer(), REVIEW_DAY)
    assert refused(reopen_review, desk, review, "Kijk de begroting na.") == ["consensus-recorded"]


# Conflicts that come later


@pytest.mark.parametrize("step", [accept_review, save, submit])
def test_who_joins_a_partner_meanwhile_is_sealed_at_the_next_step_and_no_text_is_lost(inside, step):
    review = given_assigned_review(is_accepted=False) if step is accept_review else given_draft_review()
    organisation = join_lead_partner(review)
    if step is save:
        save(review, replace(answers_with(review.application), strengths="Nog net ingetypt."))
    else:
        (submit(review) if step is submit else accept_review(mine(review), review))
    assert (review.state, review.sealed_at) == (ReviewState.SEALED, moment(REVIEW_DAY))
    (found,) = db.session.scalars(sa.select(Conflict))
    assert (found.person_id, found.kind, found.organisation_id) == (review.reviewer_id, "member", organisation.id)
    if step is save:
        assert get_review(review.id).strengths == "Nog net ingetypt."
    assert get_assessment(review.application_id).invited_count == 0
    assert "conflict.found" in list(db.session.scalars(sa.select(EventRow.topic)))


def test_a_conflict_declared_on_an_invitation_declines_it(inside):
    review = given_assigned_review(is_accepted=False)
    assert refused(declare_conflict, mine(review), review, "") == ["reason-missing"]
    declare_conflict(mine(review), review, "Mijn zus leidt dit project.")
    assert review.state is ReviewState.DECLINED
    assert topics(review)[-1] == "review.declined"


def test_a_conflict_declared_after_submission_seals_the_review_and_voids_its_figures(inside):
    application = given_assessed_application(scores=(7, 7))
    review = given_submitted_review(application, scores=1)
    given_consensus(application, 5)
    assert get_assessment(application.id).total == Decimal("50.00")
    declare_conflict(mine(review), review, "Mijn zus werkt er sinds gisteren.")
    found = get_assessment(application.id)
    assert review.state is ReviewState.SEALED
    assert (found.total, found.totals, found.has_consensus) == (Decimal("70.00"), ["70.00", "70.00"], False)
    assert not found.is_complete  # a third review is needed
    with pytest.raises(IllegalTransition):
        declare_conflict(mine(review), review, "Nogmaals.")
