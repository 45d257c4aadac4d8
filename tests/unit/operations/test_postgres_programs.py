"""pg_dump and pg_restore are told where the database is by their environment: a command line is read by everybody."""

import pytest

from portal.operations.postgres_programs import CannotBackUp, _environment, database_of, run

OWNER = "postgresql+psycopg://portal_owner:p%40ss@db.example:5433/portal?sslmode=require"


def test_the_address_goes_into_the_environment_with_its_password(monkeypatch):
    monkeypatch.setenv("PGHOST", "another")
    monkeypatch.setenv("PORTAL_SECRET_KEY", "not its business")
    env = _environment(OWNER)
    ours = {name: value for name, value in env.items() if name.startswith(("PG", "PORTAL_"))}
    assert ours == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "portal_owner",
        "PGPASSWORD": "p@ss",
        "PGDATABASE": "portal",
        "PGSSLMODE": "require",
    }
    assert database_of(OWNER) == "portal"


def test_a_program_that_is_older_than_the_server_is_not_taken():
    with pytest.raises(CannotBackUp, match="pg_dump 999 or newer was not found: install postgresql-client-999"):
        run("pg_dump", 999, OWNER)
