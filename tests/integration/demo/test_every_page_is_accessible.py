"""Every page, as somebody who uses it, in Dutch and English, at 375 and 1280 px: axe finds nothing, nothing sticks out.

``pages.py`` says who opens what. An endpoint that nobody opens fails here, so that no new page is left out. ``make
thorough`` opens every page in both languages; ``make test`` opens each in one of the two, in turn, for it takes half as long.
"""

import pytest

from tests.integration.demo.examples import examples
from tests.integration.demo.pages import AFTER_THE_DEADLINE, NOT_PAGES, VISITS
from tests.integration.demo.walk import Walk

pytestmark = pytest.mark.timeout(600)
STRETCH = 20


def _everything(table):
    return [visit for visits in table.values() for visit in visits]


def test_no_page_is_left_out(demo):
    asked = {rule.endpoint for rule in demo.url_map.iter_rules() if "GET" in rule.methods}
    visited = {each.endpoint for each in _everything(VISITS) + _everything(AFTER_THE_DEADLINE)}
    assert asked - visited - NOT_PAGES.keys() == set()
    assert NOT_PAGES.keys() - asked == set(), "these are gone: strike them from the exceptions"
    assert NOT_PAGES.keys() & visited == set(), "these are visited, and no exceptions"


@pytest.fixture(scope="module")
def world(demo, restored_once):
    """The starting world with a few things more, gone again afterwards; the examples by name. No visit changes it."""
    with demo.app_context():
        return examples(demo)


def _name_of(person, world):
    return world.get(person, person.partition(",")[0]) if person else None


# At most twenty visits at a time, so that no process walks alone at the end of the tests.
STRETCHES = [
    pytest.param((person, visits[start : start + STRETCH]), id=f"{person or 'visitor'}, {start // STRETCH + 1}")
    for person, visits in VISITS.items()
    for start in range(0, len(visits), STRETCH)
]


@pytest.mark.parametrize("stretch", STRETCHES)
def test_a_page_is_accessible(demo, world, address, chromium, stretch):
    person, visits = stretch
    walk = Walk(demo, address, chromium, _name_of(person, world))
    walk.take(visits, world)
    assert not walk.wrong, "\n".join(walk.wrong)
