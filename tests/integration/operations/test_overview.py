"""The page of operations: an administrator and an auditor read it, nobody else."""

from datetime import timedelta

import sqlalchemy as sa

from portal.core.actor import Role
from portal.core.clock import machine_now
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.core.heartbeat import Heartbeat
from tests.world.accounts import given_person

PAGE = "/admin/operations"


def given_signs():
    for name, minutes in (("urgent", 0), ("mail", 5), ("files", 0)):
        db.session.add(Heartbeat(name=f"worker@one/{name}", seen_at=machine_now() - timedelta(minutes=minutes)))


def test_an_administrator_reads_in_words_what_to_do(visitor, world):
    world(given_signs)
    administrator = visitor.sign_in(world(given_person, "Sofie De Backer", roles=[Role.ADMINISTRATOR]).email)
    page = administrator.get(PAGE).text
    assert "Laatste teken 5 minuten geleden" in page
    assert "Hij is lang bezig, of hij is weg: kijk het na." in page
    assert "Niemand luistert naar deze wachtrij: start een worker, en beat." in page
    assert "worker@one/files" in page
    assert 'href="/admin/outbox"' in page
    assert "/watch.js" in page


def test_an_auditor_reads_it_once_at_a_time(visitor, world):
    """Each reading is written down, so that the page does not read itself again."""
    auditor = visitor.sign_in(world(given_person, "Greet Aerts", roles=[Role.AUDITOR]).email)
    assert "/watch.js" not in auditor.get(PAGE).text


def test_nobody_else_sees_that_it_exists(visitor, world):
    officer = visitor.sign_in(world(given_person, "Mieke Hendrickx", roles=[Role.CASE_OFFICER]).email)
    assert officer.get(PAGE).status_code == 404
    assert world(lambda: db.session.scalar(sa.select(sa.func.count()).where(EventRow.topic == "audit.read"))) == 0
