"""The portal as the tests build it: its own database, no proxy, cheap passwords, a queue that stays silent."""

from datetime import datetime
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from psycopg.pq import ExecStatus

from config import Mode, Settings
from portal.app import create_app
from portal.calls.commands.catalogue import load_programmes
from portal.core.actor import system_actor
from portal.core.clock import BRUSSELS, Clock
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.files import LocalStorage, Storage
from portal.core.mailer import Mailer, SmtpMailer
from portal.core.queue import Queue, SilentQueue
from tests.services import Database

MOST_PREPARED = 2000  # as many different statements as all pages have
COMPILED = FileSystemBytecodeCache()  # each process has several applications, all of them with the same templates


def settings_for_tests(database: Database, *, redis_url: str, storage: Path) -> Settings:
    """Settings for one database; the SMTP port is one where nothing listens."""
    return Settings(
        mode=Mode.TEST,
        secret_key="a-secret-of-the-tests-and-of-nothing-else",
        database_url=database.app_url,
        database_owner_url=database.owner_url,
        redis_url=redis_url,
        smtp_host="127.0.0.1",
        smtp_port=9,
        base_url="http://localhost",
        storage_path=storage,
        argon2_time_cost=1,
        argon2_memory_cost=64,
    )


def app_for_tests(
    settings: Settings,
    *,
    clock: Clock | None = None,
    mailer: Mailer | None = None,
    storage: Storage | None = None,
    queue: Queue | None = None,
) -> Flask:
    """The application with a silent queue and the machine's clock, unless the test brings its own."""
    app = create_app(
        settings,
        clock=clock or Clock(),
        mailer=mailer or SmtpMailer(settings.smtp_host, settings.smtp_port),
        storage=storage or LocalStorage(settings.storage_path),
        queue=queue or SilentQueue(),
    )
    app.jinja_env.bytecode_cache = COMPILED
    return app


def keep_prepared(app: Flask) -> None:
    """Let connections keep their prepared statements through a rollback to a savepoint, which is what a test in one
    transaction is full of: psycopg would forget them, and PostgreSQL plan every statement anew.
    """
    with app.app_context():
        engine = db.engine

    @sa.event.listens_for(engine, "connect")
    def keep_many(connection: Any, _record: Any) -> None:
        connection.prepared_max = MOST_PREPARED

    @sa.event.listens_for(engine, "do_execute")
    def roll_back(cursor: Any, statement: str, _parameters: Any, _context: Any) -> bool:
        if not statement.startswith("ROLLBACK TO SAVEPOINT"):
            return False  # the dialect executes it
        result = cursor.connection.pgconn.exec_(statement.encode())
        assert result.status == ExecStatus.COMMAND_OK, result.error_message
        return True


def migrate(database: Database) -> None:
    """Apply every migration, as the owner."""
    with _app_on(database).app_context():
        flask_migrate.upgrade()


def load_catalogue(database: Database) -> None:
    """Apply every migration, and load the three programmes of the plan as they stood before the first round."""
    migrate(database)
    with _app_on(database).app_context():
        load_programmes(Ctx(datetime(2021, 9, 1, 9, 0, tzinfo=BRUSSELS), system_actor("test")))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def _app_on(database: Database) -> Flask:
    return app_for_tests(settings_for_tests(database, redis_url="redis://127.0.0.1:9/0", storage=Path("unused")))
