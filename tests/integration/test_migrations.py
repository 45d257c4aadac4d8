"""The numbered migrations lead to exactly what the models say, and back."""

from importlib import import_module
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from portal.core.advance import governed, moves_trigger
from portal.core.db import Base, db
from portal.core.health import MIGRATIONS
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.services import cloned_database

ROOT = Path(__file__).parents[2]

CONSTRAINTS = """
SELECT rel.relname, con.conname, pg_get_constraintdef(con.oid)
FROM pg_constraint con JOIN pg_class rel ON rel.oid = con.conrelid JOIN pg_namespace ns ON ns.oid = rel.relnamespace
WHERE ns.nspname = :schema AND con.contype IN ('c', 'u', 'p', 'f', 'x') AND rel.relname <> 'alembic_version'
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = :schema AND tablename <> 'alembic_version'"


def _load_every_model():
    for path in sorted(ROOT.glob("portal/*/*models.py")):
        import_module(f"portal.{path.parent.name}.{path.stem}")


def _texts(connection, statement, schema):
    rows = connection.execute(sa.text(statement), {"schema": schema}).all()
    return sorted((table, name, text.replace(f"{schema}.", "")) for table, name, text in rows)


def test_the_numbers_run_in_one_line():
    revisions = sorted(each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions())
    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]


def test_constraints_and_indexes_are_those_of_the_models(app, database):
    """Alembic sees no change of a CHECK or EXCLUDE, so PostgreSQL itself writes both sides down."""
    _load_every_model()
    engine = sa.create_engine(database.owner_url)
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE SCHEMA scratch"))
        scratch = connection.execution_options(schema_translate_map={None: "scratch"})
        Base.metadata.create_all(scratch)
        connection.execute(sa.text("SET LOCAL search_path = pg_catalog"))
        for statement in (CONSTRAINTS, INDEXES):
            assert _texts(connection, statement, "public") == _texts(connection, statement, "scratch")
        connection.rollback()
    engine.dispose()


def test_every_workflow_has_its_trigger_word_for_word(app, database):
    engine = sa.create_engine(database.owner_url)
    with engine.connect() as connection:
        for name, (model, workflow) in governed().items():
            table = model.__tablename__
            found = connection.scalar(
                sa.text("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = :name"),
                {"name": f"{table}_moves"},
            )
            assert found is not None, f"{name} has no trigger {table}_moves"
            connection.execute(sa.text(f"DROP TRIGGER {table}_moves ON {table}"))
            connection.execute(sa.text(moves_trigger(table, workflow)))
            drawn = connection.scalar(
                sa.text("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = :name"),
                {"name": f"{table}_moves"},
            )
            assert found == drawn
        connection.rollback()
    engine.dispose()


def test_down_to_nothing_and_up_again(services, tmp_path):
    with cloned_database(services, "portal_up_and_down", migrate) as database:
        app = app_for_tests(settings_for_tests(database, redis_url="redis://127.0.0.1:9/0", storage=tmp_path))
        with app.app_context():
            flask_migrate.downgrade(revision="base")
            with db.engine.connect() as connection:
                assert sa.inspect(connection).get_table_names() == ["alembic_version"]
            flask_migrate.upgrade()
            assert db.session.scalar(sa.text("SELECT count(*) FROM event")) == 0
            db.session.remove()
            db.engine.dispose()
