"""Many applications from one: every row of a model application copied in the database, so that 10,000 take seconds.

What the copies share is what the portal's own commands wrote for the model; only what must differ is given here.
"""

from collections.abc import Mapping

import psycopg
from psycopg import sql

ENTERPRISE_NUMBER = (
    "lpad(eight::text, 8, '0') || lpad((97 - eight %% 97)::text, 2, '0')"  # KBO: 97 − (first eight mod 97)
)
FIRST_NUMBER = 10_000_000
OWNED = ("section", "partner_part", "budget_line", "snapshot")


def copy_rows(connection: psycopg.Connection, table: str, where: str, changed: Mapping[str, str]) -> None:
    """Copy the rows of ``table`` that fit ``where`` once for each row of ``plan``; ``changed`` holds SQL over ``p``."""
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public' "
        "AND (column_name <> 'id' OR %s) AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table, "id" in changed],
    )
    columns = [name for (name,) in found]
    values = [sql.SQL(changed[name]) if name in changed else sql.Identifier("m", name) for name in columns]
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM {table} m CROSS JOIN plan p WHERE {where}"
    )
    connection.execute(
        statement.format(
            table=sql.Identifier(table),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            values=sql.SQL(", ").join(values),
            where=sql.SQL(where),
        )
    )


def clone_application(connection: psycopg.Connection, reference: str, count: int, changed: Mapping[str, str]) -> None:
    """Make ``count`` applications like the one called ``reference``, each of its own partnership and promotor.

    The n-th is called <reference>-<n>; its promotor's lead signs in with the token ``lead-<round>-<n>``. ``changed``
    gives columns of ``application`` another value, in SQL over ``p.n``.
    """
    _plan(connection, reference, count)
    copy_rows(connection, "person", "m.id = p.old_person_id", {
        "id": "p.person_id", "email": "'lead-' || p.round_id || '-' || p.n || '@bench.example'", "nonce": "'n' || p.n",
    })  # fmt: skip
    copy_rows(connection, "organisation", "m.id = p.old_organisation_id", {
        "id": "p.organisation_id", "enterprise_number": "p.enterprise_number", "name": "'Organisatie ' || p.n",
    })  # fmt: skip
    copy_rows(connection, "membership", "m.person_id = p.old_person_id AND m.organisation_id = p.old_organisation_id", {
        "person_id": "p.person_id", "organisation_id": "p.organisation_id",
    })  # fmt: skip
    copy_rows(connection, "partnership", "m.id = p.old_partnership_id", {
        "id": "p.partnership_id", "name": "'Digibank ' || p.n",
    })  # fmt: skip
    of_partnership = {"partnership_id": "p.partnership_id"}
    copy_rows(connection, "partner", "m.partnership_id = p.old_partnership_id", {
        **of_partnership, "organisation_id": "p.organisation_id",
    })  # fmt: skip
    copy_rows(connection, "strategy", "m.partnership_id = p.old_partnership_id", of_partnership)
    copy_rows(connection, "application", "m.id = p.old_id", {
        "id": "p.id", "reference": "m.reference || '-' || p.n", "number": "m.number + p.n",
        **of_partnership, "promotor_id": "p.organisation_id", **changed,
    })  # fmt: skip
    _copy_what_it_owns(connection)


def _plan(connection: psycopg.Connection, reference: str, count: int) -> None:
    connection.execute("DROP TABLE IF EXISTS pg_temp.plan")
    connection.execute(
        f"""
        CREATE TEMP TABLE plan AS
        SELECT n, a.id AS old_id, a.promotor_id AS old_organisation_id, a.partnership_id AS old_partnership_id,
               (SELECT person_id FROM membership WHERE organisation_id = a.promotor_id LIMIT 1) AS old_person_id,
               a.round_id, {ENTERPRISE_NUMBER} AS enterprise_number,
               nextval(pg_get_serial_sequence('application', 'id')) AS id,
               nextval(pg_get_serial_sequence('organisation', 'id')) AS organisation_id,
               nextval(pg_get_serial_sequence('partnership', 'id')) AS partnership_id,
               nextval(pg_get_serial_sequence('person', 'id')) AS person_id
        FROM application a, generate_series(1, %s) n,
             LATERAL (SELECT {FIRST_NUMBER} + a.round_id * 100000 + n AS eight) AS number
        WHERE a.reference = %s
        """,  # noqa: S608  # constants of this file
        [count, reference],
    )


def _copy_what_it_owns(connection: psycopg.Connection) -> None:
    for table in OWNED:
        changed = {"application_id": "p.id"}
        if table in ("partner_part", "budget_line"):
            changed["organisation_id"] = "p.organisation_id"
        copy_rows(connection, table, "m.application_id = p.old_id", changed)
    connection.execute("DROP TABLE IF EXISTS pg_temp.cloned_file")
    connection.execute(
        "CREATE TEMP TABLE cloned_file AS SELECT p.n, t.id AS old_id, t.file_id AS old_file_id, "
        "nextval(pg_get_serial_sequence('stored_file', 'id')) AS file_id "
        "FROM attachment t JOIN plan p ON t.application_id = p.old_id"
    )
    connection.execute("CREATE INDEX ON cloned_file (n, old_file_id)")
    connection.execute("ANALYZE cloned_file")
    copy_rows(connection, "stored_file", "EXISTS (SELECT FROM cloned_file f WHERE f.n = p.n AND f.old_file_id = m.id)", {
        "id": "(SELECT f.file_id FROM cloned_file f WHERE f.n = p.n AND f.old_file_id = m.id)", "key": "gen_random_uuid()",
    })  # fmt: skip
    copy_rows(connection, "attachment", "m.application_id = p.old_id", {
        "application_id": "p.id",
        "organisation_id": "CASE WHEN m.organisation_id IS NULL THEN NULL ELSE p.organisation_id END",
        "file_id": "(SELECT f.file_id FROM cloned_file f WHERE f.n = p.n AND f.old_id = m.id)",
    })  # fmt: skip


def sign_in_leads(connection: psycopg.Connection, most: int) -> None:
    """Sign in the leads of the first ``most`` applications of the last plan, with the token ``lead-<round>-<n>``."""
    connection.execute(
        "INSERT INTO sign_in (person_id, token_sha256, device, started_at, seen_at, expires_at) "
        "SELECT person_id, encode(sha256(('lead-' || round_id || '-' || n)::bytea), 'hex'), 'bench', now(), now(), "
        "now() + interval '1 day' FROM plan WHERE n <= %s",
        [most],
    )
