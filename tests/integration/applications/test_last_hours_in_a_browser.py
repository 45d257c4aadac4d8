"""The countdown in a real browser: it follows the server's clock, and a page that stays open says each next step."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from portal.accounts.queries import list_leads
from portal.core.clock import machine_now
from portal.core.db import db
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.services import cloned_database
from tests.world.accounts import PASSWORD
from tests.world.applications_models import given_complete_draft
from tests.world.browser import assert_accessible
from tests.world.serving import served_alone

LEFT = timedelta(minutes=10, seconds=12)
WRONG_CLOCK = "const now = Date.now.bind(Date); Date.now = () => now() + 3 * 3600 * 1000;"  # three hours ahead


@pytest.fixture
def site(services, tmp_path_factory):
    """The portal on a database of its own, served, with a draft whose round closes soon."""
    with cloned_database(services, "portal_last_hours", migrate) as database:
        folder = tmp_path_factory.mktemp("last_hours")
        app = app_for_tests(settings_for_tests(database, redis_url="redis://127.0.0.1:9/0", storage=folder))
        with app.app_context():
            application = given_complete_draft()
            path, email = f"/applications/{application.reference}", list_leads([application.promotor_id])[0].email
            round_id = application.round_id

        def close_in(left):
            with app.app_context():
                text = "UPDATE round SET closes_at = :at WHERE id = :id"
                db.session.execute(sa.text(text), {"at": machine_now() + left, "id": round_id})
                db.session.commit()

        with served_alone(app) as address:
            yield address, path, email, close_in


def test_the_banner_counts_by_the_servers_clock_and_says_each_next_step(site, chromium):
    address, path, email, close_in = site
    tab = chromium.new_page(viewport={"width": 375, "height": 800})
    tab.add_init_script(WRONG_CLOCK)
    tab.goto(f"{address}/sign-in")
    tab.fill("#email", email)
    tab.fill("#password", PASSWORD)
    tab.press("#password", "Enter")
    tab.wait_for_selector(".dp-who")
    close_in(LEFT)
    tab.goto(address + path)
    banner = tab.locator("[data-last-hours]")
    expect(banner).to_contain_text("minder dan een uur")
    expect(banner).to_contain_text("10 minuten")
    expect(banner).to_contain_text("minder dan tien minuten")
    expect(banner.locator("[data-countdown]")).to_contain_text("seconden")
    assert_accessible(tab)
    close_in(timedelta(seconds=7))
    tab.goto(address + path + "/check")
    expect(tab.locator("[data-last-hours] [role=status]")).to_contain_text("De deadline is voorbij")
    tab.close()
