"""The form of a review in a browser: the running total follows what is chosen."""

import re


def sign_in(tab, address, person):
    tab.goto(f"{address}/")
    tab.get_by_text("Aanmelden als …").click()
    tab.get_by_role("button", name=person).click()
    tab.wait_for_selector(".dp-who")


def links(tab, pattern):
    return re.findall(f'href="({pattern})"', tab.content())


def test_the_running_total_is_the_one_that_the_server_counts(tab, address):
    sign_in(tab, address, "Joris Wuyts")
    tab.goto(f"{address}/reviews")
    writing, *_ = links(tab, r"/reviews/\d+")
    tab.goto(address + writing)
    for place, score in enumerate((7, 8, 6)):
        group = tab.locator("fieldset[data-weight]").nth(place)
        group.locator(f'input[value="{score}"]').check(force=True)
    tab.locator("fieldset[data-weight]").nth(3).locator('input[value="cannot-judge"]').check(force=True)
    live = tab.locator("[data-total]").inner_text()
    tab.get_by_role("button", name="Concept bewaren").click()
    tab.wait_for_selector(".dp-notice--success")
    assert tab.locator("[data-total]").inner_text() == live
