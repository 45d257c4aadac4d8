"""Links to an account: for one purpose, for a while, and with a way to ask for another."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.tokens import Purpose
from portal.core.db import db
from portal.core.event_log import EventRow
from tests.world.accounts import PASSWORD, given_person
from tests.world.links import account_link

MOMENT = timedelta(seconds=30)
LIFETIMES = {
    Purpose.RESET_PASSWORD: (timedelta(hours=2), "/account/forgot"),
    Purpose.CONFIRM_EMAIL: (timedelta(days=7), "/account/confirm-again"),
}


def given_unconfirmed():
    person = given_person("Nora D’Hondt")
    person.email_confirmed_at = None
    return person


def topics_of(world, person):
    stmt = sa.select(EventRow.topic).where(EventRow.subject == "person", EventRow.subject_id == person.id)
    return world(lambda: db.session.scalars(stmt.order_by(EventRow.id)).all())


def test_a_link_for_one_purpose_is_worthless_for_another(app, visitor, world):
    link = account_link(app, Purpose.CONFIRM_EMAIL, world(given_person))
    assert visitor.get(link).status_code == 200
    assert visitor.get(link.replace("confirm", "reset")).status_code == 404


@pytest.mark.parametrize("purpose", LIFETIMES)
def test_a_link_expires_and_its_page_says_how_to_ask_anew(app, visitor, world, purpose):
    person, (lifetime, again) = world(given_unconfirmed), LIFETIMES[purpose]
    assert visitor.get(account_link(app, purpose, person, age=lifetime - MOMENT)).status_code == 200
    expired = account_link(app, purpose, person, age=lifetime + MOMENT)
    page = visitor.get(expired)
    assert page.status_code == 404
    assert "Deze link werkt niet meer" in page.text
    assert f'href="{again}"' in page.text
    posted = visitor.post(expired, {"password": "vier groene stoelen"}, page="/sign-in")
    assert posted.status_code == 404
    assert world(lambda: db.session.get(Person, person.id).email_confirmed_at) is None, "nothing changed"


def test_nobody_gives_a_link_a_longer_life(app, visitor, world):
    link = account_link(app, Purpose.RESET_PASSWORD, world(given_person), age=timedelta(hours=3))
    row, until, signature = link.rsplit("/", 1)[1].split("-")
    for forged in (f"{row}-{int(until) + 86400}-{signature}", f"{row}-{signature}", f"{row}-99999999999-{signature}"):
        assert visitor.get(f"/account/reset/{forged}").status_code == 404


def test_another_confirmation_is_sent_to_an_unconfirmed_address_only_and_the_answer_tells_nothing(visitor, world):
    unconfirmed, confirmed = world(given_unconfirmed), world(given_person)
    answers = {
        email: visitor.post("/account/confirm-again", {"email": email}).headers["Location"]
        for email in (unconfirmed.email, confirmed.email, "niemand@noordheide.example")
    }
    assert set(answers.values()) == {"/account/mail-sent"}
    assert topics_of(world, unconfirmed)[-1] == "person.confirmation-requested"
    assert "person.confirmation-requested" not in topics_of(world, confirmed)


def test_who_never_confirmed_is_shown_the_way_and_gets_in_after_it(app, visitor, world):
    person = world(given_unconfirmed)
    credentials = {"email": person.email, "password": PASSWORD}
    refused = visitor.post("/sign-in", credentials)
    assert refused.status_code == 422
    assert 'href="/account/confirm-again"' in refused.text
    assert visitor.post(account_link(app, Purpose.CONFIRM_EMAIL, person)).status_code == 302
    assert visitor.post("/sign-in", credentials).status_code == 302


def test_a_password_that_is_easily_guessed_is_refused_by_a_link_too(app, visitor, world):
    link = account_link(app, Purpose.RESET_PASSWORD, world(given_person))
    assert visitor.post(link, {"password": "Wachtwoord2022!"}).status_code == 422
    assert visitor.post(link, {"password": "vier groene stoelen"}).status_code == 302
