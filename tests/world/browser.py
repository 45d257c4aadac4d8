"""What every page must bear in a real browser: axe finds nothing, and a phone is wide enough."""

from axe_playwright_python.sync_playwright import Axe


def assert_accessible(tab):
    found = Axe().run(tab).response["violations"]
    assert [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]] == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.viewport_size["width"]
