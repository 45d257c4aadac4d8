"""The pages of reviewing in a browser: axe finds nothing, a phone is wide enough, the running total follows."""

import re

import pytest

from tests.world.browser import assert_accessible

ROUND = "/desk/rounds/B-2022-2"
DOSSIER = "/desk/dossiers/DB-B-2022-2-000"
STAFF = [f"{ROUND}/reviews", f"{DOSSIER}1/reviewers", f"{DOSSIER}1/consensus", f"{DOSSIER}2/consensus"]


def sign_in(tab, address, person):
    tab.goto(f"{address}/")
    tab.get_by_text("Aanmelden als …").click()
    tab.get_by_role("button", name=person).click()
    tab.wait_for_selector(".dp-who")


def links(tab, pattern):
    return re.findall(f'href="({pattern})"', tab.content())


def assert_accessible_in_both_languages(tab, address, pages):
    for language in ("nl", "en"):
        tab.goto(f"{address}/language/{language}?next=/about")
        for page in pages:
            assert tab.goto(address + page).status == 200, page
            assert_accessible(tab)


@pytest.mark.timeout(180)
def test_the_reviewers_pages_are_accessible(tab, address):
    sign_in(tab, address, "Joris Wuyts")
    tab.goto(f"{address}/reviews")
    invitation, *_ = links(tab, r"/reviews/\d+/invitation")
    writing, *_rest, submitted = links(tab, r"/reviews/\d+")
    pages = ["/my-work", "/reviews", invitation, writing, f"{writing}/submit", submitted]
    assert_accessible_in_both_languages(tab, address, pages)


@pytest.mark.timeout(180)
def test_the_desks_pages_are_accessible(tab, address):
    sign_in(tab, address, "Mieke Hendrickx")
    tab.goto(f"{address}{STAFF[1]}")
    steering = links(tab, r"/desk/reviews/\d+/(?:take-off|reopen)")[:2]
    assert_accessible_in_both_languages(tab, address, [*STAFF, *steering])


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
