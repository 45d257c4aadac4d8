"""Every building block, and every error page, in a real browser: axe finds nothing, nothing sticks out, scripts run."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.interface.blocks import CLOSES, NOW, ROOT, create_blocks_app
from tests.world.serving import served

WIDTHS = (320, 375, 1280)
ERRORS = sorted(path.stem for path in (ROOT / "templates/errors").glob("[!_]*.html"))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(create_blocks_app()) as address:
        yield address


@pytest.fixture(scope="module")
def tab(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


def _violations(tab: Page) -> list[str]:
    found = Axe().run(tab).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_blocks_are_accessible_and_fit(tab: Page, address: str, width: int, language: str) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(f"{address}/?lang={language}")
    assert _violations(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_is_accessible_and_shows_a_way_on(tab: Page, address: str, name: str) -> None:
    tab.set_viewport_size({"width": 375, "height": 800})
    tab.goto(f"{address}/fout/{name}")
    assert _violations(tab) == []
    expect(tab.get_by_role("heading", level=1)).to_be_visible()
    expect(tab.get_by_role("link", name="Naar de startpagina")).to_be_visible()


def test_the_error_summary_has_the_focus_and_leads_to_the_controls(tab: Page, address: str) -> None:
    tab.goto(address)
    expect(tab.locator("[data-error-summary]")).to_be_focused()
    tab.get_by_role("link", name="Kies een weg.").click()
    expect(tab.locator("#route-0")).to_be_focused()


def test_a_long_answer_counts_while_one_types(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.locator("#support").fill("a" * 1201)
    expect(tab.locator("#support-count")).to_have_text("1 tekens te veel")


def test_a_table_is_filtered_without_accents(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.locator("#bb-search").fill("rsz")
    expect(tab.get_by_text("1 bijlagen")).to_be_visible()
    expect(tab.get_by_role("row", name="Samenwerkingsovereenkomst")).to_be_hidden()


def test_the_countdown_goes_on_from_the_servers_clock(tab: Page, address: str) -> None:
    tab.clock.install()
    tab.goto(address)
    line = tab.locator(".dp-deadline__time b")
    expect(line).to_have_text("Nog 38 dagen en 21 uur")
    tab.clock.fast_forward((CLOSES - NOW - timedelta(minutes=17, seconds=5)) / timedelta(milliseconds=1))
    expect(line).to_have_text("Nog 17 minuten")


def test_a_page_asks_for_one_style_sheet_and_no_other_host(tab: Page, address: str) -> None:
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(address)
    assert len([url for url in asked if url.endswith(".css")]) == 1
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
