"""A page that goes before it is saved: what was typed is offered when one comes back, to that person and nobody else."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.timeout(120, func_only=True)
OFFER = "[data-draft-offer]"


@pytest.fixture
def person(chromium, address, restored):
    """One browser, as somebody signs in to it; a page that would ask before it is left is left."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())

    def sign_in(name):
        page.goto(f"{address}/about")
        page.get_by_text("Aanmelden als …").click()
        page.get_by_role("button", name=name).click()
        page.wait_for_selector(".dp-who")
        return page

    yield sign_in
    context.close()


def leave_and_return(page, wait=600):
    page.wait_for_timeout(wait)  # what was typed is kept a moment after one stops
    page.reload()


@pytest.fixture
def costs(person, address):
    """The costs of one partner, opened by a colleague of the lead partner."""
    page = person("Eva Claes")
    page.goto(f"{address}/applications/DB-B-2022-3-0003/budget")
    page.get_by_role("link", name="Kosten invullen", exact=True).click()
    return page


def test_costs_that_were_typed_and_not_saved_are_put_back_and_saved(costs):
    row = costs.locator("textarea[name$=explanation], input[name$=explanation]").first
    expect(costs.locator(OFFER)).to_be_hidden()
    row.fill("Huur van het lokaal waar de lessen doorgaan, per maand.")
    leave_and_return(costs)
    expect(costs.locator(OFFER)).to_be_visible()
    expect(row).not_to_have_value("Huur van het lokaal waar de lessen doorgaan, per maand.")
    costs.get_by_role("button", name="Mijn tekst terugzetten").click()
    expect(row).to_have_value("Huur van het lokaal waar de lessen doorgaan, per maand.")
    costs.get_by_role("button", name="Bewaren", exact=True).last.click()
    costs.wait_for_load_state()
    costs.reload()
    expect(costs.locator(OFFER)).to_be_hidden()


def test_a_row_that_was_added_comes_back_with_its_text(costs):
    costs.get_by_role("button", name="Lijn toevoegen").click()
    last = costs.locator("textarea[name$=explanation], input[name$=explanation]").last
    last.fill("Een tweede helpdesk in de bibliotheek van het stadsdeel.")
    name = last.get_attribute("name")
    costs.wait_for_timeout(600)
    costs.goto(costs.url.partition("#")[0])
    assert costs.locator(f"[name={name}]").count() == 0
    costs.get_by_role("button", name="Mijn tekst terugzetten").click()
    expect(costs.locator(f"[name={name}]")).to_have_value("Een tweede helpdesk in de bibliotheek van het stadsdeel.")


def test_what_is_thrown_away_or_left_by_signing_out_is_gone(person, costs, address):
    page, path = costs, costs.url
    page.locator("[name$=explanation]").first.fill("Deze tekst gooi ik weg, want hij klopt niet.")
    leave_and_return(page)
    page.get_by_role("button", name="Weggooien").click()
    page.reload()
    expect(page.locator(OFFER)).to_be_hidden()
    page.locator("[name$=explanation]").first.fill("En deze laat ik staan wanneer ik mij afmeld.")
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Afmelden").click()
    person("Lotte Verhaegen").goto(path)
    expect(page.locator(OFFER)).to_be_hidden()
    person("Eva Claes").goto(path)
    expect(page.locator(OFFER)).to_be_hidden()


@pytest.fixture
def review(person, address):
    """A review that is to be written, opened by its reviewer."""
    page = person("Joris Wuyts")
    page.goto(f"{address}/reviews")
    page.locator("section[aria-labelledby=writing] th a").first.click()
    page.wait_for_load_state("networkidle")
    return page


def reasons_of(page):
    return page.locator("textarea[name$=reason]").first


def test_what_a_reviewer_types_is_kept_by_itself_and_stands_there_after_a_reload(review):
    seven = review.locator("fieldset[data-weight]").first.locator('input[value="7"]')
    seven.check(force=True)
    reasons_of(review).fill("Het bestuur is goed beschreven, de taken zijn verdeeld.")
    expect(review.locator("[data-save-state]")).to_contain_text("Concept bijgehouden")
    review.reload()
    expect(seven).to_be_checked()
    expect(reasons_of(review)).to_have_value("Het bestuur is goed beschreven, de taken zijn verdeeld.")


def test_two_windows_of_one_reviewer_lose_neither_text(review):
    other = review.context.new_page()
    other.goto(review.url, wait_until="networkidle")
    reasons_of(review).fill("Uit het eerste venster: de taken zijn verdeeld.")
    expect(review.locator("[data-save-state]")).to_contain_text("Concept bijgehouden")
    other.get_by_label("Sterke punten").fill("Alleen uit het tweede venster: het bereik is groot.")
    expect(other.locator("[data-save-state]")).to_contain_text("ander venster")
    reasons_of(other).fill("Uit het tweede venster: wie doet wat?")
    other.get_by_role("button", name="Beide teksten vergelijken").click()
    expect(other.get_by_text("Uit het eerste venster")).to_be_visible()
    other.get_by_label("Houden wat in dit venster staat").check()
    other.get_by_role("button", name="Mijn keuze bewaren").click()
    expect(reasons_of(other)).to_have_value("Uit het tweede venster: wie doet wat?")
    expect(other.get_by_label("Sterke punten")).to_have_value("Alleen uit het tweede venster: het bereik is groot.")
