"""What every test can ask for. Services start at the first test that needs them; tests/unit never does."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from config import Settings
from portal.core.db import db
from portal.core.memory import spare_the_collector
from portal.embedded.services import Services
from portal.extensions import limiter
from tests.application import app_for_tests, keep_prepared, load_catalogue, settings_for_tests
from tests.services import Database, ServiceHost, cloned_database, redis_url_of, services_from, worker_number
from tests.world.http import Visitor
from tests.world.waiting import PATIENCE_MS

HOST = pytest.StashKey[ServiceHost]()
STARTS_ITS_OWN = "tests/journeys/test_make_run.py"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[HOST] = ServiceHost()


def pytest_collection_finish() -> None:
    """As wsgi.py does; here the tests themselves are what stays until the end."""
    spare_the_collector()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput.update(node.config.stash[HOST].invitation())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """With ``--dist loadscope`` one process plays all journeys in the demo: one is enough. All else goes file by file.

    The marker xdist_group would say the same, but pytest 9 no longer reads the node id that it changes.
    """
    return JourneysTogether(config, log) if config.getvalue("dist") == "loadscope" else None


class JourneysTogether(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "journeys" if file.startswith("tests/journeys/") and file != STARTS_ITS_OWN else file


def pytest_unconfigure(config: pytest.Config) -> None:
    if HOST in config.stash:
        config.stash[HOST].stop()


@pytest.fixture(scope="session")
def services(pytestconfig: pytest.Config) -> Services:
    """The addresses of the run's PostgreSQL and Valkey."""
    if HOST in pytestconfig.stash:
        return pytestconfig.stash[HOST].services()
    return services_from(pytestconfig.workerinput)


@pytest.fixture(scope="session")
def database(services: Services) -> Iterator[Database]:
    """One database of this process alone, migrated, with the three programmes of the plan."""
    name = f"portal_test_{worker_number()}"
    with cloned_database(services, name, load_catalogue, template="portal_catalogue") as cloned:
        yield cloned


@pytest.fixture(scope="session")
def redis_url(services: Services) -> str:
    """One database number of this process alone: a broker that is shared gives one worker's tasks to another."""
    return redis_url_of(services, worker_number())


@pytest.fixture(scope="session")
def settings(database: Database, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_for_tests(database, redis_url=redis_url, storage=tmp_path_factory.mktemp("storage"))


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    """The application on this process's database. No context is pushed: a test that needs one pushes its own."""
    made = app_for_tests(settings)
    keep_prepared(made)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def savepoint(app: Flask) -> Iterator[None]:
    """Whatever the test commits is undone after it: the application works inside one outer transaction.

    Flask-SQLAlchemy ignores a session's own bind, so the engine itself is changed for a connection.
    """
    with app.app_context():
        engines = db.engines
    engine = engines[None]
    connection = engine.connect()
    outer = connection.begin()
    engines[None] = connection
    try:
        yield
    finally:
        engines[None] = engine
        outer.rollback()
        connection.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one browser of this process: Playwright runs once at a time, and starting it takes longer than most tests."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return Path(__file__).parents[1]


@pytest.fixture
def inside(app: Flask, savepoint: None) -> Iterator[None]:
    """A pushed application context, for tests that call commands; whatever they commit is undone."""
    with app.app_context():
        db.session().expire_on_commit = False  # what a given_… returned stays readable after the next commit
        yield
        db.session.remove()


@pytest.fixture
def world(app: Flask, savepoint: None) -> Callable[..., Any]:
    """Run ``given_…`` inside a context of its own and return what it returned, for tests that browse afterwards."""

    def run(given: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with app.app_context():
            db.session().expire_on_commit = False
            made = given(*args, **kwargs)
            db.session.commit()
            return made

    return run


@pytest.fixture
def visitor(app: Flask, savepoint: None) -> Visitor:
    """A browser that nobody is signed in on."""
    limiter.reset()
    return Visitor(app)


@pytest.fixture
def count_statements(app: Flask) -> Callable[[], Any]:
    """A context manager that lists the SQL statements sent inside it, savepoints left out."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if "SAVEPOINT" not in statement:
                sent.append(statement)

        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)

    return counting
