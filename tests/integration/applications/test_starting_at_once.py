"""Two people begin at the same moment, on two connections: every draft has its own reference, and none is doubled."""

import threading

import pytest
import sqlalchemy as sa

from portal.accounts.queries import list_leads
from portal.applications.commands.start import start_application
from portal.applications.models import Application
from portal.calls.queries import get_round
from portal.core.db import db
from portal.core.errors import RuleViolation
from portal.partnerships.queries import get_partnership
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.services import cloned_database, worker_number
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications import given_round
from tests.world.partnerships import given_partnership


@pytest.fixture
def portal(services, tmp_path):
    """An application on a database of its own: what two connections do to each other cannot be undone by a savepoint."""
    with cloned_database(services, f"portal_at_once_{worker_number()}", migrate) as database:
        app = app_for_tests(settings_for_tests(database, redis_url="redis://127.0.0.1:9/0", storage=tmp_path))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def begin_at_once(app, code, attempts):
    """Begin for each (partnership, person) of ``attempts`` in a thread of its own; what each got, sorted."""
    together, got = threading.Barrier(len(attempts)), []

    def begin(partnership_id, person):
        with app.app_context():
            round_, partnership, ctx = get_round(code), get_partnership(partnership_id), ctx_for(person)
            together.wait(10)
            try:
                made = start_application(ctx, round_, partnership)
                db.session.commit()
                got.append(made.reference)
            except RuleViolation as refusal:
                db.session.rollback()
                got.extend(refusal.codes)
            db.session.remove()

    threads = [threading.Thread(target=begin, args=attempt) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(got)


def test_two_people_of_one_partnership_begin_one_draft(portal):
    with portal.app_context():
        db.session().expire_on_commit = False
        lead, staff = given_person("Eva Claes"), given_person("Bram Nijs")
        code, partnership = given_round().code, given_partnership(given_organisation(lead, staff=[staff]))
    got = begin_at_once(portal, code, [(partnership.id, lead), (partnership.id, staff)])
    assert got == [f"DB-{code}-0001", "application-exists"]
    with portal.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Application)) == 1


def test_partnerships_that_begin_at_once_get_a_reference_each(portal):
    with portal.app_context():
        db.session().expire_on_commit = False
        code = given_round().code
        made = [given_partnership(given_organisation()) for _ in range(4)]
        attempts = [(each.id, list_leads([each.partners[0].organisation_id])[0]) for each in made]
    assert begin_at_once(portal, code, attempts) == [f"DB-{code}-{number:04d}" for number in (1, 2, 3, 4)]
