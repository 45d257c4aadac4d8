"""The starting world, kept beside the present one so that the demo can go back to it in a second.

``flask init`` copies the loaded tables into the schema ``demo_start`` as their owner, and makes one function there that
puts them back. It exists in a demo's database alone: neither a migration nor a production portal knows it. The
application's own role still cannot delete an event; it may only call that function.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn

from portal.core.db import db
from portal.demo.clock import put_clock

SCHEMA = "demo_start"
PATIENCE = 15  # seconds
# Not part of what is played: the shape of the tables, the signs of life, and the municipalities, which never change.
KEPT = frozenset({"alembic_version", "heartbeat", "municipality", "postal_code"})

CAN_RESTORE = sa.text(
    "SELECT obj_description(to_regnamespace(:schema), 'pg_namespace') = (SELECT version_num FROM alembic_version)"
).bindparams(schema=SCHEMA)


def keep_start(owner_url: str) -> None:
    """Copy the present world as the one to go back to. Its shape is that of the migrations that ran."""
    engine = sa.create_engine(owner_url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        inspector = sa.inspect(connection)
        ordered = [key[1] for key, _ in inspector.sort_tables_on_foreign_key_dependency() if key is not None]
        tables = [name for name in ordered if name is not None and name not in KEPT]
        columns = {name: [each for each in inspector.get_columns(name) if "computed" not in each] for name in tables}
        connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        connection.execute(sa.text(f"CREATE SCHEMA {SCHEMA}"))
        for name in columns:
            connection.execute(sa.text(f'CREATE TABLE {SCHEMA}."{name}" AS TABLE public."{name}"'))
        connection.exec_driver_sql(_restore_function(columns))
        connection.execute(sa.text(f"GRANT USAGE ON SCHEMA {SCHEMA} TO portal_app"))
        connection.execute(sa.text(f"REVOKE ALL ON FUNCTION {SCHEMA}.restore() FROM PUBLIC"))
        connection.execute(sa.text(f"GRANT EXECUTE ON FUNCTION {SCHEMA}.restore() TO portal_app"))
        revision = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        connection.execute(sa.text(f"COMMENT ON SCHEMA {SCHEMA} IS '{revision}'"))


def _lock(tables: list[str]) -> str:
    """Take all tables at once, or none of them and try again.

    Waiting for one while holding another ends in a deadlock with workers and pages, whose order is their own. With
    NOWAIT this transaction never waits for a lock, and what it got is let go by the block's own savepoint.
    """
    return f"""LOOP
    BEGIN
      LOCK TABLE {", ".join(tables)} IN ACCESS EXCLUSIVE MODE NOWAIT;
      EXIT;
    EXCEPTION WHEN lock_not_available THEN
      IF clock_timestamp() > transaction_timestamp() + interval '{PATIENCE} seconds' THEN RAISE; END IF;
      PERFORM pg_sleep(0.05);
    END;
  END LOOP;"""


def _restore_function(columns: dict[str, list[ReflectedColumn]]) -> str:
    tables = [f'public."{name}"' for name in columns]
    lines = [_lock(tables)]
    lines += [f"ALTER TABLE {table} DISABLE TRIGGER USER;" for table in tables]
    lines.append(f"TRUNCATE {', '.join(tables)};")
    for name, reflected in columns.items():
        listed = ", ".join(f'"{each["name"]}"' for each in reflected)
        source = f'SELECT {listed} FROM {SCHEMA}."{name}"'  # noqa: S608 - names from the catalogue, never from a visitor
        lines.append(f'INSERT INTO public."{name}" ({listed}) OVERRIDING SYSTEM VALUE {source};')
        lines += [
            f"PERFORM setval(pg_get_serial_sequence('public.\"{name}\"', '{each['name']}'),"
            f' coalesce(max("{each["name"]}"), 0) + 1, false) FROM public."{name}";'
            for each in reflected
            if "identity" in each
        ]
    lines += [f"ALTER TABLE {table} ENABLE TRIGGER USER;" for table in tables]
    body = "\n  ".join(lines)
    return (
        f"CREATE FUNCTION {SCHEMA}.restore() RETURNS void LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = pg_catalog AS $restore$\nBEGIN\n  {body}\nEND $restore$"
    )


def can_restore() -> bool:
    """Return whether a starting world of the present migrations was kept."""
    return bool(db.session.scalar(CAN_RESTORE))


def restore_start(offset: timedelta) -> None:
    """Put the starting world back, with the clock ``offset`` beside the machine's; everything since is gone.

    sqlalchemy's OperationalError where others kept a table busy for fifteen seconds.
    """
    db.session.execute(sa.text(f"SELECT {SCHEMA}.restore()"))
    put_clock(offset)
