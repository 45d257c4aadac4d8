"""Submitting, reopening and withdrawing: each refusal beside the same situation that is let through."""

import json
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import dispute_claim
from portal.accounts.queries import find_standing_claim, get_claim, list_leads
from portal.applications.commands.deadlines import tell_near_deadlines
from portal.applications.commands.submit import submit_application
from portal.applications.commands.withdraw import reopen_application, withdraw_application
from portal.applications.dossiers import list_snapshots
from portal.applications.queries import get_application
from portal.applications.snapshot import altered_snapshots, digest
from portal.applications.states import State
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import EventRow, list_timeline
from portal.partnerships.states import StrategyState
from tests.world.accounts import ctx_for, given_claim, given_organisation, given_person
from tests.world.applications_models import ACCEPTED, change_answer, given_complete_draft
from tests.world.time import moment

IN_TIME = "2022-07-29T12:00:00"
TOO_LATE = "2022-07-29T12:00:01"


def lead_of(application):
    return list_leads([application.promotor_id])[0]


def submit(application, *, by=None, at=IN_TIME, accepted=ACCEPTED):
    return submit_application(ctx_for(by or lead_of(application), at), application, accepted=accepted)


def refused(application, **how):
    reference = application.reference
    with pytest.raises(RuleViolation) as refusal:
        submit(application, **how)
    assert get_application(reference).state == State.DRAFT
    return refusal.value.codes


def test_a_complete_application_is_submitted_at_the_closing_moment_and_frozen_whole(inside):
    application = given_complete_draft()
    snapshot = submit(application)
    assert application.state == State.SUBMITTED
    assert application.submitted_at == moment(IN_TIME)
    assert str(application.requested_amount) == "400000.00"
    assert (str(application.starts_on), str(application.ends_on)) == ("2023-01-01", "2024-12-31")
    assert snapshot.sha256 == digest(snapshot.content)
    frozen = json.loads(snapshot.content)
    assert frozen["requested_amount"] == "400000.00"
    assert frozen["sections"]["B4"]["lending_service"] == "Zo doen wij het."
    event = list_timeline("application", application.id)[-1]
    assert (event.topic, event.payload["snapshot_sha256"]) == ("application.submitted", snapshot.sha256)


def test_submit_is_refused_one_second_after_the_deadline_and_the_refusal_is_written_down(inside):
    application = given_complete_draft()
    number = application.id
    assert refused(application, at=TOO_LATE) == ["round-closed"]
    event = list_timeline("application", number)[-1]
    assert (event.topic, event.payload["codes"]) == ("application.submission-refused", "round-closed")


def test_only_who_may_sign_for_the_lead_partner_submits(inside):
    staff = given_person("Bram Nijs")
    application = given_complete_draft(given_organisation(staff=[staff]))
    assert refused(application, by=staff) == ["not-a-signer"]
    submit(get_application(application.reference))


def test_a_disputed_right_is_frozen(inside):
    application = given_complete_draft()
    rival = given_person("Bram Nijs")
    claim = get_claim(find_standing_claim(application.promotor_id).id)
    dispute_claim(ctx_for(rival), claim, person=rival, reason="Zij werkt hier niet meer.")
    db.session.commit()
    assert refused(application) == ["right-frozen"]


def test_an_unconfirmed_claim_does_not_stop_a_submission(inside):
    claim = given_claim()
    application = given_complete_draft(claim.organisation)
    submit(application)
    assert application.state == State.SUBMITTED


@pytest.mark.parametrize("strategy", [StrategyState.SUBMITTED, StrategyState.RECOGNISED])
def test_a_strategy_that_is_handed_in_is_enough_to_submit(inside, strategy):
    submit(application := given_complete_draft(strategy=strategy))
    assert application.state == State.SUBMITTED


@pytest.mark.parametrize("strategy", [None, StrategyState.BEING_FORMED, StrategyState.RETURNED])
def test_without_a_strategy_an_execution_is_not_submitted(inside, strategy):
    assert refused(given_complete_draft(strategy=strategy)) == ["strategy-not-handed-in"]


def test_the_cap_is_passed_to_the_cent(inside):
    submit(given_complete_draft(costs="500000.00"))
    assert "grant-above-cap" in refused(given_complete_draft(costs="500000.01"))


def test_everything_that_is_missing_is_told_at_once(inside):
    application = given_complete_draft()
    change_answer(application, "training", "")
    change_answer(application, "house_style", " ")
    assert refused(application, accepted=ACCEPTED - {"privacy"}) == [
        "objective-missing",
        "answer-missing",
        "declaration-not-accepted",
    ]


def test_a_second_submission_is_refused_and_changes_nothing(inside):
    application = given_complete_draft()
    submit(application)
    with pytest.raises(IllegalTransition):
        submit(application)
    assert len(list_snapshots(application)) == 1


def test_before_the_deadline_a_submitted_application_is_reopened_and_submitted_again(inside):
    application = given_complete_draft()
    first = submit(application, at="2022-07-01T10:00")
    reopen_application(ctx_for(lead_of(application), IN_TIME), application)
    assert (application.state, application.submitted_at) == (State.DRAFT, None)
    application.lines[0].unit_price_amount = Decimal("300000.00")
    second = submit(application)
    assert [each.number for each in list_snapshots(application)] == [1, 2]
    assert first.sha256 != second.sha256
    with pytest.raises(RuleViolation):
        reopen_application(ctx_for(lead_of(application), TOO_LATE), application)
    assert application.state == State.SUBMITTED


def test_an_application_is_withdrawn_once_with_a_reason(inside):
    application = given_complete_draft()
    ctx = ctx_for(lead_of(application))
    withdraw_application(ctx, application, "Een partner haakte af.")
    assert (application.state, application.withdraw_reason) == (State.WITHDRAWN, "Een partner haakte af.")
    with pytest.raises(IllegalTransition):
        withdraw_application(ctx, application, "Nog eens.")


def test_a_near_deadline_is_told_seven_days_and_one_day_before_once_each_and_to_drafts_only(inside):
    given_complete_draft()
    submit(given_complete_draft(), at="2022-07-01T10:00")
    told = [
        tell_near_deadlines(ctx_for(at=at))
        for at in ("2022-07-22T11:59", "2022-07-22T12:00", "2022-07-22T12:01", "2022-07-28T12:00", IN_TIME)
    ]
    assert told == [0, 1, 0, 1, 0]
    rows = db.session.scalars(sa.select(EventRow).where(EventRow.topic == "application.deadline-near"))
    assert [row.payload["days"] for row in rows] == [7, 1]


def test_an_altered_snapshot_is_found(inside):
    snapshot = submit(given_complete_draft())
    db.session.flush()
    assert list(altered_snapshots()) == []
    snapshot.content = snapshot.content.replace("{", "{ ", 1)
    db.session.flush()
    assert [number for _reference, number in altered_snapshots()] == [snapshot.number]
