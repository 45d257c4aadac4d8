"""The pages that look otherwise once a round has closed: axe finds nothing there either, nothing sticks out."""

from datetime import datetime

import pytest

from portal.core.clock import BRUSSELS
from portal.core.db import db
from portal.demo import clock as demo_clock
from tests.integration.demo.examples import examples
from tests.integration.demo.pages import AFTER_THE_DEADLINE
from tests.integration.demo.walk import Walk


@pytest.fixture(scope="module")
def world(demo, restored_once):
    """The world of the examples on the first of August."""
    with demo.app_context():
        found = examples(demo)
        demo_clock.move_clock(demo.extensions["portal.clock"], datetime(2022, 8, 1, 9, tzinfo=BRUSSELS))
        db.session.commit()
        return found


@pytest.mark.timeout(300)
@pytest.mark.parametrize("person", AFTER_THE_DEADLINE)
def test_a_page_is_accessible_after_the_deadline(demo, world, address, chromium, person):
    walk = Walk(demo, address, chromium, person)
    walk.take(AFTER_THE_DEADLINE[person], world)
    assert not walk.wrong, "\n".join(walk.wrong)
