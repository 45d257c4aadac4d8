"""Files that fail on the way are tried again, each by its own button; one that is refused says why."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from portal.accounts.models import SignIn
from portal.core.clock import machine_now
from portal.core.db import db
from portal.core.files import StoredFile
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.services import cloned_database, worker_number
from tests.world.accounts import PASSWORD
from tests.world.browser import assert_accessible
from tests.world.drafting import given_team_draft
from tests.world.player import PDF
from tests.world.serving import served_alone
from tests.world.storage import FullDisk

KIND = "cooperation_agreement"


@pytest.fixture
def site(services, tmp_path):
    """The portal on a database of its own, served, with a draft that is open."""
    with cloned_database(services, f"portal_uploading_{worker_number()}", migrate) as database:
        app = app_for_tests(settings_for_tests(database, redis_url="redis://127.0.0.1:9/0", storage=tmp_path))
        with app.app_context():
            db.session().expire_on_commit = False
            draft = given_team_draft()
            db.session.commit()
        with served_alone(app) as address:
            yield app, address, draft


@pytest.fixture
def tab(chromium):
    context = chromium.new_context(viewport={"width": 375, "height": 900}, locale="nl-BE")
    yield context.new_page()
    context.close()


def sign_in(tab, address, email):
    tab.goto(f"{address}/sign-in")
    tab.fill("#email", email)
    tab.fill("#password", PASSWORD)
    tab.press("#password", "Enter")
    tab.wait_for_selector(".dp-who")


def pdf(name):
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF}


def end_sessions(app):
    with app.app_context():
        db.session.execute(sa.update(SignIn).values(expires_at=machine_now()))
        db.session.commit()


def test_a_file_that_failed_is_tried_again_by_itself_and_one_that_is_refused_is_not(site, tab):
    app, address, draft = site
    page = f"{address}{draft.path}/documents/{KIND}"
    sign_in(tab, address, draft.lead)
    tab.goto(page)
    faults = [lambda route: route.abort(), lambda route: route.fulfill(status=503, body="")]
    tab.route(
        page, lambda route: faults.pop(0)(route) if faults and route.request.method == "POST" else route.continue_()
    )
    refused = {"name": "virus.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00" + bytes(400)}
    tab.set_input_files("input[type=file]", [pdf("eerste.pdf"), pdf("tweede.pdf"), refused, pdf("derde.pdf")])
    tab.get_by_role("button", name="Documenten toevoegen").click()
    rows, status = tab.locator("[data-upload-list] li"), tab.get_by_role("status")
    first, second, third = (rows.filter(has_text=name) for name in ("eerste.pdf", "tweede.pdf", "virus.pdf"))

    expect(status).to_contain_text("3 niet toegevoegd. De andere wel.")
    expect(first).to_contain_text("De verbinding viel weg.")
    expect(second).to_contain_text("Het portaal kon dit bestand nu niet aannemen.")
    expect(status).to_contain_text("tweede.pdf: Het portaal kon dit bestand nu niet aannemen.")
    expect(third).to_contain_text("virus.pdf is geen pdf")
    expect(third.get_by_role("button", name="Opnieuw proberen")).to_have_count(0)
    assert_accessible(tab)

    first.get_by_role("button", name="Opnieuw proberen eerste.pdf").press("Enter")
    expect(first).to_contain_text("Toegevoegd")
    expect(status).to_contain_text("2 niet toegevoegd.")

    end_sessions(app)
    second.get_by_role("button", name="Opnieuw proberen").press("Enter")
    expect(second).to_contain_text("U bent niet meer aangemeld.")
    expect(second.get_by_role("button", name="Opnieuw proberen")).to_be_focused()
    other = tab.context.new_page()
    sign_in(other, address, draft.lead)
    tab.keyboard.press("Enter")
    expect(second).to_contain_text("Toegevoegd")
    third.get_by_role("button", name="Dit bestand weglaten").click()
    tab.wait_for_url(f"{address}{draft.path}/documents")
    with app.app_context():
        names = db.session.scalars(sa.select(StoredFile.name).order_by(StoredFile.id)).all()
    assert names == ["derde.pdf", "eerste.pdf", "tweede.pdf"]


def test_a_file_that_the_storage_did_not_take_is_tried_again_too(site, tab, tmp_path, monkeypatch):
    app, address, draft = site
    sign_in(tab, address, draft.lead)
    tab.goto(f"{address}{draft.path}/documents/{KIND}")
    with monkeypatch.context() as fault:
        fault.setitem(app.extensions, "portal.storage", FullDisk(tmp_path))
        tab.set_input_files("input[type=file]", [pdf("overeenkomst.pdf")])
        tab.get_by_role("button", name="Documenten toevoegen").click()
        row = tab.locator("[data-upload-list] li")
        expect(row).to_contain_text("Het portaal kon dit bestand nu niet aannemen.")
        expect(tab.get_by_role("status")).to_contain_text("1 niet toegevoegd.")
        expect(tab.get_by_role("status")).not_to_contain_text("De andere wel.")
    row.get_by_role("button", name="Opnieuw proberen").press("Enter")
    tab.wait_for_url(f"{address}{draft.path}/documents")
    assert tab.get_by_role("link", name="overeenkomst.pdf").count() == 1
