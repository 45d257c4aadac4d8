"""A demo of its own: one database, loaded once, its mail kept in a folder."""

from dataclasses import replace

import pytest

from config import Mode
from portal.core.db import db
from portal.demo.world import load_world
from portal.places.commands import load_places
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.services import cloned_database


@pytest.fixture(scope="package")
def demo(services, redis_url, tmp_path_factory):
    """The demo's application on a loaded world, as ``flask init`` leaves it."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "mail").mkdir()
    with cloned_database(services, "portal_demo", migrate) as database:
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
