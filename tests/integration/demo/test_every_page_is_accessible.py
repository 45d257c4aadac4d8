"""Every page, as somebody who uses it, in Dutch and English, at 375 and 1280 px: axe finds nothing, nothing sticks out.

``pages.py`` says who opens what. An endpoint that nobody opens fails here, so that no new page is left out. ``make
thorough`` opens every page in both languages; ``make test`` opens each in one of the two, in turn, for it takes half as long.
"""

from datetime import datetime

import pytest

from portal.core.clock import BRUSSELS
from portal.core.db import db
from portal.demo import clock as demo_clock
from tests.integration.demo.examples import cookie_of, examples
from tests.integration.demo.pages import AFTER_THE_DEADLINE, NOT_PAGES, VISITS
from tests.world.browser import in_languages, look_at

pytestmark = pytest.mark.timeout(600)
STRETCH = 20
POST = """([path, fields]) => {
  const form = document.createElement("form")
  form.method = "post"
  form.action = path
  const token = document.querySelector("input[name=csrf_token]").value
  for (const [name, value] of Object.entries({csrf_token: token, ...fields})) {
    const input = document.createElement("input")
    Object.assign(input, {type: "hidden", name, value})
    form.append(input)
  }
  document.body.append(form)
  form.submit()
}"""


def _everything(table):
    return [visit for visits in table.values() for visit in visits]


def test_no_page_is_left_out(demo):
    asked = {rule.endpoint for rule in demo.url_map.iter_rules() if "GET" in rule.methods}
    visited = {each.endpoint for each in _everything(VISITS) + _everything(AFTER_THE_DEADLINE)}
    assert asked - visited - NOT_PAGES.keys() == set()
    assert NOT_PAGES.keys() - asked == set(), "these are gone: strike them from the exceptions"
    assert NOT_PAGES.keys() & visited == set(), "these are visited, and no exceptions"


@pytest.fixture
def world(demo, restored):
    """The starting world with a few things more, gone again afterwards; the examples by name."""
    with demo.app_context():
        return examples(demo)


class Walk:
    """One person's way along pages, and everything that was wrong on it."""

    def __init__(self, demo, address, chromium, person):
        self.demo, self.address, self.wrong = demo, address, []
        self.context = chromium.new_context(viewport={"width": 1280, "height": 900})
        if person:
            self.context.add_cookies([{**cookie_of(demo, person), "url": address}])
        self.tab = self.context.new_page()
        self.tab.on("request", self._stays_here)
        self.tab.on("pageerror", lambda error: self.wrong.append(f"{self.tab.url}: {error}"))

    def _stays_here(self, request):
        if not request.url.startswith((self.address, "data:")):
            self.wrong.append(f"{self.tab.url} asks {request.url}")

    def take(self, visits, world):
        for language, axe_at, chosen in in_languages(visits):
            self.tab.goto(f"{self.address}/language/{language}?next=/about")
            for visit in chosen:
                answer = self._open(visit, world)
                said = look_at(self.tab, answer.text(), axe_at=axe_at)
                if answer.status != visit.status:
                    said.insert(0, f"answers {answer.status}, not {visit.status}")
                self.wrong += [f"{visit} ({language}): {each}" for each in said]
        self.context.close()

    def _open(self, visit, world):
        values = {key: value for name in visit.named for key, value in world[name].items()} | visit.values
        with self.demo.test_request_context():
            path = self.demo.url_for(visit.endpoint, **values)
        if visit.posted is None:
            return self.tab.goto(self.address + path)
        with self.tab.expect_navigation() as answered:
            self.tab.evaluate(POST, [path, visit.posted])
        return answered.value


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


@pytest.mark.parametrize("person", AFTER_THE_DEADLINE)
def test_a_page_is_accessible_after_the_deadline(demo, world, address, chromium, person):
    with demo.app_context():
        demo_clock.move_clock(demo.extensions["portal.clock"], datetime(2022, 8, 1, 9, tzinfo=BRUSSELS))
        db.session.commit()
    walk = Walk(demo, address, chromium, person)
    walk.take(AFTER_THE_DEADLINE[person], world)
    assert not walk.wrong, "\n".join(walk.wrong)
