"""A demo of its own: one database, loaded once, its mail kept in a folder."""

import shutil
import threading
from dataclasses import replace

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from config import Mode
from portal.core.db import db
from portal.demo.world import load_world
from portal.places.commands import load_places
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.services import cloned_database, worker_number


@pytest.fixture(scope="package")
def demo(services, redis_url, tmp_path_factory):
    """The demo's application on a loaded world, as ``flask init`` leaves it."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "mail").mkdir()
    with cloned_database(services, f"portal_demo_{worker_number()}", migrate) as database:
        settings = settings_for_tests(database, redis_url=redis_url, storage=folder)
        app = app_for_tests(replace(settings, mode=Mode.DEMO, mail_store=folder / "mail"))
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            load_places(None)
            db.session.commit()
            load_world()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        app.extensions["portal.clock"].dispose()


@pytest.fixture
def visitor(demo):
    return demo.test_client()


@pytest.fixture
def restored(demo):
    """The starting world, and again after the test."""
    browser = demo.test_client()
    browser.post("/demo/restore")
    yield
    browser.post("/demo/restore")


@pytest.fixture
def address(demo, monkeypatch):
    monkeypatch.setitem(demo.config, "WTF_CSRF_ENABLED", True)
    server = make_server("127.0.0.1", 0, demo, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="package")
def chromium():
    """One browser for the whole folder: starting it takes longer than most tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=(375, 1280))
def tab(request, chromium):
    page = chromium.new_page(viewport={"width": request.param, "height": 900})
    yield page
    page.close()
