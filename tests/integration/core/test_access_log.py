"""The line of a request: who (by number), which page, what came of it; never a name, an address, a password or a path."""

import json

import pytest
import sqlalchemy as sa

from portal.core.db import db
from tests.world.accounts import PASSWORD, given_person

WRITTEN = ("Wat", "iemand", "schreef")  # in pieces: a traceback shows the lines of the code


@pytest.fixture
def lines(capsys):
    def read():
        said = capsys.readouterr()
        return said.out + said.err, [json.loads(line) for line in said.out.splitlines()]

    return read


def test_a_request_leaves_one_line_with_the_id_that_the_browser_is_told(visitor, world, lines):
    person = world(given_person, "Eva Claes")
    browser = visitor.sign_in(person.email)
    lines()
    answer = browser.get("/account")
    text, (line,) = lines()
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["endpoint"] == "accounts.profile"
    assert line["method"] == "GET"
    assert line["status"] == 200
    assert line["ms"] > 0
    assert line["person_id"] == person.id
    assert person.name not in text
    assert person.email not in text


def test_nothing_secret_is_in_a_line(visitor, world, lines):
    person = world(given_person, "Eva Claes")
    visitor.sign_in(person.email)
    visitor.get("/account/reset/a-token-of-a-link?next=/secret-place")
    text, found = lines()
    assert len(found) >= 3
    for secret in (PASSWORD, person.email, person.name, "a-token-of-a-link", "secret-place"):
        assert secret not in text


def test_a_fault_is_logged_without_what_people_wrote(app, visitor, lines, monkeypatch):
    def fail():
        asked = sa.text("SELECT no_such_column FROM person WHERE name = :name")
        db.session.execute(asked, {"name": " ".join(WRITTEN)})

    monkeypatch.setitem(app.view_functions, "public.about", fail)
    answer = visitor.get("/about")
    text, found = lines()
    assert answer.status_code == 500
    request_id = answer.headers["X-Request-Id"]
    assert request_id in answer.text, "the page of the failure names it"
    assert [each["event"] for each in found] == ["fault", "request"]
    assert {each["request_id"] for each in found} == {request_id}
    assert "no_such_column" in text
    assert " ".join(WRITTEN) not in text
