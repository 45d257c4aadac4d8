"""Two people at the same moment, on two connections: every draft has its own reference, and nothing is done twice."""

import threading

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import grant_right
from portal.accounts.queries import list_leads
from portal.applications.commands.start import start_application
from portal.applications.commands.submit import submit_application
from portal.applications.dossiers import list_snapshots
from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.calls.models import Round
from portal.calls.queries import get_round
from portal.core.actor import Right
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import list_timeline
from portal.extensions import limiter
from portal.partnerships.queries import get_partnership
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.services import cloned_database, worker_number
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications import given_round
from tests.world.applications_models import ACCEPTED, given_complete_draft
from tests.world.http import TOKEN, Visitor
from tests.world.partnerships import given_partnership
from tests.world.time import moment
from tests.world.waiting import PATIENCE


@pytest.fixture
def portal(services, tmp_path):
    """An application on a database of its own: what two connections do to each other cannot be undone by a savepoint."""
    with cloned_database(services, f"portal_at_once_{worker_number()}", migrate) as database:
        app = app_for_tests(settings_for_tests(database, redis_url="redis://127.0.0.1:9/0", storage=tmp_path))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def at_once(app, *deeds):
    """Do each of ``deeds`` in a thread of its own, let go at the same moment; what each returned, sorted."""
    together, got = threading.Barrier(len(deeds)), []

    def work(do):
        with app.app_context():
            together.wait(PATIENCE)
            try:
                got.append(do())
                db.session.commit()
            except RuleViolation as refusal:
                got.extend(refusal.codes)
            except IllegalTransition as refusal:
                got.append(f"already-{refusal.state}")
            db.session.remove()

    threads = [threading.Thread(target=work, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(got)


def begin(code, partnership_id, person):
    return lambda: start_application(ctx_for(person), get_round(code), get_partnership(partnership_id)).reference


def test_two_people_of_one_partnership_begin_one_draft(portal):
    with portal.app_context():
        db.session().expire_on_commit = False
        lead, staff = given_person("Eva Claes"), given_person("Bram Nijs")
        code, partnership = given_round().code, given_partnership(given_organisation(lead, staff=[staff]))
    got = at_once(portal, begin(code, partnership.id, lead), begin(code, partnership.id, staff))
    assert got == [f"DB-{code}-0001", "application-exists"]
    with portal.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Application)) == 1


def test_partnerships_that_begin_at_once_get_a_reference_each(portal):
    with portal.app_context():
        db.session().expire_on_commit = False
        code = given_round().code
        made = [given_partnership(given_organisation()) for _ in range(4)]
        deeds = [begin(code, each.id, list_leads([each.partners[0].organisation_id])[0]) for each in made]
    assert at_once(portal, *deeds) == [f"DB-{code}-{number:04d}" for number in (1, 2, 3, 4)]


def test_a_double_click_submits_once(portal):
    with portal.app_context():
        db.session().expire_on_commit = False
        application = given_complete_draft()
        lead = list_leads([application.promotor_id])[0]

    def submit():
        whole = get_application(application.reference, lock=True)
        return f"snapshot-{submit_application(ctx_for(lead), whole, accepted=ACCEPTED).number}"

    assert at_once(portal, submit, submit) == ["already-submitted", "snapshot-1"]
    with portal.app_context():
        topics = [each.topic for each in list_timeline("application", application.id)]
        assert topics == ["application.submitted"]


def test_two_who_may_sign_press_submit_at_once_and_one_receipt_comes_of_it(portal):
    with portal.app_context():
        db.session().expire_on_commit = False
        eva, second = given_person("Eva Claes"), given_person("Bram Nijs")
        application = given_complete_draft(given_organisation(eva))
        grant_right(ctx_for(), application.promotor, second, Right.LEAD)
        db.session.execute(sa.update(Round).values(closes_at=moment("2099-01-01T12:00")))
        db.session.commit()
        path = f"/applications/{application.reference}"
    limiter.reset()
    visitors = [Visitor(portal).sign_in(each.email) for each in (eva, second)]
    tokens = [TOKEN.search(each.get(f"{path}/check").text)[1] for each in visitors]
    clicks = [*zip(visitors, tokens, strict=True)] * 2  # each presses twice
    together, got = threading.Barrier(len(clicks)), []

    def press(visitor, token):
        browser = portal.test_client()
        browser.set_cookie("portal", visitor.client.get_cookie("portal").value)
        together.wait(PATIENCE)
        data = {"csrf_token": token, "accepted": sorted(ACCEPTED)}
        answer = browser.post(f"{path}/check", data=data)
        got.append((answer.status_code, answer.location or ""))

    threads = [threading.Thread(target=press, args=click) for click in clicks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(got) == [(302, f"{path}/receipt"), (409, ""), (409, ""), (409, "")]
    assert "Wij hebben uw aanvraag ontvangen" in visitors[1].get(f"{path}/receipt").text
    with portal.app_context():
        topics = [each.topic for each in list_timeline("application", application.id)]
        assert topics == ["application.submitted"]
        assert len(list_snapshots(application)) == 1
