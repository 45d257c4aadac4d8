"""Questions that a script helps with, in a real browser: figures that follow what is typed, and a search for municipalities."""

import pytest
from playwright.sync_api import expect

from portal.core.db import db
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.services import cloned_database
from tests.world.accounts import PASSWORD
from tests.world.browser import assert_accessible
from tests.world.sections import given_draft_to_fill
from tests.world.serving import served_alone


@pytest.fixture
def section(services, tmp_path_factory, chromium):
    """Open a section of a draft in a tab, signed in."""
    with cloned_database(services, "portal_questions", migrate) as database:
        folder = tmp_path_factory.mktemp("questions")
        app = app_for_tests(settings_for_tests(database, redis_url="redis://127.0.0.1:9/0", storage=folder))
        with app.app_context():
            db.session().expire_on_commit = False
            reference, email = given_draft_to_fill()
            db.session.commit()
        with served_alone(app) as address:
            tab = chromium.new_page(viewport={"width": 375, "height": 800})
            tab.goto(f"{address}/sign-in")
            tab.fill("#email", email)
            tab.fill("#password", PASSWORD)
            tab.press("#password", "Enter")
            tab.wait_for_selector(".dp-who")

            def opened(code):
                tab.goto(f"{address}/applications/{reference}/sections/{code}")
                return tab

            yield opened
            tab.close()


def test_figures_follow_what_is_typed_and_the_server_keeps_the_same(section):
    tab = section("B7")
    tab.fill("#unique_users-2023-jobseekers", "1.200")
    tab.fill("#unique_users-2024-older_people", "2400")
    for _each in range(2):  # as the script computes it, and as the server does
        expect(tab.locator("#unique_users_total")).to_have_text("3.600 gebruikers")
        expect(tab.locator("#jobseekers_share")).to_have_text("33,33 %")
        with tab.expect_navigation():
            tab.get_by_role("button", name="Bewaren", exact=True).last.click()
    tab = section("B4")
    tab.fill("#device_count", "3")
    tab.fill("#deposit", "0,35")
    expect(tab.locator("#deposits_total")).to_have_text("€\N{NO-BREAK SPACE}1,05")
    tab.fill("#deposit", "")
    expect(tab.locator("#deposits_total")).to_have_text("Nog niet bekend")
    tab = section("B6")
    tab.fill("#access_points-0-weekly_hours", "12,5")
    expect(tab.locator("#access_point_hours")).to_have_text("12,5 uur")


def test_municipalities_are_found_by_name_or_postal_code_while_one_types(section):
    tab = section("B7")
    search, seen = tab.locator("#service_area-filter"), tab.locator(".govuk-checkboxes__item:visible")
    search.fill("232")
    expect(seen).to_have_text(["Hoogstraten"])
    expect(tab.locator("#service_area-found")).to_have_text("Gemeenten met deze naam of postcode: 1")
    assert_accessible(tab)
    search.fill("sint niklaas")
    expect(seen).to_have_text(["Sint-Niklaas"])
    seen.first.locator("input").check()
    expect(tab.locator("[data-chosen]")).to_contain_text("Sint-Niklaas")
    expect(tab.locator("[data-save-state]")).to_contain_text("Bewaard om")
    tab.reload()
    expect(tab.locator("[data-chosen]")).to_contain_text("Sint-Niklaas")
