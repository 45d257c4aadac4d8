"""The demo's time moves forward only, and the way back restores the world that was loaded."""

import os
import subprocess
import sys
import threading
from datetime import timedelta

import sqlalchemy as sa

from portal.core.actor import system_actor
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow, OutboxRow
from portal.core.switches import Switch, is_on, turn_switch
from portal.demo.clock import START
from portal.demo.world import load_world

A_MINUTE = timedelta(minutes=1)


def _now(demo):
    return demo.extensions["portal.clock"].now()


def _turn(demo):
    turn_switch(Ctx(_now(demo), system_actor("cli")), Switch.NO_SCANNER, on=False, reason="a scanner came")


def test_the_demo_begins_on_a_monday_in_june(demo, visitor):
    visitor.post("/demo/restore")
    assert START <= _now(demo) < START + A_MINUTE


def test_time_moves_forward_to_the_moment_that_was_chosen(demo, visitor):
    visitor.post("/demo/restore")
    answer = visitor.post("/demo/clock", data={"to": "2022-07-29T11:00:00+02:00", "next": "/demo/mailbox"})
    assert answer.headers["Location"] == "/demo/mailbox"
    assert timedelta(0) <= _now(demo) - START.replace(month=7, day=29, hour=11, minute=0) < A_MINUTE
    assert b'datetime="2022-07-29T09:00+00:00"' in visitor.get("/demo/mailbox").data


def test_time_never_moves_back(demo, visitor):
    visitor.post("/demo/restore")
    before = _now(demo)
    visitor.post("/demo/clock", data={"to": "2022-06-19T11:00:00+02:00"})
    assert timedelta(0) <= _now(demo) - before < A_MINUTE


def test_a_moment_that_is_none_is_not_found(visitor):
    assert visitor.post("/demo/clock", data={"to": "tomorrow"}).status_code == 404
    assert visitor.post("/demo/clock", data={"to": "2023-01-01T00:00"}).status_code == 404
    assert visitor.post("/demo/clock", data={"to": "9999-12-31T23:59:59+00:00"}).status_code == 404


def test_the_way_back_asks_first(demo, visitor):
    visitor.post("/demo/clock", data={"to": "2022-09-01T11:00:00+02:00"})
    before = _now(demo)
    assert visitor.get("/demo/restore").status_code == 200
    assert _now(demo) >= before


def test_the_way_back_takes_everything_that_happened_since(demo, visitor, tmp_path):
    visitor.post("/demo/restore")
    with demo.app_context():
        at_first = db.session.scalar(sa.select(sa.func.count(EventRow.id)))
        _turn(demo)
        db.session.commit()
        assert db.session.scalar(sa.select(sa.func.count(EventRow.id))) == at_first + 1
    mail = demo.extensions["portal.settings"].mail_store / "000000001.eml"
    mail.write_text("Subject: Since then\n\nhello")

    assert visitor.post("/demo/restore").headers["Location"] == "/"

    with demo.app_context():
        assert db.session.scalar(sa.select(sa.func.count(EventRow.id))) == at_first
        assert is_on(Switch.NO_SCANNER)
        assert START <= _now(demo) < START + A_MINUTE
        _turn(demo)  # ids run on where the world ends
        db.session.rollback()
    assert not mail.exists()


def test_the_way_back_waits_for_a_worker_that_takes_its_rows_in_another_order(demo, visitor):
    """Waiting for one table while holding another would be a deadlock here: the worker goes from late to early."""
    with demo.app_context():
        engine = db.engine
    worker = engine.connect()
    worker.execute(sa.text("LOCK TABLE delivery IN ROW EXCLUSIVE MODE"))

    def go_on():
        worker.execute(sa.text("LOCK TABLE person IN ROW EXCLUSIVE MODE"))
        worker.close()

    later = threading.Timer(0.5, go_on)
    later.start()
    assert visitor.post("/demo/restore").headers["Location"] == "/"
    later.join(5)
    assert worker.closed


def test_the_log_stays_append_only_in_the_demo(demo):
    with demo.app_context():
        privileges = [
            db.session.scalar(sa.text("SELECT has_table_privilege('event', :right)"), {"right": right})
            for right in ("DELETE", "UPDATE", "TRUNCATE")
        ]
        enabled = set(
            db.session.scalars(
                sa.text("SELECT tgenabled FROM pg_trigger WHERE tgrelid = 'event'::regclass AND NOT tgisinternal")
            )
        )
    assert privileges == [False, False, False]
    assert enabled == {"O"}


def test_loading_again_changes_nothing(demo, visitor):
    visitor.post("/demo/restore")
    with demo.app_context():
        before = db.session.scalar(sa.select(sa.func.count(EventRow.id)))
        assert load_world() is False
        assert db.session.scalar(sa.select(sa.func.count(EventRow.id))) == before
        db.session.rollback()


def test_no_message_of_the_past_waits_to_be_sent(demo, visitor):
    visitor.post("/demo/restore")
    with demo.app_context():
        due = sa.select(sa.func.count()).where(OutboxRow.is_open, OutboxRow.next_attempt_at <= machine_now())
        assert db.session.scalar(due) == 0


PRODUCTION = {
    "PORTAL_MODE": "production",
    "PORTAL_SECRET_KEY": "k3-9fJq_7xWm-Zp2Rv8-tLb4Yh6-Nc1Gd5",
    "PORTAL_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:9/none",
    "PORTAL_REDIS_URL": "redis://127.0.0.1:9/0",
    "PORTAL_SMTP_HOST": "127.0.0.1",
    "PORTAL_BASE_URL": "https://portal.example",
    "PORTAL_ALLOWED_HOSTS": "portal.example",
    "PORTAL_STORAGE_PATH": "unused",
}


def test_a_production_portal_never_imports_the_demo(root):
    code = (
        "import sys, wsgi; print(sorted(name for name in sys.modules if name.startswith('portal.demo')),"
        " [rule.rule for rule in wsgi.app.url_map.iter_rules() if rule.rule.startswith('/demo')])"
    )
    env = {**os.environ, **PRODUCTION}
    done = subprocess.run([sys.executable, "-c", code], cwd=root, env=env, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.strip().splitlines()[-1] == "[] []"
