"""A text that looks like one that was legible before is not judged again; one that differs in anything is."""

import pytest
from playwright.sync_api import Browser

from tests.world.axe import axe_problems

PAGE = """<!doctype html><html lang="nl"><title>Proef</title><main><h1>Kop</h1>
<p class="dp-small" style="color: #333; background: #fff">Goed leesbaar.</p>{more}</main></html>"""


@pytest.mark.parametrize(
    "more",
    [
        '<p class="dp-small" style="color: #ccc; background: #fff">Te licht.</p>',
        '<p class="dp-small" style="color: #333; background: #444">Te donker.</p>',
        '<div style="background: #444"><p class="dp-small" style="color: #333">Op een donkere grond.</p></div>',
        '<div style="opacity: 0.3"><p class="dp-small" style="color: #333; background: #fff">Doorschijnend.</p></div>',
    ],
)
def test_a_text_of_another_look_is_judged_however_often_the_first_was_seen(chromium: Browser, more: str) -> None:
    tab = chromium.new_page()
    for _ in range(2):
        tab.set_content(PAGE.format(more=""))
        assert axe_problems(tab) == []
    for _ in range(2):
        tab.set_content(PAGE.format(more=more))
        assert [each.partition(":")[0] for each in axe_problems(tab)] == ["color-contrast"]
    tab.close()
