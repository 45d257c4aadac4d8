"""An application filled in and changed without a mouse: Tab, Enter, Space and arrows, the focus always in sight."""

import pytest

from tests.world.keys import Keyboard

pytestmark = pytest.mark.timeout(600)
KINDS = {"textarea", "text", "date", "select-one", "checkbox"}


@pytest.fixture
def keys(restored, address, chromium):
    """A keyboard on the starting world, nobody signed in."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="nl-BE")
    tab = context.new_page()
    tab.goto(f"{address}/about")
    yield Keyboard(tab)
    context.close()


def become(keys, name):
    keys.go_to("Aanmelden als")
    keys.tab.keyboard.press("Enter")
    keys.follow(name, tag="BUTTON")


def fill_in(keys):
    """Answer whatever is asked on the page of a section, and save it."""
    while not (found := keys.press("Tab"))["words"].startswith("Bewaren"):
        if found.get("inForm") and found["tag"] in ("INPUT", "TEXTAREA", "SELECT"):
            keys.answer(found)
    keys.enter()


def tick_and_press(keys, button):
    """Tick every box on the way to ``button``, and press it."""
    while not (found := keys.press("Tab"))["words"].startswith(button):
        if found.get("type") == "checkbox" and not found["checked"]:
            keys.press("Space")
    keys.enter()


def test_an_application_is_written_without_a_mouse(keys, address):
    become(keys, "Eva Claes")
    keys.follow("Aanvraag openen")
    overview = keys.tab.url
    keys.follow("Doelstelling 1", tag="A")
    for code in ("B4", "B6", "B7", "B9"):
        keys.tab.goto(f"{overview}/sections/{code}")
        fill_in(keys)
        assert keys.tab.get_by_text(f"{code} is bewaard.").is_visible()
    assert keys.kinds >= KINDS
    keys.tab.goto(f"{overview}/budget")
    keys.follow("Kosten invullen")
    lines = keys.tab.locator("fieldset[data-cost]").count()
    keys.follow("Lijn toevoegen")
    assert keys.tab.locator("fieldset[data-cost]").count() == lines + 1
    keys.tab.goto(f"{overview}/check")
    tick_and_press(keys, "Aanvraag indienen")
    assert "Er zijn" in keys.here()["words"], "the error summary has the focus"


def test_the_skip_link_leads_past_the_menu_and_the_language_follows_the_keys(keys, address):
    become(keys, "Eva Claes")
    assert keys.press("Tab")["words"] == "Naar de inhoud"
    keys.tab.keyboard.press("Enter")
    assert keys.press("Tab")["inMain"]
    keys.tab.goto(f"{address}/my-work")
    keys.follow("English", tag="A")
    assert keys.tab.evaluate("document.documentElement.lang") == "en"
    keys.follow("Nederlands", tag="A")
    keys.go_to("Tijd verzetten")
    keys.tab.keyboard.press("Enter")
    keys.follow("een uur voor", tag="BUTTON")
    assert "29 juli 2022 om 11.00 uur" in keys.tab.locator(".dp-demo time").inner_text()


@pytest.mark.parametrize("name", ["Eva Claes", "Joris Wuyts", "Mieke Hendrickx", "Sofie De Backer"])
def test_no_page_holds_the_focus(keys, address, name):
    become(keys, name)
    for page in PAGES[name]:
        keys.tab.goto(address + page)
        assert keys.round_trip() > 10, page
        assert keys.round_trip("Shift+Tab") > 10, page


PAGES = {
    "Eva Claes": ["/my-work", "/applications/DB-B-2022-3-0003", "/applications/DB-B-2022-3-0003/documents"],
    "Joris Wuyts": ["/reviews"],
    "Mieke Hendrickx": ["/desk/rounds/B-2022-2/dossiers", "/desk/claims"],
    "Sofie De Backer": ["/admin/people", "/desk/rounds/B-2022-1/ranking"],
}
