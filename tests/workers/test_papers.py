"""PDFs as a worker makes them: with structure, language and title, in the view of who asked, and kept once."""

import hashlib
import re
import shutil
import subprocess
from io import BytesIO

import pikepdf
import pytest
import sqlalchemy as sa

from portal.applications import printing
from portal.applications.models import Paper
from portal.applications.states import PaperFailure, PaperState
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.core.files import StoredFile
from portal.core.pdf import NoPdfLibrary, is_own_font
from portal.extensions import limiter
from portal.places.commands import load_places
from tests.world.accounts import ctx_for
from tests.world.applications_models import EXECUTION
from tests.world.http import Visitor
from tests.world.papers import WAGES, given_asked_paper, given_submitted_of_three


@pytest.fixture
def made(worker_app):
    limiter.reset()  # several people sign in from one address
    with worker_app.app_context():
        return given_submitted_of_three()


@pytest.fixture
def printed(worker_app, run, made):
    """``printed("lead")``: the PDF as that person asks for it and downloads it."""

    def print_for(who, kind="application"):
        email = getattr(made, who)
        with worker_app.app_context():
            number = given_asked_paper(made, email, kind)
        run("papers.make")
        answer = Visitor(worker_app).sign_in(email).get(f"/applications/{made.reference}/papers/{number}")
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        with answer:
            return answer.data

    return print_for


def text_of(pdf):
    return tool("pdftotext", "-layout", "-", "-", given=pdf)


def structure_of(pdf, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf)
    return tool("pdfinfo", "-struct", str(path))


def tool(*command, given=None):
    assert shutil.which(command[0]), "poppler-utils is one of the tests' system packages"
    return subprocess.run(command, input=given, capture_output=True, check=True, timeout=60).stdout.decode()


def wages(name):
    """Both wages as they are written in Dutch, and their total."""
    return [f"{int(each.split('.')[0]):,}".replace(",", ".") + "," + each.split(".")[1] for each in WAGES[name]]


def test_the_application_is_a_tagged_pdf_with_its_language_and_title(printed, made, tmp_path):
    pdf = printed("lead")
    with pikepdf.open(BytesIO(pdf)) as read:
        assert read.Root.MarkInfo.Marked
        assert str(read.Root.Lang) == "nl-BE"
        assert read.Root.ViewerPreferences.DisplayDocTitle
        assert str(read.docinfo["/Title"]) == f"Aanvraag {made.reference}: Digibank Noordheide"
        with read.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        assert len(read.open_outline().root) == 1, "one heading above all others"
    structure = structure_of(pdf, tmp_path)
    tags = set(re.findall(r"^ *(\w+)", structure, re.MULTILINE))
    assert {"Document", "H1", "H2", "H3", "Table", "TH", "TD", "L", "LI", "P"} <= tags
    text = text_of(pdf)
    for words in (made.reference, "28 juli 2022 om 11.59.03", "http://localhost/verify", "Gevraagde subsidie"):
        assert words in text
    assert made.sha256 in "".join(text.split())


def test_what_somebody_typed_is_text_and_nothing_is_run_or_fetched(printed):
    text = " ".join(text_of(printed("lead")).split())
    assert '<script>alert("x")</script> {{ 7 * 191 }} =HYPERLINK("http://evil.example")' in text
    assert "1337" not in text


def test_the_lead_partner_and_the_department_read_every_wage_and_share_one_pdf(printed, worker_app):
    pdf = printed("lead")
    for name in WAGES:
        for wage in wages(name):
            assert wage in text_of(pdf)
    assert printed("officer") == pdf
    assert printed("auditor") == pdf
    with worker_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile).join(Paper)) == 1


def test_a_partner_reads_its_own_wages_and_no_other(printed, made, worker_app):
    whole, text = printed("lead"), text_of(printed("partner"))
    for wage in wages("partner"):
        assert wage in text
    for wage in (*wages("promotor"), *wages("other")):
        assert wage not in text
    assert "38.794,50" in text, "the other partner's total"
    assert "loonkosten van andere organisaties als totaal" in " ".join(text.split())
    with worker_app.app_context():
        number = db.session.scalar(sa.select(Paper.id).where(Paper.viewer == "all"))
        theirs = db.session.scalar(sa.select(Paper.id).where(Paper.viewer != "all"))
    assert whole
    for email, paper, status in (
        (made.partner, theirs, 200),
        (made.partner, number, 404),
        (made.other, theirs, 404),
        (made.stranger, number, 404),
        (made.lead, theirs, 200),
    ):
        with Visitor(worker_app).sign_in(email).get(f"/applications/{made.reference}/papers/{paper}") as answer:
            assert answer.status_code == status, (email, paper)


def test_a_receipt_says_when_to_the_second_and_of_what(printed, made, worker_app):
    pdf = printed("partner", "receipt")
    text = " ".join(text_of(pdf).split())
    assert "donderdag 28 juli 2022 om 11.59.03" in text
    assert made.reference in text
    assert made.sha256 in text.replace(" ", "")
    assert not any(wage in text for name in WAGES for wage in wages(name))
    assert printed("lead", "receipt") == pdf, "the same for everybody"


def test_whoever_holds_the_file_verifies_it(printed, made, worker_app):
    digest = hashlib.sha256(printed("partner")).hexdigest()
    page = Visitor(worker_app).post("/verify", {"reference": made.reference, "sha256": digest}).text
    assert (
        "Het portaal maakte deze pdf van de versie die bevroren werd op donderdag 28 juli 2022 om 11.59.03 uur." in page
    )


def test_a_second_run_makes_nothing_again_and_the_log_tells_of_one(printed, run, worker_app):
    digest = hashlib.sha256(printed("lead")).hexdigest()
    run("papers.make")
    with worker_app.app_context():
        told = db.session.scalars(sa.select(EventRow).where(EventRow.topic == "application.paper-made")).all()
        assert [each.payload["sha256"] for each in told] == [digest]
        assert db.session.scalar(sa.select(Paper.sha256)) == digest


def test_nothing_is_held_in_the_database_while_pages_are_drawn(printed, monkeypatch):
    held, draw = [], printing.write_pdf

    def drawn(html):
        held.append(db.session.registry().in_transaction())
        return draw(html)

    monkeypatch.setattr(printing, "write_pdf", drawn)
    assert printed("lead").startswith(b"%PDF")
    assert held == [False]


def test_a_machine_without_the_library_says_so_and_the_worker_goes_on(worker_app, run, made, monkeypatch):
    def cannot(_html):
        raise NoPdfLibrary("no pango here")

    monkeypatch.setattr(printing, "write_pdf", cannot)
    with worker_app.app_context():
        given_asked_paper(made, made.lead)
    run("papers.make")
    with worker_app.app_context():
        paper = db.session.scalar(sa.select(Paper))
        assert (paper.state, paper.failure) == (PaperState.FAILED, PaperFailure.NO_LIBRARY)
    monkeypatch.undo()
    page = f"/applications/{made.reference}/papers"
    lead = Visitor(worker_app).sign_in(made.lead)
    assert "ontbreekt een systeembibliotheek" in lead.get(page).text
    assert lead.post(f"/applications/{made.reference}/versions/1/application", page=page).status_code == 302
    run("papers.make")
    assert "Klaar" in lead.get(page).text


def test_flask_check_names_a_pdf_whose_file_was_altered_or_lost(printed, worker_app):
    printed("lead")
    with worker_app.app_context():
        key = str(db.session.scalar(sa.select(StoredFile.key).join(Paper, Paper.file_id == StoredFile.id)))
    file = worker_app.extensions["portal.storage"].root / key[:2] / key
    assert check(worker_app) == []
    file.write_bytes(file.read_bytes() + b"%")
    assert check(worker_app) == ["its file was altered"]
    file.unlink()
    assert check(worker_app) == ["its file cannot be read (FileNotFoundError)"]


def check(app):
    lines = app.test_cli_runner().invoke(args=["check"]).output.splitlines()
    return [line.split(": ")[1] for line in lines if line.startswith("paper ")]


@pytest.mark.parametrize(
    "url",
    ["http://evil.example/x.woff2", "file:///etc/passwd", "data:text/css,x", "ftp://evil.example/x"],
)
def test_nothing_is_fetched_but_our_own_fonts(url):
    assert not is_own_font(url)


def test_a_reviewer_reads_every_cost_and_nobodys_contact_or_account(printed):
    whole, text = text_of(printed("lead")), text_of(printed("lead", "review"))
    for name in WAGES:
        assert all(wage in text for wage in wages(name))
    for words in ("Eva Claes", "Rekeningnummer van de promotor"):
        assert words in whole
        assert words not in text


def test_the_working_version_holds_limits_and_answers_and_says_what_it_is_not(printed, tmp_path):
    pdf = printed("partner", "draft")
    text = " ".join(text_of(pdf).split())
    for words in ("Het is geen indiening", "hoogstens 2500 tekens", "alleen als het antwoord op", *wages("partner")):
        assert words in text
    assert not any(wage in text for name in ("promotor", "other") for wage in wages(name))
    assert "SHA-256" not in text, "nothing of it was frozen"
    assert "H3" in structure_of(pdf, tmp_path)


def test_the_form_without_answers_holds_every_question_and_nothing_of_an_application(worker_app, run, made):
    with worker_app.app_context():
        given_asked_paper(made, made.lead, "form")
    run("papers.make")
    code = made.reference.removeprefix("DB-").rpartition("-")[0]
    with Visitor(worker_app).get(f"/rounds/{code}/form.pdf") as answer:
        assert answer.status_code == 200, "anybody"
        text = " ".join(text_of(answer.data).split())
    for question in EXECUTION.form.questions:
        assert " ".join(question.label.nl.split()) in text
    assert "Noordheide" not in text


def test_municipalities_stand_by_name(worker_app, printed):
    with worker_app.app_context():
        load_places(ctx_for())
        db.session.commit()
    assert "Arendonk" in text_of(printed("lead"))
