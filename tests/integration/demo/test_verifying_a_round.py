"""A published round decided again from its evidence: identical, or named what somebody changed behind the portal's back."""

# ruff: noqa: S608 - the statements are put together from constants of this file
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.queries import actor_of
from portal.applications.states import Outcome
from portal.calls.queries import get_round
from portal.core.context import Ctx
from portal.core.db import db
from portal.decisions.commands.renewing import confirm_new_decision, propose_new_decision
from portal.decisions.commands.withdrawing import confirm_withdrawal, propose_withdrawal
from portal.decisions.queries import list_decisions
from portal.decisions.renewing import NewDecision
from portal.decisions.request_queries import get_desk_request, list_unsettled_requests
from portal.decisions.verification import is_identical, verify_round

CODE = "B-2022-1"
OF_ROUND = f"(SELECT id FROM application WHERE starts_with(reference, 'DB-{CODE}-'))"
ONE = f"(SELECT id FROM application WHERE reference = 'DB-{CODE}-0002')"
REVIEW = f"(SELECT min(id) FROM review WHERE application_id = {ONE})"


@pytest.fixture
def tamper(demo, restored):
    """Run statements as the tables' owner, whom no trigger holds back."""
    settings = demo.extensions["portal.settings"]
    engine = sa.create_engine(settings.database_owner_url, poolclass=sa.pool.NullPool)

    def run(statement):
        table = statement.split()[1]
        with engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            assert connection.exec_driver_sql(statement).rowcount >= 1
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    return run


def verify(demo, code=CODE):
    with demo.app_context():
        return verify_round(get_round(code))


RENEWED = "A-2022-1"  # in which a request for review was upheld, and 14,394.75 of the budget is left


@pytest.fixture
def renewed(demo, restored):
    """Let two administrators take the new decision: all that was asked."""
    now = demo.extensions["portal.clock"].now()
    with demo.app_context():
        sofie, dirk = (
            Ctx(now, actor_of(db.session.scalars(sa.select(Person).where(Person.name == name)).one()))
            for name in ("Sofie De Backer", "Dirk Lambrechts")
        )
        [(waiting, _)] = list_unsettled_requests([])
        found = get_desk_request(waiting.id, [], lock=True)
        new = NewDecision(Outcome.APPROVED, Decimal("13990.00"), "De cijfers stonden in de aanvraag.")
        proposal = propose_new_decision(sofie, found, new)
        db.session.commit()
        confirm_new_decision(dirk, get_desk_request(waiting.id, [], lock=True), seen=proposal.id, signed_by="Dirk")
        db.session.commit()


def said(steps):
    return [each % each.params for step in steps for each in step.differences]


def test_the_evidence_of_a_published_round_gives_its_result(demo):
    steps = verify(demo)
    assert is_identical(steps), said(steps)
    counted = {str(step.what): step.count for step in steps}
    assert counted["Applications as handed in"] == counted["Decisions and amounts"] == 10
    assert counted["Reviews and consensus texts"] >= 30


def test_withdrawn_awards_and_the_reserve_in_their_place_leave_the_round_as_it_was_published(demo, restored):
    now = demo.extensions["portal.clock"].now()
    with demo.app_context():
        sofie, dirk = (
            Ctx(now, actor_of(db.session.scalars(sa.select(Person).where(Person.name == name)).one()))
            for name in ("Sofie De Backer", "Dirk Lambrechts")
        )
        for award in list_decisions(get_round(CODE).id, lock=True)[:2]:  # what one frees is too little for the reserve
            propose_withdrawal(sofie, award, "De promotor is ontbonden.")
            confirm_withdrawal(dirk, award)
        db.session.commit()
        assert [each.reserve_position for each in list_decisions(get_round(CODE).id) if each.promoted_at] == [1]
    steps = verify(demo)
    assert is_identical(steps), said(steps)


def test_a_decision_after_a_review_is_verified_as_one_and_the_ranking_stays_identical(demo, renewed):
    steps = verify(demo, RENEWED)
    assert is_identical(steps), said(steps)
    counted = {str(step.what): step.count for step in steps}
    assert (counted["Decisions and amounts"], counted["Decisions after a review"]) == (8, 1)


NEW = "replaces_id IS NOT NULL"


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (f"UPDATE decision SET amount = amount + 0.01 WHERE {NEW}", "not the one that was published"),
        (f"UPDATE decision SET reason = ' ' WHERE {NEW}", "has no reason"),
        ("UPDATE decision SET amount = 0.01, outcome = 'approved' WHERE state = 'replaced'", "not the one that was published"),
        ("UPDATE event SET topic = 'application.review-dismissed' WHERE topic = 'application.review-upheld'", "without an upheld request"),
        ("UPDATE event SET actor_id = (SELECT actor_id FROM event WHERE topic = 'decision.confirmed' ORDER BY id DESC LIMIT 1) WHERE topic = 'decision.new-proposed'", "by two persons"),
        (f"UPDATE decision SET amount = 14394.76 WHERE {NEW}", "0.01 above the budget"),
    ],
)  # fmt: skip
def test_a_tampered_decision_after_a_review_is_named(demo, renewed, tamper, statement, named):
    tamper(statement)
    assert any(named in each for each in said(verify(demo, RENEWED)))


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            f"UPDATE review_version SET content = jsonb_set(content, '{{strengths}}', '\"Anders.\"') WHERE review_id = {REVIEW}",
            "was altered",
        ),
        (
            f"UPDATE review_version SET content = jsonb_set(content, '{{scores,objective_1,score}}', '\"tien\"') WHERE review_id = {REVIEW}",
            "was altered",
        ),
        (
            f"UPDATE review SET weaknesses = 'Niets op aan te merken, achteraf gezien.' WHERE id = {REVIEW}",
            "no longer reads as it was handed in",
        ),
        (f"UPDATE review SET state = 'sealed', sealed_at = now() WHERE id = {REVIEW}", ""),
        (f"UPDATE assessment SET total = total + 1 WHERE application_id = {ONE}", "is stored"),
        (f"UPDATE consensus SET text = 'Bij nader inzien.' WHERE application_id IN {OF_ROUND}", "The consensus on"),
        (f"UPDATE snapshot SET content = replace(content, '\"requested_amount\":\"', '\"requested_amount\":\"1') WHERE application_id = {ONE}", "The snapshot of"),
        (f"UPDATE ranking_row SET proposed_amount = proposed_amount - 0.01 WHERE application_id = {ONE}", "another reason or amount"),
        (f"UPDATE round SET budget_amount = budget_amount - 0.01 WHERE code = '{CODE}'", "do not give the ranking's digest"),
        (f"UPDATE ranking SET sha256 = repeat('0', 64) WHERE round_id = (SELECT id FROM round WHERE code = '{CODE}')", "not the one in the event log"),
        (f"UPDATE decision SET amount = amount + 0.01 WHERE application_id = {ONE}", "not the one that was published"),
    ],
)  # fmt: skip
def test_what_was_changed_behind_the_portals_back_is_named(demo, tamper, statement, named):
    tamper(statement)
    steps = verify(demo)
    if not named:  # the log decides which reviews count, not a review's row
        assert is_identical(steps)
        return
    assert any(named in each for each in said(steps)), said(steps)


def test_the_console_says_identical_or_what_differs(demo, tamper):
    run = demo.test_cli_runner()
    untouched = run.invoke(args=["verify", "round", CODE])
    assert (untouched.exit_code, untouched.output.splitlines()[-1]) == (0, f"Round {CODE}: identical.")
    tamper(f"UPDATE decision SET amount = amount + 0.01 WHERE application_id = {ONE}")
    tampered = run.invoke(args=["verify", "round", CODE])
    assert tampered.exit_code == 1
    assert f"DB-{CODE}-0002: its decision is not the one that was published." in tampered.output
    assert run.invoke(args=["verify", "round", "B-1999-1"]).exit_code == 1
