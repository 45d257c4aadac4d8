"""Letters as a worker makes them after a round was published: tagged, in Dutch, once, with the same words in Word."""

import hashlib
import re
import subprocess
from io import BytesIO

import docx
import pikepdf
import pytest
import sqlalchemy as sa

from portal.core.clock import machine_now
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.core.files import StoredFile
from portal.core.pdf import NoPdfLibrary
from portal.decisions import letter_printing
from portal.decisions.commands.letters import claim_next
from portal.decisions.letter_models import Letter
from portal.decisions.states import LetterFailure, LetterState
from portal.extensions import limiter
from tests.world.decisions import given_administrator
from tests.world.http import Visitor
from tests.world.letters import ATTACK, given_told_round


@pytest.fixture
def told(worker_app):
    limiter.reset()
    with worker_app.app_context():
        db.session().expire_on_commit = False
        return given_told_round()


def fetched(app, email, path):
    with Visitor(app).sign_in(email).get(path) as answer:
        return answer.status_code, answer.data


def words(text):
    return " ".join(text.replace("\xa0", " ").split())


def tool(*command, given):
    done = subprocess.run(command, input=given, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def test_a_letter_is_a_tagged_pdf_and_a_word_document_with_the_same_words(worker_app, run, told, tmp_path):
    assert fetched(worker_app, told.lead, f"{told.awarded.path}.pdf")[0] == 404, "not made yet"
    run("letters.make")
    status, pdf = fetched(worker_app, told.lead, f"{told.awarded.path}.pdf")
    assert status == 200
    with pikepdf.open(BytesIO(pdf)) as read:
        assert read.Root.MarkInfo.Marked
        assert str(read.Root.Lang) == "nl-BE"
        assert re.fullmatch(r"Aanvraag DB-\S+: toekenning van een subsidie", str(read.docinfo["/Title"]))
        with read.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
    (tmp_path / "letter.pdf").write_bytes(pdf)
    structure = tool("pdfinfo", "-struct", str(tmp_path / "letter.pdf"), given=None)
    assert {"Document", "H1", "H2", "Table", "TH", "L", "LI", "P"} <= set(
        re.findall(r"^ *(\w+)", structure, re.MULTILINE)
    )

    document = docx.Document(BytesIO(fetched(worker_app, told.lead, f"{told.awarded.path}.docx")[1]))
    assert document.core_properties.language == "nl-BE"
    above_the_foot = ("-x", "0", "-y", "0", "-W", "596", "-H", "775")
    printed = words(tool("pdftotext", *above_the_foot, "-raw", "-", "-", given=pdf))
    lines = [words(each.text) for each in document.paragraphs[2:] if each.text.strip()]
    assert [each for each in lines if each not in printed.replace("• ", "")] == []
    for said in ("vierhonderdduizend euro", "84,17 op 100", "Hilde Wouters, afdelingshoofd", "14 oktober 2022"):
        assert said in printed
        assert any(said in each for each in lines)


def test_nothing_is_held_in_the_database_while_a_letter_is_drawn(worker_app, run, told, monkeypatch):
    held, draw = [], letter_printing.write_pdf

    def drawn(html):
        held.append(db.session.registry().in_transaction())
        return draw(html)

    monkeypatch.setattr(letter_printing, "write_pdf", drawn)
    run("letters.make")
    assert fetched(worker_app, told.lead, f"{told.awarded.path}.pdf")[0] == 200
    assert held
    assert not any(held)


def test_whoever_holds_a_letter_verifies_it(worker_app, run, told):
    run("letters.make")
    visitor, reference = Visitor(worker_app), told.awarded.path.split("/")[2]
    for ending in ("pdf", "docx"):
        sha256 = hashlib.sha256(fetched(worker_app, told.lead, f"{told.awarded.path}.{ending}")[1]).hexdigest()
        assert "meegedeeld op vrijdag 14 oktober 2022" in asked(visitor, reference, sha256)
        assert "Het klopt niet" in asked(visitor, told.refused.path.split("/")[2], sha256), "of another application"


def asked(visitor, reference, sha256):
    return visitor.post("/verify", {"reference": reference, "sha256": sha256}).text


def test_what_people_wrote_is_text_and_nothing_runs(worker_app, run, told):
    run("letters.make")
    pdf = fetched(worker_app, told.lead, f"{told.awarded.path}.pdf")[1]
    document = docx.Document(BytesIO(fetched(worker_app, told.lead, f"{told.awarded.path}.docx")[1]))
    for text in (tool("pdftotext", "-raw", "-", "-", given=pdf), "\n".join(each.text for each in document.paragraphs)):
        assert ATTACK in words(text)
        assert "# Geen kop & <b>geen html</b>" in words(text)


def test_who_may_read_the_decision_downloads_its_letter_and_nobody_else(worker_app, run, told):
    run("letters.make")
    for email, status in (
        (told.lead, 200),
        (told.officer, 200),
        (told.auditor, 200),
        (told.other, 404),
        (told.stranger, 404),
    ):
        for ending in ("pdf", "docx"):
            assert fetched(worker_app, email, f"{told.awarded.path}.{ending}")[0] == status, (email, ending)
    elsewhere = told.awarded.path.replace(told.awarded.path.split("/")[2], told.refused.path.split("/")[2])
    assert fetched(worker_app, told.officer, f"{elsewhere}.pdf")[0] == 404, "another application's address"
    for email, path in ((told.lead, told.awarded.path), (told.officer, told.awarded.path)):
        reference = path.split("/")[2]
        assert (
            f'href="{path}.pdf"' in Visitor(worker_app).sign_in(email).get(f"/applications/{reference}/decision").text
        )


def test_a_worker_that_is_killed_loses_no_letter_and_makes_none_twice(worker_app, run, told):
    with worker_app.app_context():
        held = claim_next(machine_now())  # and then its worker was killed
        number = held.id
        db.session.commit()
    run("letters.make")
    with worker_app.app_context():
        states = dict(db.session.execute(sa.select(Letter.id, Letter.state)).all())
        assert states.pop(number) is LetterState.WAITING, "its lease runs on"
        assert set(states.values()) == {LetterState.READY}
        db.session.execute(
            sa.update(Letter).where(Letter.id == number).values(due_at=machine_now())
        )  # six minutes later
        db.session.commit()
    run("letters.make")
    run("letters.make")
    with worker_app.app_context():
        assert db.session.scalars(sa.select(Letter.state).distinct()).all() == [LetterState.READY]
        made = sa.select(sa.func.count()).select_from(EventRow).where(EventRow.topic == "decision.letter-made")
        letters = db.session.scalar(sa.select(sa.func.count()).select_from(Letter))
        files = sa.select(sa.func.count()).select_from(StoredFile).where(StoredFile.name.like("%beslissing.%"))
        assert db.session.scalar(made) == letters == 2
        assert db.session.scalar(files) == 2 * letters


def test_a_letter_that_cannot_be_made_stands_at_the_desk_and_is_tried_again(worker_app, run, told, monkeypatch):
    def cannot(_html):
        raise NoPdfLibrary("no pango here")

    monkeypatch.setattr(letter_printing, "write_pdf", cannot)
    run("letters.make")
    monkeypatch.undo()
    with worker_app.app_context():
        assert set(db.session.scalars(sa.select(Letter.failure))) == {LetterFailure.NO_LIBRARY}
    officer, page = Visitor(worker_app).sign_in(told.officer), f"/desk/rounds/{told.code}/letters"
    assert officer.get(page).text.count("ontbreekt een systeembibliotheek") == 2
    assert "Opnieuw proberen" in officer.get(page).text
    with worker_app.app_context():
        administrator = given_administrator("Jan Roels").email
        db.session.commit()
    assert f'href="{page}"' in Visitor(worker_app).sign_in(administrator).get("/my-work").text
    retry = f"{told.awarded.path}/retry"
    assert Visitor(worker_app).sign_in(told.lead).post(retry, page="/my-work").status_code == 404
    assert officer.post(retry, page=page).status_code == 302
    run("letters.make")
    assert "Klaar" in officer.get(page).text
    with worker_app.app_context():
        assert sorted(db.session.scalars(sa.select(Letter.state))) == [LetterState.FAILED, LetterState.READY]
    assert officer.post(retry, page=page, follow_redirects=True).text.count("Deze brief is er al, of is onderweg.") == 1


def test_flask_check_names_a_letter_whose_file_was_altered(worker_app, run, told):
    run("letters.make")
    assert check(worker_app) == []
    with worker_app.app_context():
        key = str(db.session.scalar(sa.select(StoredFile.key).join(Letter, Letter.pdf_id == StoredFile.id)))
    file = worker_app.extensions["portal.storage"].root / key[:2] / key
    file.write_bytes(file.read_bytes() + b"%")
    assert check(worker_app) == ["its file was altered"]


def check(app):
    lines = app.test_cli_runner().invoke(args=["check"]).output.splitlines()
    return [line.split(": ")[1] for line in lines if line.startswith("letter ")]
