"""Two people in one section, each in a browser of their own; a connection that goes, and a session that ends."""

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from portal.accounts.models import SignIn
from portal.applications.models import Application, Section
from portal.core.clock import machine_now
from portal.core.db import db
from portal.partnerships.models import Partnership

pytestmark = pytest.mark.timeout(120, func_only=True)


def write(page, name, text):
    """Type an answer, and wait until it was sent and answered."""
    with page.expect_response(lambda answer: answer.url.endswith("/autosave")):
        page.fill(f"[name={name}]", text)


@pytest.fixture
def draft(demo):
    """The reference of the draft that Eva Claes and Lotte Verhaegen write."""
    with demo.app_context():
        return db.session.scalar(
            sa.select(Application.reference)
            .join(Partnership)
            .where(Partnership.name == "Digibank Noordheide", Application.state == "draft")
            .order_by(Application.id.desc())
        )


@pytest.fixture
def as_person(chromium, address):
    """Open a browser of their own for somebody, signed in, on a page."""
    opened = []

    def sign_in(name, path):
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        opened.append(context)
        page = context.new_page()
        page.goto(f"{address}/")
        page.get_by_text("Aanmelden als …").click()
        page.get_by_role("button", name=name).click()
        page.wait_for_selector(".dp-who")
        page.goto(address + path)
        return page

    yield sign_in
    for each in opened:
        each.close()


@pytest.fixture
def stored(demo, draft):
    def answers(code):
        with demo.app_context():
            stmt = sa.select(Section.answers).join(Application)
            return db.session.scalar(stmt.where(Application.reference == draft, Section.code == code))

    return answers


def test_two_people_write_in_one_section_at_once(draft, as_person, stored):
    path = f"/applications/{draft}/sections/B4"
    eva, lotte = as_person("Eva Claes", path), as_person("Lotte Verhaegen", path)
    lotte.get_by_text("Eva Claes schrijft in deze rubriek.").wait_for()

    write(eva, "device_count", "321")
    write(lotte, "deposit", "35")
    expect(lotte.locator("[data-save-state]")).to_contain_text("Bewaard om")
    assert (stored("B4")["device_count"], stored("B4")["deposit"]) == ("321", "35.00")
    expect(lotte.locator("[name=device_count]")).to_have_value("321")

    lotte.focus("[name=loan_term]")  # what she is busy with does not change under her hands
    write(eva, "loan_term", "17")
    write(lotte, "loan_term", "18")
    lotte.get_by_text("Ook Eva Claes wijzigde dit antwoord.").wait_for()
    assert stored("B4")["loan_term"] == "17"
    lotte.get_by_role("button", name="Beide versies vergelijken").click()
    lotte.get_by_label("Mijn versie houden").check()
    lotte.get_by_role("button", name="Mijn keuze bewaren").click()
    lotte.get_by_text("B4 is bewaard").wait_for()
    assert stored("B4")["loan_term"] == "18"
    assert lotte.locator("[data-draft-offer]").is_hidden()


def test_what_is_wrong_is_said_at_the_question_and_mended_there(draft, as_person, stored):
    page = as_person("Eva Claes", f"/applications/{draft}/sections/B4")
    page.fill("[name=device_count]", "ca. 120")
    page.locator("[data-question=device_count] .govuk-error-message").wait_for()
    assert page.get_attribute("[name=device_count]", "aria-invalid") == "true"
    page.fill("[name=device_count]", "120")
    page.locator("[data-question=device_count] .govuk-error-message").wait_for(state="detached")
    assert stored("B4")["device_count"] == "120"


def test_a_connection_that_goes_loses_nothing(draft, as_person, stored):
    path = f"/applications/{draft}/sections/B2"
    page = as_person("Eva Claes", path)
    page.context.set_offline(True)
    page.fill("[name=cooperation]", "Geschreven op de trein, zonder verbinding.")
    page.get_by_text("Geen verbinding.").wait_for()
    with page.expect_response(lambda answer: answer.url.endswith("/autosave")):
        page.context.set_offline(False)
    expect(page.locator("[data-save-state]")).to_contain_text("Bewaard om")
    assert stored("B2")["cooperation"] == "Geschreven op de trein, zonder verbinding."


def test_what_a_browser_that_fell_out_had_not_sent_is_offered_after_a_reload(draft, as_person, stored):
    page = as_person("Eva Claes", f"/applications/{draft}/sections/B2")
    page.evaluate("""() => {
        const { person, page } = document.querySelector("form[data-autosave]").dataset;
        const base = document.querySelector("[name=version]").value;
        const kept = { cooperation: { base, pairs: [["cooperation", "Nog een zin, en dan viel de browser uit."]] } };
        localStorage.setItem(`draft:${person}:${page}`, JSON.stringify(kept));
    }""")
    page.reload()
    with page.expect_response(lambda answer: answer.url.endswith("/autosave")):
        page.get_by_role("button", name="Mijn tekst terugzetten").click()
    expect(page.locator("[data-save-state]")).to_contain_text("Bewaard om")
    assert stored("B2")["cooperation"] == "Nog een zin, en dan viel de browser uit."
    page.reload()
    expect(page.locator("[data-draft-offer]")).to_be_hidden()


def test_a_session_that_ends_keeps_the_text_through_sign_in(demo, draft, address, as_person, stored):
    path = f"/applications/{draft}/sections/B2"
    page = as_person("Eva Claes", path)
    before = stored("B2")["cooperation"]
    with demo.app_context():
        db.session.execute(sa.update(SignIn).values(expires_at=machine_now()))
        db.session.commit()
    page.fill("[name=cooperation]", "Getypt nadat de sessie verlopen was.")
    link = page.get_by_role("link", name="Aanmelden en verdergaan")
    expect(link).to_have_attribute("href", re.compile(r"/sign-in\?next=.*B2"))
    assert stored("B2")["cooperation"] == before
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{address}/")
    page.get_by_text("Aanmelden als …").click()
    page.get_by_role("button", name="Eva Claes").click()
    page.wait_for_selector(".dp-who")
    page.goto(address + path)
    with page.expect_response(lambda answer: answer.url.endswith("/autosave")):
        page.get_by_role("button", name="Mijn tekst terugzetten").click()
    expect(page.locator("[data-save-state]")).to_contain_text("Bewaard om")
    assert stored("B2")["cooperation"] == "Getypt nadat de sessie verlopen was."
    page.get_by_role("button", name="Afmelden").click()
    page.wait_for_selector(".dp-signin")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []
