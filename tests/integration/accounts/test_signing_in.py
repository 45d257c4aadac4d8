"""From an address to a session, and out again."""

import re

import sqlalchemy as sa

from portal.accounts.models import Person, SignIn
from portal.accounts.tokens import Purpose
from portal.core.db import db
from portal.core.event_log import EventRow
from tests.world.accounts import PASSWORD, given_person
from tests.world.http import Visitor
from tests.world.links import account_link

NEW = {"name": "Nora D’Hondt 🌱", "email": "Nora@Noordheide.example", "password": PASSWORD, "language": "nl"}


def sentence(answer):
    """What the page says of the password."""
    found = re.search(r'id="password-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    return found[1] if found else ""


def confirmation_link(app, email):
    with app.app_context():
        person = db.session.scalars(sa.select(Person).where(Person.email == email)).one()
        return account_link(app, Purpose.CONFIRM_EMAIL, person)


def test_registering_asks_to_confirm_the_address_before_one_can_sign_in(app, visitor):
    assert visitor.post("/register", NEW).status_code == 302
    credentials = {"email": "nora@noordheide.example", "password": PASSWORD}
    refused = visitor.post("/sign-in", credentials)
    assert refused.status_code == 422
    link = confirmation_link(app, "nora@noordheide.example")
    assert visitor.get(link).status_code == 200
    assert visitor.post(link).status_code == 302
    assert visitor.get(link).status_code == 404, "a link works once"
    assert visitor.post("/sign-in", credentials).status_code == 302


def test_a_known_address_gets_the_same_answer_as_a_new_one(app, visitor, world):
    person = world(given_person)
    known = visitor.post("/register", {**NEW, "email": person.email})
    new = visitor.post("/register", NEW)
    assert (known.status_code, known.headers["Location"]) == (new.status_code, new.headers["Location"])
    with app.app_context():
        topics = db.session.scalars(sa.select(EventRow.topic).where(EventRow.subject_id == person.id)).all()
        assert "person.password-reset-requested" in topics


def test_a_wrong_password_and_a_wrong_address_read_alike(visitor, world):
    person = world(given_person)
    wrong = visitor.post("/sign-in", {"email": person.email, "password": "niet dit woord"})
    nobody = visitor.post("/sign-in", {"email": "niemand@noordheide.example", "password": "niet dit woord"})
    assert wrong.status_code == nobody.status_code == 422
    assert sentence(wrong) == sentence(nobody) != ""


def test_five_wrong_passwords_lock_the_account_and_each_is_remembered(app, visitor, world):
    person = world(given_person)
    for _ in range(5):
        visitor.post("/sign-in", {"email": person.email, "password": "niet dit woord"})
    locked = visitor.post("/sign-in", {"email": person.email, "password": PASSWORD})
    assert locked.status_code == 422
    nobody = visitor.post("/sign-in", {"email": "niemand@noordheide.example", "password": PASSWORD})
    assert sentence(locked) == sentence(nobody), "a lock does not tell that there is an account"
    with app.app_context():
        failures = sa.select(sa.func.count()).where(EventRow.topic == "person.sign-in-failed")
        assert db.session.scalar(failures) == 5


def test_a_reset_link_lifts_the_lock_ends_every_session_and_works_once(app, visitor, world):
    person = world(given_person)
    elsewhere = Visitor(app).sign_in(person.email)
    link = account_link(app, Purpose.RESET_PASSWORD, person)
    assert visitor.post(link, {"password": "vier groene stoelen"}).status_code == 302
    assert visitor.get(link).status_code == 404
    assert elsewhere.get("/account").status_code == 302, "signed out everywhere"
    visitor.sign_in(person.email, "vier groene stoelen")
    assert visitor.get("/account").status_code == 200


def test_signing_out_everywhere_ends_the_other_browser_too(app, visitor, world):
    person = world(given_person)
    visitor.sign_in(person.email)
    other = Visitor(app).sign_in(person.email)
    visitor.post("/account/sessions/end-all", page="/account")
    assert other.get("/account").status_code == 302
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).where(SignIn.ended_at.is_(None))) == 0


def test_one_cannot_end_anothers_session(app, visitor, world):
    lotte, karim = world(given_person), world(given_person, "Karim Aznag")
    visitor.sign_in(lotte.email)
    Visitor(app).sign_in(karim.email)
    with app.app_context():
        numbers = dict(db.session.execute(sa.select(SignIn.person_id, SignIn.id)).all())
    assert visitor.post(f"/account/sessions/{numbers[karim.id]}/end", page="/account").status_code == 404
    assert visitor.post(f"/account/sessions/{numbers[lotte.id]}/end", page="/account").status_code == 302


def test_after_signing_in_one_returns_to_the_page_that_was_asked_for_and_never_to_another_host(visitor, world):
    person = world(given_person)
    asked = visitor.get("/organisations")
    assert asked.headers["Location"] == "/sign-in?next=/organisations"
    credentials = {"email": person.email, "password": PASSWORD}
    assert visitor.post(asked.headers["Location"], credentials).headers["Location"] == "/organisations"
    evil = visitor.post("/sign-in?next=//evil.example/", credentials)
    assert evil.headers["Location"].startswith("/")
    assert not evil.headers["Location"].startswith("//")


def test_a_name_of_spaces_is_no_name(visitor):
    refused = visitor.post("/register", {**NEW, "name": "  \t "})
    assert refused.status_code == 422
    assert 'id="name-error"' in refused.text
    assert visitor.post("/register", {**NEW, "name": "  Nora  "}).status_code == 302
