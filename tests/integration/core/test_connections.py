"""A rollback takes back what was written, and leaves what PostgreSQL has prepared."""

import pytest
import sqlalchemy as sa

from portal.core.db import db

NAMES = sa.select(sa.column("name")).select_from(sa.table("pg_prepared_statements"))
ASKED = sa.text("SELECT name FROM person WHERE id = :number")


@pytest.fixture
def connection(app):
    with app.app_context(), db.engine.connect() as connection:
        yield connection


def test_what_is_prepared_lasts_through_rollbacks(connection):
    for _ in range(8):
        connection.execute(ASKED, {"number": 1})
        connection.rollback()
    prepared = connection.scalars(NAMES).all()
    assert prepared
    connection.rollback()
    connection.execute(ASKED, {"number": 1})
    assert connection.scalars(NAMES).all() == prepared


def test_a_rollback_takes_back_what_was_written(connection):
    connection.execute(sa.text("CREATE TEMPORARY TABLE note (line text)"))
    connection.rollback()
    with pytest.raises(sa.exc.ProgrammingError, match="note"):
        connection.execute(sa.text("SELECT line FROM note"))
    connection.rollback()  # of a transaction that failed
    assert connection.scalar(sa.text("SELECT 1")) == 1


def test_a_lost_connection_is_told_and_replaced(connection):
    number = connection.scalar(sa.text("SELECT pg_backend_pid()"))
    with db.engine.connect() as other:
        other.execute(sa.text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    with pytest.raises(sa.exc.DBAPIError) as told:
        connection.execute(ASKED, {"number": 1})
    assert told.value.connection_invalidated
    connection.rollback()
    assert connection.scalar(sa.text("SELECT pg_backend_pid()")) != number


def test_a_connection_that_was_lost_in_the_pool_is_replaced_before_it_is_used(app):
    ask = sa.text("SELECT pg_backend_pid()")
    with app.app_context():
        with db.engine.connect() as first, db.engine.connect() as second:
            lost = {first.scalar(ask), second.scalar(ask)}
        outside = sa.create_engine(db.engine.url, poolclass=sa.pool.NullPool)
        with outside.connect() as other:
            for number in lost:
                other.execute(sa.text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
        with db.engine.connect() as fresh:
            assert fresh.scalar(ask) not in lost
