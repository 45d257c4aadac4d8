"""A published round decided again from its evidence: identical, or named what somebody changed behind the portal's back."""

# ruff: noqa: S608 - the statements are put together from constants of this file
import pytest
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.queries import actor_of
from portal.calls.queries import get_round
from portal.core.context import Ctx
from portal.core.db import db
from portal.decisions.commands.withdrawing import confirm_withdrawal, propose_withdrawal
from portal.decisions.queries import list_decisions
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


def verify(demo):
    with demo.app_context():
        return verify_round(get_round(CODE))


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


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            f"UPDATE review_version SET content = jsonb_set(content, '{{strengths}}', '\"Anders.\"') WHERE review_id = {REVIEW}",
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
