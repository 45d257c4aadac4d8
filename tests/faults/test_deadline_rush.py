"""Partnerships that save and submit through the closing second, with the web server or the workers killed meanwhile.

What arrived in time is in, once, with its receipt; what arrived later is not; what was cut off is whole either way.
"""

import sys
import time
from collections import Counter
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.chain import extend_chain
from portal.core.db import db
from portal.core.event_log import OutboxRow
from portal.notifications.models import Delivery, DeliveryState
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.faults.closing_round import ClosingRound
from tests.faults.rushing import Outcome, Rush
from tests.faults.size import IS_FULL
from tests.faults.web_under_fire import Web, web
from tests.faults.workers_under_fire import Workers, workers
from tests.mail_sink import MailSink
from tests.services import cloned_database, redis_url_of, worker_number

PARTNERSHIPS = 300 if IS_FULL else 32
# When these shares of the partnerships are through: the last of the strikes falls in the closing second.
STRIKES = (1 / 8, 1 / 4, 3 / 8, 101 / 200) if IS_FULL else (1 / 8,)
CLOSING = 1 / 2
SECONDS = 240.0 if IS_FULL else 120.0

pytestmark = pytest.mark.timeout(500)


@dataclass
class Stack:
    """Everything that runs over one database, started once for all rushes."""

    app: Flask
    superuser_url: str
    web: Web
    workers: Workers
    sink: MailSink

    def log(self):
        return "".join(each.read_text(encoding="utf-8")[-3000:] for each in (self.web.log, self.workers.log))

    def kills(self):
        return self.web.kills + self.workers.kills

    def wait_for(self, is_over):
        assert self.workers.run_until(is_over, seconds=SECONDS), self.log()


@pytest.fixture(scope="module")
def stack(services, tmp_path_factory):
    folder, broker_url = tmp_path_factory.mktemp("rush"), redis_url_of(services, worker_number() + 8)
    sink = MailSink()
    sink.pause = 0.02
    sink.open()
    with cloned_database(services, f"portal_rush_{worker_number()}", migrate) as database:
        app = app_for_tests(settings_for_tests(database, redis_url=broker_url, storage=folder))
        with workers(database, broker_url, sink, folder) as running, web(running.env, folder / "web.log") as server:
            yield Stack(app, database.superuser_url, server, running, sink)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    sink.close()


def rush_through(stack, round_, *strikes):
    """Let everybody save and submit, with the deadline in their midst; return the rush when all is told."""
    rush = Rush(stack.web.base, list(round_.attempts()))
    rush.open_pages()
    rush.begin()

    acts = [*zip(STRIKES, strikes, strict=False), (CLOSING, round_.close_soon)]
    for share, act in sorted(acts, key=lambda each: each[0]):
        stack.wait_for(lambda share=share: rush.count_over() >= share * PARTNERSHIPS)
        act()
    stack.wait_for(rush.is_over)
    rush.end()
    stack.wait_for(lambda: nobody_waits(stack))
    return rush


def nobody_waits(stack):
    with stack.app.app_context():
        events = db.session.scalar(sa.select(sa.func.count()).where(OutboxRow.is_open))
        mails = db.session.scalar(sa.select(sa.func.count()).where(Delivery.state != DeliveryState.SENT))
        db.session.rollback()
        return not events and not mails


def judge_one(attempt, kept, closes_at):
    """Whole either way, and as it was answered; what was typed is there in every case but a save that was cut off."""
    whole = 1 if kept.is_submitted else 0
    assert (len(kept.snapshots), kept.submissions) == (whole, whole), f"{attempt.reference} is in by halves, or twice"
    assert all(at > closes_at for at in kept.refused_at), f"{attempt.reference} arrived in time and was refused"
    if kept.is_submitted:
        assert kept.submitted_at <= closes_at, f"{attempt.reference} arrived late and is in"
        assert attempt.sent_at <= kept.submitted_at
        assert attempt.text in kept.snapshots[0].content
    if attempt.outcome is Outcome.IN:
        assert kept.is_submitted, f"{attempt.reference} was told that it is in"
        assert kept.submitted_at <= attempt.answered_at
    if attempt.outcome is Outcome.LATE:
        assert not kept.is_submitted
        assert kept.refused_at, f"{attempt.reference} was refused, and nothing says so"
    if attempt.saved is not None:
        assert attempt.text in (kept.section if attempt.saved else kept.unsent), f"{attempt.reference} lost its text"


def judge(capsys, stack, round_, rush, fault, *, kills, seconds):
    """Compare what each browser was answered with what is in, read every receipt, and print the row of the table."""
    with stack.app.app_context():
        while extend_chain():
            db.session.commit()
        db.session.commit()
        kept = {each.reference: round_.kept(each) for each in rush.attempts}
    for each in rush.attempts:
        judge_one(each, kept[each.reference], round_.closes_at)
    submitted = [each for each in rush.attempts if kept[each.reference].is_submitted]
    for each in submitted:
        assert kept[each.reference].snapshots[0].sha256 in rush.receipt_of(each).replace("</span><span>", "")
    checked = stack.app.test_cli_runner().invoke(args=["check"])
    assert checked.exit_code == 0, checked.output
    leads = {each.address for each in rush.attempts}
    mails = [(str(mail["To"]), str(mail["Message-ID"])) for mail in stack.sink.messages if mail["To"] in leads]
    # A worker that starts does what is due: those whose draft came to nothing are told so too.
    sent = Counter(each for each in mails if ".submission-receipt." in each[1])
    assert Counter(to for to, _ in sent) == {each.address: 1 for each in submitted}
    repeats = sent.total() - len(sent)
    outcomes = Counter(each.outcome for each in rush.attempts)
    cut_in = sum(each.outcome is Outcome.CUT_OFF for each in submitted)
    in_time = sum(stamp <= round_.closes_at for each in kept.values() for stamp in each.stamps)
    row = (
        f"| {fault} | {PARTNERSHIPS} partnerships | {in_time} arrived in time | {len(submitted)} submitted "
        f"| {outcomes[Outcome.LATE]} refused as late | cut off: {cut_in} in, {outcomes[Outcome.CUT_OFF] - cut_in} draft "
        f"| {len(sent)} receipts | {repeats} repeated | {kills} killed | {seconds:.1f} s |"
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{row}\n")
    assert outcomes[Outcome.IN]
    assert outcomes[Outcome.LATE]
    assert repeats <= kills
    return outcomes


@pytest.fixture
def rush_with(stack, capsys):
    """Run one rush with a fault, and judge it."""

    def run(fault, *strikes):
        stack.sink.forget()
        round_, before = ClosingRound(stack.app, stack.superuser_url, PARTNERSHIPS), stack.kills()
        began = time.monotonic()
        rush = rush_through(stack, round_, *strikes)
        seconds = time.monotonic() - began
        return judge(capsys, stack, round_, rush, fault, kills=stack.kills() - before, seconds=seconds)

    return run


def test_a_rush_through_the_closing_second_takes_in_exactly_what_arrived_in_time(rush_with):
    assert rush_with("deadline rush")[Outcome.CUT_OFF] == 0


def test_a_killed_web_server_loses_no_answered_submission_and_leaves_the_others_whole(stack, rush_with):
    assert rush_with("SIGKILL of the web server", *[stack.web.kill_all] * len(STRIKES))[Outcome.CUT_OFF]


def test_killed_workers_send_every_receipt(stack, rush_with):
    strikes = [stack.workers.kill_one, stack.workers.kill_all] * 2
    assert rush_with("SIGKILL of workers", *strikes[-len(STRIKES) :])[Outcome.CUT_OFF] == 0
