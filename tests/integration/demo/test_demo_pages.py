"""The demo bar and its pages in a real browser: accessible, narrow enough for a phone, and their forms carry their token."""

import shutil
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server


@pytest.fixture
def address(demo, monkeypatch):
    monkeypatch.setitem(demo.config, "WTF_CSRF_ENABLED", True)
    server = make_server("127.0.0.1", 0, demo, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=(375, 1280))
def tab(request):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": request.param, "height": 900})
        browser.close()


def _is_fine(tab):
    found = Axe().run(tab).response["violations"]
    assert [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]] == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.viewport_size["width"]


def test_a_player_signs_in_moves_time_and_goes_back(tab, address):
    tab.goto(f"{address}/demo/mailbox")
    tab.get_by_text("Aanmelden als …").press("Enter")
    tab.get_by_text("Tijd verzetten").press("Enter")
    _is_fine(tab)
    tab.get_by_role("button", name="Hilde Maertens").press("Enter")
    expect(tab.locator(".dp-who")).to_contain_text("Hilde Maertens")

    tab.goto(f"{address}/demo/mailbox")
    tab.get_by_text("Tijd verzetten").click()
    tab.get_by_role("button", name="een uur voor").first.click()
    expect(tab.locator(".dp-demo time")).to_contain_text("29 juli 2022 om 11.00 uur")

    tab.get_by_text("Tijd verzetten").click()
    tab.get_by_role("link", name="Terug naar de beginwereld").click()
    _is_fine(tab)
    tab.get_by_role("button", name="Naar de beginwereld teruggaan").click()
    expect(tab.locator(".dp-demo time")).to_contain_text("20 juni 2022 om 14.05 uur")
    expect(tab.get_by_role("status")).to_contain_text("Niemand is aangemeld")
