"""Programmes and calls as they were loaded: staff reads them whole, nobody else knows of them."""

import pytest

from portal.calls.models import Call
from portal.core.actor import Role
from portal.core.db import db
from tests.world.accounts import given_person
from tests.world.calls import given_announced_round, given_drafted_round, given_programmes
from tests.world.http import Visitor

CALL = "/admin/calls/digibanken/execution"


def plain(answer):
    return answer.text.replace("\xa0", " ")


def given_staff(role):
    return given_person("Sofie De Backer", roles=[role])


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CASE_OFFICER, Role.AUDITOR])
def test_staff_reads_programmes_and_a_reviewer_does_not(app, visitor, world, role):
    world(given_programmes)
    visitor.sign_in(world(given_staff, role).email)
    page = plain(visitor.get("/admin/programmes"))
    for shown in ("Digibanken", "Iedereen Digitaal", "Hilde Crevits", "€ 50.000.000,00", f'href="{CALL}"'):
        assert shown in page, shown
    assert 'href="/admin/programmes"' in visitor.get("/my-work").text, "it stands in the menu"
    reviewer = Visitor(app).sign_in(world(given_person, "Nora Peeters", roles=[Role.REVIEWER]).email)
    assert reviewer.get("/admin/programmes").status_code == reviewer.get(CALL).status_code == 404
    assert 'href="/admin/programmes"' not in reviewer.get("/my-work").text


def test_a_call_is_shown_whole_with_both_halves_of_its_rules(visitor, world):
    world(given_programmes)
    visitor.sign_in(world(given_staff, Role.AUDITOR).email)
    page = plain(visitor.get(CALL))
    for shown in (
        "€ 500.000,00",
        "24 maanden",
        "31 december 2024",
        "OV-12",
        "minimum_municipalities: 1",
        "local_government, civil_society",
        "Is het recht om de promotor te verbinden bevestigd?",
        "Kostenrubrieken",
        "Laagste score",
        "B13 ",
        "Versie 1",
        "per partner die middelen ontvangt",
        'href="/calls/digibanken/execution/documents/',
        "Nog geen rondes",
    ):
        assert shown in page, shown
    assert visitor.get("/admin/calls/digibanken/nowhere").status_code == 404


def test_a_call_links_its_rounds_drafts_included(visitor, world):
    world(given_announced_round)
    world(given_drafted_round, opens_at="2022-08-16T09:00", closes_at="2022-09-16T12:00")
    visitor.sign_in(world(given_staff, Role.ADMINISTRATOR).email)
    page = visitor.get(CALL).text
    assert 'href="/admin/rounds/B-2022-1"' in page
    assert 'href="/admin/rounds/B-2022-2"' in page
    assert f'href="{CALL}"' in visitor.get("/admin/rounds/B-2022-1").text
    assert 'href="/rounds/B-2022-1"' in visitor.get("/admin/rounds/B-2022-1").text
    assert 'href="/rounds/B-2022-2"' not in visitor.get("/admin/rounds/B-2022-2").text, "a draft has no public page"


def test_the_programmes_take_as_many_statements_whatever_their_calls(app, visitor, world, count_statements):
    world(given_programmes)
    visitor.sign_in(world(given_staff, Role.ADMINISTRATOR).email)
    with count_statements() as few:
        visitor.get("/admin/programmes")

    def add_calls():
        known = db.session.query(Call).filter_by(code="execution").one()
        for letter in "XYZ":
            added = Call(programme_id=known.programme_id, code=letter, letter=letter, definition=known.definition)
            db.session.add(added)

    world(add_calls)
    with app.app_context():
        db.session.remove()
    with count_statements() as more:
        assert visitor.get("/admin/programmes").status_code == 200
    assert len(few) == len(more) == 4  # the last one counts what is unread
