"""How a session ends before its time: a new password, an administrator, a browser that was left alone."""

from datetime import timedelta

import sqlalchemy as sa

from portal.accounts.models import SignIn
from portal.core.actor import Role
from portal.core.clock import machine_now
from portal.core.db import db
from portal.core.event_log import EventRow
from tests.world.accounts import PASSWORD, given_person
from tests.world.http import Visitor

NEW = "vier groene stoelen"


def change(visitor, current, new=NEW):
    return visitor.post("/account/password", {"current": current, "password": new})


def leave_alone(app, span):
    """Let every session have been seen ``span`` ago for the last time."""
    with app.app_context():
        db.session.execute(sa.update(SignIn).values(seen_at=machine_now() - span))
        db.session.commit()


def test_who_changes_the_password_stays_signed_in_here_and_nowhere_else(app, visitor, world):
    person = world(given_person)
    visitor.sign_in(person.email)
    elsewhere = Visitor(app).sign_in(person.email)
    assert change(visitor, PASSWORD).status_code == 302
    assert visitor.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert Visitor(app).post("/sign-in", {"email": person.email, "password": PASSWORD}).status_code == 422
    Visitor(app).sign_in(person.email, NEW)


def test_a_wrong_present_password_changes_nothing_and_counts_towards_the_lock(app, visitor, world):
    person = world(given_person)
    visitor.sign_in(person.email)
    refused = change(visitor, "niet dit woord")
    assert refused.status_code == 422
    assert 'id="current-error"' in refused.text
    Visitor(app).sign_in(person.email)
    for _ in range(5):
        change(visitor, "niet dit woord")
    assert change(visitor, PASSWORD).status_code == 422, "locked by now"
    with app.app_context():
        failures = sa.select(sa.func.count()).where(EventRow.topic == "person.sign-in-failed")
        assert db.session.scalar(failures) >= 5


def test_an_easy_new_password_is_refused_at_its_field(visitor, world):
    person = world(given_person)
    visitor.sign_in(person.email)
    refused = change(visitor, PASSWORD, "wachtwoord12")
    assert refused.status_code == 422
    assert 'id="password-error"' in refused.text
    assert change(visitor, PASSWORD).status_code == 302


def test_an_administrator_ends_somebodys_sessions_and_nobody_else_does(app, visitor, world):
    person = world(given_person)
    administrator = world(given_person, "Dirk Lambrechts", roles=[Role.ADMINISTRATOR])
    officer = world(given_person, "Mieke Hendrickx", roles=[Role.CASE_OFFICER])
    theirs = Visitor(app).sign_in(person.email)
    page = f"/admin/people/{person.id}"
    assert Visitor(app).sign_in(officer.email).post(f"{page}/sign-out").status_code in (403, 404)
    assert theirs.get("/account").status_code == 200
    visitor.sign_in(administrator.email)
    assert "1 sessie" in visitor.get(page).text
    assert visitor.post(f"{page}/sign-out", page=page).status_code == 302
    assert theirs.get("/account").status_code == 302


def test_a_browser_that_was_left_alone_for_three_hours_signs_in_again(app, visitor, world):
    visitor.sign_in(world(given_person).email)
    leave_alone(app, timedelta(hours=2, minutes=59))
    assert visitor.get("/account").status_code == 200
    leave_alone(app, timedelta(hours=3))
    assert visitor.get("/account").headers["Location"].startswith("/sign-in")


def test_a_page_that_asks_by_itself_keeps_no_session_alive(app, visitor, world):
    visitor.sign_in(world(given_person).email)
    leave_alone(app, timedelta(hours=2))
    visitor.get("/account", headers={"Accept": "application/json"})
    with app.app_context():
        assert machine_now() - db.session.scalar(sa.select(SignIn.seen_at)) >= timedelta(hours=2)
    visitor.get("/account")
    with app.app_context():
        assert machine_now() - db.session.scalar(sa.select(SignIn.seen_at)) < timedelta(minutes=1)
