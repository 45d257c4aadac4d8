"""Writers that never wait, two sealers at once, and a sealer that dies: the chain has no fork and misses nothing."""

import threading
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.chain import ChainLink, breaks_in_chain, count_unchained, extend_chain
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow, record
from portal.core.events import Event
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.faults.size import IS_FULL
from tests.services import cloned_database
from tests.world.time import moment

WRITERS, EACH = (4, 400) if IS_FULL else (3, 60)


@dataclass(frozen=True)
class StoneLaid(Event, topic="stone.laid"):
    stone_id: int


@pytest.fixture
def quarry(services, tmp_path):
    with cloned_database(services, "portal_quarry", migrate) as database:
        app = app_for_tests(settings_for_tests(database, redis_url="redis://127.0.0.1:9/0", storage=tmp_path))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def write(app, writer):
    ctx = Ctx(moment("2022-06-20T14:05"), Actor(person_id=writer))
    with app.app_context():
        for stone in range(EACH):
            record(ctx, StoneLaid(stone_id=writer * EACH + stone))
            db.session.commit()
        db.session.remove()


def seal(app, stop, *, dies):
    """Seal until told to stop; one that dies rolls its links back, as a killed process would."""
    with app.app_context():
        while not stop.is_set():
            extend_chain()
            if dies:
                db.session.rollback()
            else:
                db.session.commit()
        db.session.remove()


def test_two_sealers_and_one_that_dies_leave_one_unbroken_chain(quarry):
    stop = threading.Event()
    sealers = [
        threading.Thread(target=seal, args=(quarry, stop), kwargs={"dies": dies}) for dies in (False, False, True)
    ]
    writers = [threading.Thread(target=write, args=(quarry, number)) for number in range(1, WRITERS + 1)]
    for thread in (*sealers, *writers):
        thread.start()
    for thread in writers:
        thread.join(200)
    stop.set()
    for thread in sealers:
        thread.join(30)
    assert not any(thread.is_alive() for thread in (*sealers, *writers))
    with quarry.app_context():
        while extend_chain():
            db.session.commit()
        db.session.commit()
        assert count_unchained() == 0
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ChainLink)) == WRITERS * EACH
        assert db.session.scalar(sa.select(sa.func.count()).select_from(EventRow)) == WRITERS * EACH
        assert list(breaks_in_chain()) == []
