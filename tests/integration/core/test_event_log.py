"""The log is append-only for the application, and a tampered row is found."""

from dataclasses import dataclass

import psycopg
import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.chain import breaks_in_chain, count_unchained, extend_chain
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow, OutboxRow, record
from portal.core.events import Event
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.services import cloned_database
from tests.world.time import moment


@dataclass(frozen=True)
class LampLit(Event, topic="lamp.lit"):
    lamp_id: int


@dataclass(frozen=True)
class LampDue(Event, topic="lamp.due"):
    lamp_id: int


def ctx():
    return Ctx(moment("2022-06-20T14:05"), Actor(person_id=1))


@pytest.fixture
def session(app, savepoint):
    with app.app_context():
        yield db.session


def test_every_event_gets_its_outbox_row_in_the_same_transaction(session):
    event_id = record(ctx(), LampLit(lamp_id=3))
    assert session.get(OutboxRow, event_id).is_open
    session.rollback()
    assert session.get(EventRow, event_id) is None


def test_what_time_causes_is_recorded_once_whoever_asks(session):
    first = record(ctx(), LampDue(lamp_id=3), natural_key="lamp-due:3")
    assert first is not None
    assert record(ctx(), LampDue(lamp_id=3), natural_key="lamp-due:3") is None
    assert session.scalar(sa.select(sa.func.count()).where(EventRow.topic == "lamp.due")) == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE event SET subject_id = 9", "DELETE FROM event", "TRUNCATE event CASCADE"]
)
def test_the_application_can_only_add(session, statement):
    record(ctx(), LampLit(lamp_id=3))
    session.commit()
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        session.execute(sa.text(statement))
    session.rollback()


def test_an_untouched_chain_holds_and_chaining_twice_adds_nothing(session):
    for lamp in (1, 2, 3):
        record(ctx(), LampLit(lamp_id=lamp))
    assert count_unchained() == 3
    assert extend_chain() == 3
    assert extend_chain() == 0
    session.commit()
    session.expire_all()
    assert list(breaks_in_chain()) == []


def test_a_tampered_event_is_found_by_flask_check(services, tmp_path):
    """Only a superuser can switch the triggers off; the chain tells on that one too."""
    with cloned_database(services, "portal_tampered", migrate) as database:
        app = app_for_tests(settings_for_tests(database, redis_url="redis://127.0.0.1:9/0", storage=tmp_path))
        with app.app_context():
            ids = [record(ctx(), LampLit(lamp_id=lamp)) for lamp in (1, 2, 3)]
            extend_chain()
            db.session.commit()
        assert app.test_cli_runner().invoke(args=["check"]).exit_code == 0
        with psycopg.connect(database.superuser_url) as hand:
            hand.execute("SET session_replication_role = replica")
            hand.execute("UPDATE event SET subject_id = 99 WHERE id = %s", [ids[1]])
        answer = app.test_cli_runner().invoke(args=["check"])
        assert answer.exit_code == 1
        assert f"event {ids[1]}" in answer.output
        assert "switched off" not in answer.output
        with psycopg.connect(database.superuser_url) as hand:
            hand.execute("ALTER TABLE event DISABLE TRIGGER event_append_only")
        assert "trigger event.event_append_only is switched off" in app.test_cli_runner().invoke(args=["check"]).output
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
