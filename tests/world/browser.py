"""What every page must bear in a real browser: axe finds nothing, nothing sticks out, the markup is sound."""

import os

from tinyhtml5.parser import HTMLParser

from tests.world.axe import axe_problems

WIDTHS = (375, 1280)
AXE_AT = {"nl": 375, "en": 1280}  # each width is looked at whole, in one language; what sticks out, at both in both
IN_BOTH = os.environ.get("PORTAL_THOROUGH") == "1"
STICKS_OUT = """() => {
  const root = document.documentElement
  if (root.scrollWidth <= root.clientWidth) return ""
  const wide = [...document.querySelectorAll("main *, header *, footer *, aside *")]
    .filter(each => each.getBoundingClientRect().right > root.clientWidth + 1)
  return `${root.scrollWidth} px wide: ` + wide.slice(-1).map(each => each.outerHTML.slice(0, 120)).join("")
}"""
TWICE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(each => each.id)
  return ids.filter((each, place) => ids.indexOf(each) !== place)
}"""


def in_languages(visits):
    """Yield each language, the width axe looks at in it, and what to visit: with ``make thorough`` all, else half."""
    for turn, (language, axe_at) in enumerate(AXE_AT.items()):
        yield language, axe_at, visits if IN_BOTH else visits[turn::2]


def assert_accessible(tab):
    assert axe_problems(tab) == []
    assert tab.evaluate(STICKS_OUT) == ""


def look_at(tab, markup, *, axe_at):
    """Everything that is wrong with the page in ``tab`` at 375 and 1280 px; axe, which is slow, looks at one width."""
    wrong = markup_problems(markup) + [f"id {each} twice" for each in tab.evaluate(TWICE)]
    for width in sorted(WIDTHS, key=lambda each: each == axe_at):
        tab.set_viewport_size({"width": width, "height": 900})
        if too_wide := tab.evaluate(STICKS_OUT):
            wrong.append(f"at {width} px: {too_wide}")
    return wrong + axe_problems(tab)


def markup_problems(markup):
    """Where the parser of HTML had to mend the page."""
    parser = HTMLParser()
    parser.parse(markup)
    lines = markup.splitlines()
    return [
        f"{code} {facts.get('name', '')} in {lines[min(row, len(lines)) - 1].strip()[:120]!r}"
        for (row, _column), code, facts in parser.errors
    ]
