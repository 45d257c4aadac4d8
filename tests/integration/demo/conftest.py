"""A demo of its own: one database, loaded once, its mail kept in a folder."""

import shutil
import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa

from config import Mode
from portal.core.db import db
from portal.demo.clock import START
from portal.demo.mailbox import empty_mailbox
from portal.demo.start import restore_start
from portal.demo.world import load_world
from portal.places.commands import load_places
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.services import cloned_database, worker_number
from tests.world.serving import served

CHANGED = "tests.changed"  # whether anything was committed since the starting world was put back


@contextmanager
def _demo(database, redis_url, folder):
    """The demo's application on ``database``, with its files and its mail in ``folder``."""
    settings = settings_for_tests(database, redis_url=redis_url, storage=folder)
    app = app_for_tests(replace(settings, mode=Mode.DEMO, mail_store=folder / "mail"))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions["portal.clock"].dispose()


@pytest.fixture(scope="package")
def demo(services, redis_url, tmp_path_factory):
    """The demo's application on a loaded world, as ``flask init`` leaves it. The run loads it once, and copies it."""
    run = tmp_path_factory.getbasetemp()
    loaded = (run.parent if worker_number() else run) / "demo-loaded"

    def load(database):
        migrate(database)
        (loaded / "mail").mkdir(parents=True)
        with _demo(database, redis_url, loaded) as app, app.app_context():
            load_places(None)
            db.session.commit()
            load_world()

    folder = tmp_path_factory.mktemp("demo")
    name = f"portal_demo_{worker_number()}"
    with cloned_database(services, name, load, template="portal_demo_loaded") as database:
        shutil.copytree(loaded, folder, dirs_exist_ok=True)
        with _demo(database, redis_url, folder) as app:
            app.config["WTF_CSRF_ENABLED"] = False
            changed = app.extensions[CHANGED] = threading.Event()
            changed.set()
            with app.app_context():
                sa.event.listen(db.engine, "commit", lambda _connection: changed.set())
            yield app


@pytest.fixture
def visitor(demo):
    return demo.test_client()


@pytest.fixture
def restored(demo):
    """The starting world, and again after the test."""
    with _starting_world(demo):
        yield


@pytest.fixture(scope="module")
def restored_once(demo):
    """The starting world for the tests of one file, which leave it as it is, and again after them."""
    with _starting_world(demo):
        yield


@contextmanager
def _starting_world(demo):
    changed = demo.extensions[CHANGED]
    if changed.is_set():
        _put_back(demo)
    yield
    _put_back(demo)


def _put_back(demo):
    with demo.app_context():
        restore_start(START - demo.extensions["portal.clock"].machine_now())
        db.session.commit()
    empty_mailbox(demo.extensions["portal.settings"].mail_store)
    demo.extensions[CHANGED].clear()


@pytest.fixture
def address(demo, monkeypatch):
    monkeypatch.setitem(demo.config, "WTF_CSRF_ENABLED", True)
    with served(demo) as address:
        yield address


@pytest.fixture(params=(375, 1280))
def tab(request, chromium):
    page = chromium.new_page(viewport={"width": request.param, "height": 900})
    yield page
    page.close()
