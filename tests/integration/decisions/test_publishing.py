"""Publishing a round's decisions together, and what holds them back."""

import threading
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.applications.commands.withdraw import withdraw_application
from portal.applications.states import Outcome
from portal.calls.queries import get_round
from portal.core.db import db
from portal.core.errors import RuleViolation
from portal.core.event_log import list_timeline
from portal.decisions.commands.preparing import recall_decision
from portal.decisions.commands.publishing import publish_round
from portal.decisions.queries import envelope_left, find_ranking, list_decisions
from portal.decisions.states import DecisionState
from portal.partnerships.models import Strategy
from portal.partnerships.states import StrategyState
from portal.reviewing.models import Consensus
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.services import cloned_database
from tests.world.accounts import ctx_for
from tests.world.decisions import (
    RESULTS_DAY,
    SIGNER,
    given_administrator,
    given_confirmed,
    given_published,
    given_ranked_application,
    given_ranking,
    given_reviewed_round,
    given_written_review,
    reload,
)
from tests.world.time import moment
from tests.world.waiting import PATIENCE


@pytest.fixture
def desk(inside):
    return ctx_for(given_administrator(), RESULTS_DAY)


@pytest.fixture
def round_(inside):
    """One that fits, one that is offered what is left, one reserve, one below a threshold."""
    made = given_reviewed_round(budget="700000.00")
    given_ranked_application(made, "84.17")
    given_ranked_application(made, "71.00", minimum="250000.00")
    given_ranked_application(made, "65.00")
    given_ranked_application(made, "52.33", missed=["total"])
    return made


def refused(*args):
    with pytest.raises(RuleViolation) as refusal:
        publish_round(*args)
    return refusal.value.codes


def test_decisions_are_published_together_with_number_date_and_signer(desk, round_):
    given_confirmed(round_)
    decisions = publish_round(desk, round_, SIGNER)
    assert [each.number for each in decisions] == [f"{round_.code}/0{place}" for place in (1, 2, 3, 4)]
    assert {(each.state, each.decided_on, each.signed_by) for each in decisions} == {
        (DecisionState.PUBLISHED, date(2022, 10, 14), SIGNER)
    }
    assert [each.answer_due_on for each in decisions] == [date(2022, 11, 13), date(2022, 11, 13), None, None]
    assert [each.reserve_position for each in decisions] == [None, None, 1, None]
    assert round_.results_published_at == moment(RESULTS_DAY)


def test_each_application_is_told_its_outcome_and_what_its_applicant_may_read(desk, round_):
    given_confirmed(round_)
    first, reduced, reserve, out = [each.application for each in publish_round(desk, round_, SIGNER)]
    assert [(each.outcome, each.awarded_amount) for each in (first, reduced, reserve, out)] == [
        (Outcome.APPROVED, Decimal("400000.00")),
        (Outcome.APPROVED, Decimal("300000.00")),
        (Outcome.RESERVE, None),
        (Outcome.REFUSED, None),
    ]
    assert first.feedback["total"] == "84.17"
    assert out.feedback["missed"] == ["total"]
    assert list_timeline("application", first.id)[-1].topic == "application.outcome-recorded"


def test_feedback_holds_the_reviewers_words_without_their_names_and_no_private_note(desk, round_):
    [first, *_] = given_confirmed(round_)
    given_written_review(first.application, "De partners vullen elkaar aan.", note="AAS-privé")
    publish_round(desk, round_, SIGNER)
    feedback = first.application.feedback
    assert feedback["reviews"] == [
        {"strengths": "De partners vullen elkaar aan.", "weaknesses": "De planning is krap."}
    ]
    assert "AAS-privé" not in str(feedback)
    assert "reviewer" not in str(feedback)


def test_the_consensus_text_stands_for_all_reviews(desk, round_):
    [first, *_] = given_confirmed(round_)
    given_written_review(first.application, "Wat één beoordelaar vond.")
    db.session.add(
        Consensus(
            application_id=first.application_id,
            causes=["spread"],
            asked_at=moment("2022-09-01T10:00"),
            recorded_at=moment("2022-09-02T10:00"),
            text="Wij zijn het eens.",
            total=Decimal("84.17"),
        )
    )
    db.session.flush()
    publish_round(desk, round_, SIGNER)
    assert (first.application.feedback["text"], first.application.feedback["reviews"]) == ("Wij zijn het eens.", [])


def test_nothing_is_published_before_the_ranking_or_before_every_decision_is_confirmed(desk, round_):
    assert refused(desk, round_, SIGNER) == ["not-ranked"]
    given_ranking(round_)
    assert refused(desk, round_, SIGNER) == ["decisions-missing"]
    [first, *_] = given_confirmed(round_)
    assert refused(desk, round_, " ") == ["signer-missing"]
    recall_decision(desk, reload(first))
    assert refused(desk, round_, SIGNER) == ["decisions-unconfirmed"]
    assert (round_.results_published_at, first.application.outcome) == (None, None)


def test_a_ranking_that_would_come_out_otherwise_is_not_published(desk, round_):
    given_confirmed(round_)
    [*_, out] = list_decisions(round_.id)
    withdraw_application(desk, out.application, "Wij stoppen.")
    assert refused(desk, round_, SIGNER) == ["ranking-changed"]


def test_decisions_on_an_earlier_ranking_are_not_published(desk, round_):
    given_confirmed(round_)
    given_ranking(round_)
    assert refused(desk, round_, SIGNER) == ["ranking-changed"]


def test_awards_above_the_rounds_budget_or_the_programmes_envelope_are_not_published(desk, round_):
    [_, _, reserve, _] = given_confirmed(round_)
    table = type(reserve).__table__
    change = table.update().where(table.c.id == reserve.id)
    db.session.execute(change.values(outcome="approved", amount=Decimal("0.01"), reason="Toch nog."))
    assert refused(desk, round_, SIGNER) == ["over-budget"]
    db.session.execute(change.values(outcome="reserve", amount=Decimal("0.00")))
    programme = sa.text("UPDATE programme SET budget_amount = :budget WHERE id = :id")
    db.session.execute(programme, {"budget": "699999.99", "id": round_.call.programme_id})
    db.session.expire_all()
    assert "over-envelope" in refused(desk, get_round(round_.code, lock=True), SIGNER)


def test_a_published_round_stands(desk, round_):
    given_published(round_)
    assert refused(desk, get_round(round_.code, lock=True), SIGNER) == ["results-published"]


def test_published_awards_count_in_the_programmes_envelope(desk, round_):
    programme = round_.call.programme
    before = envelope_left(programme)
    given_confirmed(round_)
    assert envelope_left(programme) == before, "what is not published is not spent"
    publish_round(desk, round_, SIGNER)
    assert envelope_left(programme) == before - Decimal("700000.00")


def test_an_award_begins_a_strategy_where_the_call_forms_them(desk):
    """By the capability, whatever the call is named."""
    round_ = given_reviewed_round(budget="400000.00", forms_strategy=True)
    awarded = given_ranked_application(round_, "80.00")
    reserve = given_ranked_application(round_, "70.00")
    given_published(round_)

    def begun(application):
        return db.session.scalars(sa.select(Strategy).where(Strategy.award_reference == application.reference)).all()

    [strategy] = begun(awarded)
    assert (strategy.state, strategy.due_on) == (StrategyState.BEING_FORMED, awarded.ends_on)
    assert begun(reserve) == []


def test_an_award_begins_no_strategy_where_the_call_forms_none(desk, round_):
    decisions = given_published(round_)
    references = [each.application.reference for each in decisions]
    assert db.session.scalars(sa.select(Strategy).where(Strategy.award_reference.in_(references))).all() == []


def test_a_round_in_which_nothing_was_admissible_is_published_empty(desk):
    round_ = given_reviewed_round()
    given_ranking(round_)
    assert publish_round(desk, round_, SIGNER) == []
    assert round_.results_published_at is not None
    assert find_ranking(round_.id).row_count == 0


@pytest.fixture
def two_desks(services, tmp_path):
    """A database of its own with committed rows, for two administrators at the same moment."""
    with cloned_database(services, "portal_two_desks", migrate) as database:
        app = app_for_tests(settings_for_tests(database, redis_url="redis://127.0.0.1:9/0", storage=tmp_path))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_two_rounds_published_at_once_cannot_both_spend_the_last_of_the_envelope(two_desks):
    with two_desks.app_context():
        db.session().expire_on_commit = False
        first = given_reviewed_round()
        second = given_reviewed_round(beside=first)
        codes = [first.code, second.code]
        for each in (first, second):
            given_ranked_application(each, "80.00")
            given_confirmed(each)
        db.session.execute(sa.text("UPDATE programme SET budget_amount = 799999.99"))
        desk = ctx_for(given_administrator("Jan Roels"), RESULTS_DAY)
        db.session.commit()
    answers, gate = [], threading.Barrier(2)

    def publish(code):
        with two_desks.app_context():
            round_ = get_round(code, lock=True)
            gate.wait(PATIENCE)
            try:
                publish_round(desk, round_, SIGNER)
                db.session.commit()
                answers.append("published")
            except RuleViolation as refusal:
                db.session.rollback()
                answers.append(" ".join(refusal.codes))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=publish, args=[code]) for code in codes]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert sorted(answers) == ["published", "ranking-changed over-envelope"]
    with two_desks.app_context():
        assert envelope_left(get_round(codes[0]).call.programme) == Decimal("399999.99")
