"""The demo bar and its pages in a real browser: accessible, narrow enough for a phone, and their forms carry their token."""

from playwright.sync_api import expect

from tests.world.browser import assert_accessible


def test_a_player_signs_in_moves_time_and_goes_back(tab, address):
    tab.goto(f"{address}/demo/mailbox")
    tab.get_by_text("Aanmelden als …").press("Enter")
    tab.get_by_text("Tijd verzetten").press("Enter")
    assert_accessible(tab)
    tab.get_by_role("button", name="Hilde Maertens").press("Enter")
    expect(tab.locator(".dp-who")).to_contain_text("Hilde Maertens")

    tab.goto(f"{address}/demo/mailbox")
    tab.get_by_text("Tijd verzetten").click()
    tab.get_by_role("button", name="een uur voor").first.click()
    expect(tab.locator(".dp-demo time")).to_contain_text("29 juli 2022 om 11.00 uur")

    tab.get_by_text("Tijd verzetten").click()
    tab.get_by_role("link", name="Terug naar de beginwereld").click()
    assert_accessible(tab)
    tab.get_by_role("button", name="Naar de beginwereld teruggaan").click()
    expect(tab.locator(".dp-demo time")).to_contain_text("20 juni 2022 om 14.05 uur")
    expect(tab.get_by_role("status")).to_contain_text("Niemand is aangemeld")
