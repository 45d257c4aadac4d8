"""Switches: an administrator turns one with a reason, an auditor only looks, and held files follow at once."""

import pytest
import sqlalchemy as sa

from portal.accounts.queries import get_claim
from portal.core.actor import Role
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.core.files import FileState, may_be_read
from portal.core.switches import Switch, is_on
from tests.world.accounts import given_claim, given_person
from tests.world.http import Visitor
from tests.world.partnerships import given_file

PAGE = "/admin/switches"
NO_SCANNER = f"{PAGE}/no_scanner"
ON = {"position": "on", "reason": "Er is geen scanner op deze server."}


@pytest.fixture
def administrator(visitor, world):
    return visitor.sign_in(world(given_person, "Sofie De Backer", roles=[Role.ADMINISTRATOR]).email)


def turned(world):
    stmt = sa.select(EventRow.payload).where(EventRow.topic == "switch.turned").order_by(EventRow.id)
    return [payload["is_on"] for payload in world(lambda: db.session.scalars(stmt).all())]


def test_an_administrator_turns_it_with_a_reason_and_held_files_can_be_opened_at_once(administrator, world):
    held, refused = world(given_file, state=FileState.HELD), world(given_file, state=FileState.REFUSED)
    assert not world(may_be_read, held)
    assert "kan ongescand geopend worden. 1 bestand is niet" in administrator.get(NO_SCANNER).text
    missing = administrator.post(NO_SCANNER, {**ON, "reason": " "})
    assert missing.status_code == 422
    assert 'id="reason-error"' in missing.text
    assert turned(world) == []
    assert administrator.post(NO_SCANNER, ON).headers["Location"] == PAGE
    assert world(may_be_read, held)
    assert not world(may_be_read, refused), "what a scanner refused stays closed"
    page = administrator.get(PAGE).text
    assert ON["reason"] in page
    assert "Sofie De Backer" in page
    assert administrator.post(NO_SCANNER, {"position": "off", "reason": "De scanner werkt."}).status_code == 302
    assert not world(may_be_read, held)
    assert turned(world) == [True, False]


def test_a_form_that_is_sent_twice_does_not_turn_it_back(administrator, world):
    assert administrator.post(NO_SCANNER, ON).status_code == 302
    again = administrator.post(NO_SCANNER, ON)
    assert again.status_code == 422
    assert ON["reason"] in again.text, "nothing typed is lost"
    assert world(is_on, Switch.NO_SCANNER)
    assert turned(world) == [True]


@pytest.mark.parametrize("position", ["", "sideways"])
def test_a_position_that_is_none_is_refused(administrator, world, position):
    assert administrator.post(NO_SCANNER, {**ON, "position": position}).status_code == 422
    assert turned(world) == []


def test_an_auditor_sees_it_and_turns_nothing_and_others_see_nothing(app, visitor, world):
    auditor = visitor.sign_in(world(given_person, "Greet Aerts", roles=[Role.AUDITOR]).email)
    page = auditor.get(PAGE)
    assert page.status_code == 200
    assert f'href="{NO_SCANNER}"' not in page.text
    assert auditor.get(NO_SCANNER).status_code == 403
    assert auditor.post(NO_SCANNER, ON, page="/account").status_code == 403
    officer = Visitor(app).sign_in(world(given_person, "Mieke Hendrickx", roles=[Role.CASE_OFFICER]).email)
    assert officer.get(PAGE).status_code == officer.get(NO_SCANNER).status_code == 404
    assert turned(world) == []


def test_the_proof_of_a_claim_is_downloaded_only_once_files_are_let_through(app, administrator, world):
    claim = world(given_claim)

    def attach():
        file = given_file("aanstelling.pdf", state=FileState.HELD)
        app.extensions["portal.storage"].put(str(file.key), b"%PDF-1.4")
        get_claim(claim.id).evidence_file_id = file.id

    world(attach)
    officer = Visitor(app).sign_in(world(given_person, "Mieke Hendrickx", roles=[Role.CASE_OFFICER]).email)
    assert officer.get(f"/desk/claims/{claim.id}/evidence").status_code == 404
    administrator.post(NO_SCANNER, ON)
    with officer.get(f"/desk/claims/{claim.id}/evidence") as answer:
        assert answer.data == b"%PDF-1.4"


def test_a_switch_that_does_not_exist_is_not_found(administrator):
    assert administrator.get(f"{PAGE}/self-destruct").status_code == 404
