"""A dossier as one ZIP: whole, checkable by anybody, without what may not leave, and for nobody who has a part in it."""

import hashlib
import json
from io import BytesIO
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import grant_right
from portal.accounts.models import Organisation
from portal.accounts.queries import actor_of, find_person_by_email, list_leads
from portal.applications.models import Attachment
from portal.core.actor import Right, Role
from portal.core.chain import GENESIS, extend_chain
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.core.files import FileState, StoredFile
from portal.core.jobs import JobFailure, JobState, find_job
from portal.desk.dossier_export import KIND
from portal.extensions import limiter
from portal.reviewing.commands.assigning import take_off
from portal.reviewing.queries import get_review
from tests.world.accounts import NOW, ctx_for, given_person
from tests.world.http import Visitor
from tests.world.reviewing import (
    REVIEW_DAY,
    given_admissible_application,
    given_assessed_application,
    given_draft_review,
    given_submitted_review,
)

DRAFTED, SEALED = "Dit is nog maar een ontwerp.", "De planning is krap"


@pytest.fixture
def world(worker_app):
    """An assessed application with a held and a refused document, a sealed review and one that is being written."""
    limiter.reset()
    with worker_app.app_context():
        db.session().expire_on_commit = False  # the world hands its rows on after each commit
        application = given_admissible_application()
        officer = given_person("Wim Goossens", roles=[Role.CASE_OFFICER])
        sealed = given_submitted_review(application, given_person("Ines Vos", roles=[Role.REVIEWER]))
        take_off(ctx_for(officer, REVIEW_DAY), get_review(sealed.id, lock=True), "Vervangen.")
        given_assessed_application(application, scores=(7, 8, 6), consensus=7)
        draft = given_draft_review(application, given_person("Pieter Aerts", roles=[Role.REVIEWER]))
        draft.strengths = DRAFTED
        _store(worker_app, application)
        extend_chain()
        db.session.commit()
        return SimpleNamespace(
            reference=application.reference,
            id=application.id,
            officer=officer.email,
            sealed=sealed.id,
            lead=list_leads([application.promotor_id])[0].email,
            promotor=application.promotor_id,
            page=f"/desk/dossiers/{application.reference}/export",
        )


def _store(app, application):
    """Give the documents bytes; one holds a virus, one was not scanned yet."""
    stmt = sa.select(StoredFile).join(Attachment, Attachment.file_id == StoredFile.id).order_by(StoredFile.id)
    files = list(db.session.scalars(stmt.where(Attachment.application_id == application.id)))
    for number, file in enumerate(files):
        content = f"document {number}".encode()
        app.extensions["portal.storage"].put(str(file.key), content)
        file.sha256, file.size = hashlib.sha256(content).hexdigest(), len(content)
        file.state = (FileState.REFUSED, FileState.HELD)[number] if number < 2 else FileState.CLEAN
        file.scanned_at = None if file.state is FileState.HELD else ctx_for(at=NOW).now
    files[2].name = "../../=cmd|'/c calc'!A1 é.PDF"


def asked(visitor, world, run):
    """The job's page after the officer asked and the worker made it."""
    assert visitor.post(world.page).status_code == 302
    assert "Wordt gemaakt" in visitor.get(world.page).text
    run("jobs.make")
    return visitor.get(world.page).text


def archive_of(visitor, world, app):
    with app.app_context():
        job = find_job(actor_of(find_person_by_email(world.officer)), KIND, world.id)
        number, sha256 = job.id, job.file.sha256
    with visitor.get(f"{world.page}/{number}") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert hashlib.sha256(answer.data).hexdigest() == sha256
        archive = ZipFile(BytesIO(answer.data))
    return {name.removeprefix(f"{world.reference}/"): archive.read(name) for name in archive.namelist()}


def test_the_archive_is_whole_and_gives_its_own_digests_and_those_of_the_log(worker_app, run, world):
    officer = Visitor(worker_app).sign_in(world.officer)
    assert "Klaar" in asked(officer, world, run)
    files = archive_of(officer, world, worker_app)
    manifest = json.loads(files["manifest.json"])
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert files.keys() == sums.keys() | {"SHA256SUMS"}, "everything is vouched for"
    for name, sha256 in sums.items():
        assert hashlib.sha256(files[name]).hexdigest() == sha256, name
    logged = {each["path"]: each["logged"] for each in manifest["files"]}
    assert logged["aanvraag/versie-1.json"][0]["topic"] == "application.submitted"
    assert logged["aanvraag/versie-1-aanvraag.pdf"][0]["topic"] == "application.paper-made"
    assert logged["beoordelingen/consensus-letterlijk.json"][0]["topic"] == "consensus.recorded"
    reviews = [name for name in files if name.startswith("beoordelingen/beoordeling-")]
    assert len(reviews) == 3
    assert all(logged[name][0]["topic"] == "review.submitted" for name in reviews)
    assert files["dossier.pdf"].startswith(b"%PDF")
    verify_links(files["logboek/gebeurtenissen.jsonl"])
    left_out(files, manifest, world)
    names = [name for name in files if name.startswith("documenten/")]
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-/") for name in names)
    assert not any(".." in name for name in names)
    with worker_app.app_context():
        made = db.session.scalars(sa.select(EventRow).where(EventRow.topic == "job.made")).one()
        assert (made.payload["kind"], made.payload["row_id"]) == (KIND, world.id)


def verify_links(lines):
    """Each link follows from the one before it and its event: what an outsider computes."""
    links = [json.loads(line) for line in lines.decode().splitlines()]
    chained = [each for each in links if each["hash"]]
    assert chained
    for each in chained:
        made = hashlib.sha256(bytes.fromhex(each["previous"]) + each["event"].encode()).hexdigest()
        assert made == each["hash"]
    assert {each["previous"] for each in chained if each["position"] == 1} <= {GENESIS.hex()}


def left_out(files, manifest, world):
    reasons = [each["reason"] for each in manifest["left_out"]]
    assert len(reasons) == 3
    assert any("weigerde" in each for each in reasons)
    assert any("nog niet gescand" in each for each in reasons)
    sealed = next(each for each in manifest["left_out"] if "Verzegeld" in each["reason"])
    assert str(world.sealed) in sealed["name"]
    whole = b"".join(content for name, content in files.items() if name != "dossier.pdf")
    assert b"document 0" not in whole
    assert b"document 1" not in whole
    assert b"document 2" in whole
    assert DRAFTED.encode() not in whole


def test_only_who_reads_the_whole_dossier_asks_for_it_and_finds_only_their_own(worker_app, run, world):
    officer = Visitor(worker_app).sign_in(world.officer)
    asked(officer, world, run)
    with worker_app.app_context():
        auditor = given_person("Amir Haddad", roles=[Role.AUDITOR]).email
        admin = given_person("Sofie De Backer", roles=[Role.ADMINISTRATOR]).email
        number = find_job(actor_of(find_person_by_email(world.officer)), KIND, world.id).id
        db.session.commit()
    auditing = Visitor(worker_app).sign_in(auditor)
    assert auditing.get(world.page).status_code == 200
    assert auditing.get(f"{world.page}/{number}").status_code == 404, "another's"
    for email in (admin, world.lead):
        assert Visitor(worker_app).sign_in(email).get(world.page).status_code == 404
    with officer.get(f"{world.page}/{number}") as answer:
        assert answer.status_code == 200


def test_who_joins_a_partner_after_asking_gets_nothing(worker_app, run, world):
    officer = Visitor(worker_app).sign_in(world.officer)
    asked(officer, world, run)
    assert officer.post(world.page).status_code == 302
    with worker_app.app_context():
        person = find_person_by_email(world.officer)
        grant_right(ctx_for(), db.session.get_one(Organisation, world.promotor), person, Right.READER)
        db.session.commit()
    run("jobs.make")
    with worker_app.app_context():
        job = find_job(actor_of(find_person_by_email(world.officer)), KIND, world.id)
        assert (job.state, job.failure) == (JobState.FAILED, JobFailure.REFUSED)
        first = job.id - 1
    assert officer.get(f"{world.page}/{first}").status_code == 404, "not even what was made before"
