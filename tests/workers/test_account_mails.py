"""The links of an account: in a mail, good for one use, and nowhere in the database."""

import re

import psycopg
import pytest
from psycopg import sql

from portal.accounts.commands.people import confirm_email, create_person, request_password_reset
from portal.accounts.queries import get_person
from portal.core.db import db
from tests.world.accounts import PASSWORDS, ctx_for


@pytest.fixture
def person_id(worker_app):
    """Somebody who registered a moment ago."""
    with worker_app.app_context():
        hashed = PASSWORDS.hash("drie blauwe lampen")
        person = create_person(
            ctx_for(), email="lotte@noordheide.example", name="Lotte", language="nl", password_hash=hashed
        )
        db.session.commit()
        return person.id


def link_in(message):
    (link,) = re.findall(r"http://localhost(/account/\S+)", message.get_body(("plain",)).get_content())
    return link


def test_the_confirmation_link_opens_its_page_until_it_is_used(run, worker_app, sink, person_id):
    run("outbox.relay_events")
    run("mail.send_urgent")
    (message,) = sink.messages
    assert message["Subject"] == "Bevestig uw e-mailadres"
    link = link_in(message)
    assert worker_app.test_client().get(link).status_code == 200
    with worker_app.app_context():
        confirm_email(ctx_for(), get_person(person_id))
        db.session.commit()
    assert worker_app.test_client().get(link).status_code == 404


def test_a_reset_link_is_urgent_and_its_token_is_stored_nowhere(run, worker_app, worker_database, sink, person_id):
    with worker_app.app_context():
        confirm_email(ctx_for(), get_person(person_id))
        request_password_reset(ctx_for(), "lotte@noordheide.example")
        db.session.commit()
    run("outbox.relay_events")
    run("mail.send_urgent")
    message = next(each for each in sink.messages if each["Message-ID"].split(".")[1] == "password-reset")
    link = link_in(message)
    assert worker_app.test_client().get(link).status_code == 200
    token = link.rsplit("/", 1)[1].split("-")[-1]
    with psycopg.connect(worker_database.superuser_url) as hand:
        tables = [name for (name,) in hand.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        texts = [sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)) for table in tables]
        rows = [row for text in texts for row in hand.execute(text)]
    assert rows
    assert not [row for (row,) in rows if token in row]
