"""Held files are scanned by a worker: clean, refused with a message to its owner, or held while the scanner is away."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from portal.core.clock import machine_now
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.core.files import FileState, StoredFile, store_upload
from portal.core.scanner import Scanner
from portal.core.scanning import standing
from portal.core.waking import wake
from tests.world.accounts import ctx_for, given_person
from tests.world.clamd import EICAR, SIGNATURE, SmallClamd, nobody_listens
from tests.world.time import FakeClock

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def scanner(worker_app):
    """Put the portal's scanner at an address."""

    def put(address, **options):
        worker_app.extensions["portal.scanner"] = Scanner(address, **options) if address else None

    yield put
    put("")


def uploaded(worker_app, *contents):
    storage = worker_app.extensions["portal.storage"]
    with worker_app.app_context():
        ctx = ctx_for(given_person("Eva Claes", email="eva@scan.example"))
        files = [store_upload(ctx, storage, f"{n}.pdf", content).id for n, content in enumerate(contents)]
        db.session.commit()
    return files


def states(worker_app):
    with worker_app.app_context():
        return list(db.session.scalars(sa.select(StoredFile.state).order_by(StoredFile.id)))


def topics(worker_app):
    with worker_app.app_context():
        stmt = sa.select(EventRow.topic).where(EventRow.subject == "file").order_by(EventRow.id)
        return list(db.session.scalars(stmt))


def let_it_be_due(worker_app):
    with worker_app.app_context():
        db.session.execute(sa.update(StoredFile).values(next_scan_at=machine_now() - timedelta(seconds=1)))
        db.session.commit()


def test_each_file_gets_one_verdict_and_an_infected_one_is_told_to_its_owner(run, worker_app, scanner, sink):
    infected = uploaded(worker_app, PDF, PDF + EICAR)[1]
    with SmallClamd() as clamd:
        scanner(clamd.address)
        for _ in range(2):
            run("files.scan")
        assert clamd.seen == 2
    assert states(worker_app) == [FileState.CLEAN, FileState.REFUSED]
    assert topics(worker_app) == ["file.scanned", "file.found-infected"]
    with worker_app.app_context():
        assert db.session.get(StoredFile, infected).signature == SIGNATURE
    for _ in range(2):
        run("outbox.relay_events")
        run("mail.send_due")
    (message,) = [each for each in sink.messages if ".file-infected." in each["Message-ID"]]
    assert message["To"] == "eva@scan.example"
    said = message.get_body(("plain",)).get_content()
    assert SIGNATURE in said
    assert "1.pdf" in said


def test_without_a_scanner_files_stay_held(run, worker_app, scanner):
    uploaded(worker_app, PDF)
    scanner("")
    run("files.scan")
    assert states(worker_app) == [FileState.HELD]


def test_while_the_scanner_is_away_files_stay_held_and_are_scanned_once_it_is_back(run, worker_app, scanner):
    kept = worker_app.extensions["portal.clock"]
    clock = worker_app.extensions["portal.clock"] = FakeClock("2022-07-28T12:00")
    uploaded(worker_app, PDF, PDF)
    scanner(nobody_listens())
    for at in ("2022-07-28T12:01", "2022-07-28T12:05"):
        clock.move_to(at)
        run("files.scan")
        let_it_be_due(worker_app)
    assert states(worker_app) == [FileState.HELD] * 2
    assert topics(worker_app) == []
    with worker_app.app_context():
        assert standing(None).away_since.isoformat() == "2022-07-28T10:01:00+00:00", "since the first attempt"
    with SmallClamd() as clamd:
        scanner(clamd.address)
        run("files.scan")
    worker_app.extensions["portal.clock"] = kept
    assert states(worker_app) == [FileState.CLEAN] * 2
    with worker_app.app_context():
        assert standing(None).away_since is None


@pytest.mark.parametrize(
    ("manners", "reason"), [({"hangs_up": True}, "broken"), ({"largest": 10}, "too-large")], ids=["broken", "too-large"]
)
def test_half_a_scan_is_no_scan_and_holds_no_other_file_up(run, worker_app, scanner, manners, reason):
    first, second = uploaded(worker_app, PDF, PDF)
    with SmallClamd(**manners) as clamd:
        scanner(clamd.address)
        run("files.scan")
    with worker_app.app_context():
        for number in (first, second):
            file = db.session.get(StoredFile, number)
            assert (file.state, file.scan_failure) == (FileState.HELD, reason)
            assert file.next_scan_at > machine_now(), "it waits, so that it is not asked over and over"


def test_a_file_that_the_storage_does_not_give_stays_held(run, worker_app, scanner):
    (number,) = uploaded(worker_app, PDF)
    with worker_app.app_context():
        db.session.execute(sa.update(StoredFile).values(key=uuid4()))
        db.session.commit()
    with SmallClamd() as clamd:
        scanner(clamd.address)
        run("files.scan")
    with worker_app.app_context():
        assert db.session.get(StoredFile, number).scan_failure == "unread"
    assert states(worker_app) == [FileState.HELD]


def test_an_upload_wakes_the_scan_after_its_commit(worker_app, scanner):
    woken = []

    class Listening:
        def send(self, task, *, queue="periodic", **arguments):
            woken.append((task, queue))

    storage = worker_app.extensions["portal.storage"]
    with worker_app.app_context():
        store_upload(ctx_for(), storage, "a.pdf", PDF)
        wake(Listening(), scans=True)
        wake(Listening(), scans=True)
        assert woken == [("files.scan", "files")]
        store_upload(ctx_for(), storage, "b.pdf", PDF)
        wake(Listening(), scans=False)
        assert len(woken) == 1
        db.session.rollback()
