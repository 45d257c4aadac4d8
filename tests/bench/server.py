"""The portal as gunicorn serves it, in the demo's summer, saying beside each answer how many statements it took.

Two pages more are the floor of the same server: one SELECT with one template, and one INSERT with its commit.
"""

import os
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, render_template_string

from portal.core.clock import Clock
from portal.core.db import db
from portal.core.memory import spare_the_collector
from portal.extensions import csrf
from tests.application import app_for_tests, settings_for_tests
from tests.services import Database
from tests.world.time import moment

TODAY = moment("2022-06-20T10:00")
COUNT_HEADER = "X-Statements"
READ, WRITE = "/floor/read", "/floor/write"
FLOOR_PAGE = "<!doctype html><title>{{ name }}</title><h1>{{ name }}</h1>"
_local = threading.local()


class SummerClock(Clock):
    """The machine's clock, moved once to the day of the bench."""

    def __init__(self) -> None:
        self._offset = TODAY - super().machine_now()

    def offset(self) -> timedelta:
        return self._offset


def _count(*_: object) -> None:
    _local.statements = getattr(_local, "statements", 0) + 1


def _counted(inner: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        _local.statements = 0

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, (COUNT_HEADER, str(_local.statements))], *rest)

        return inner(environ, start)

    return serve


def _add_floor(app: Flask) -> None:
    @csrf.exempt
    def write() -> str:
        db.session.execute(sa.text("INSERT INTO floor (note) VALUES ('one row')"))
        db.session.commit()
        return "written"

    def read() -> str:
        name = db.session.execute(sa.text("SELECT name FROM person ORDER BY id LIMIT 1")).scalar_one()
        return render_template_string(FLOOR_PAGE, name=name)

    app.add_url_rule(READ, "floor_read", read)
    app.add_url_rule(WRITE, "floor_write", write, methods=["POST"])


def make() -> Flask:
    """The application on the bench's own database (PORTAL_BENCH_*, set by ``python -m tests.bench``)."""
    url = os.environ["PORTAL_BENCH_DATABASE"]
    storage = Path(os.environ["PORTAL_BENCH_STORAGE"])
    database = Database(superuser_url="", owner_url=url, app_url=url)
    settings = settings_for_tests(database, redis_url=os.environ["PORTAL_BENCH_REDIS"], storage=storage)
    app = app_for_tests(settings, clock=SummerClock())
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", _count)
    _add_floor(app)
    app.wsgi_app = _counted(app.wsgi_app)  # type: ignore[method-assign]
    spare_the_collector()  # as wsgi.py does
    return app
