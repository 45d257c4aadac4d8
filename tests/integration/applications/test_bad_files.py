"""Files that nobody wants, through the page: each refused at the field in clear words, the draft left whole."""

import io
import zipfile

import pytest
import sqlalchemy as sa

from portal.applications.commands.save_section import save_section
from portal.applications.queries import get_application
from portal.core.actor import Role
from portal.core.db import db
from portal.core.files import LocalStorage, StorageAway, StoredFile
from portal.core.files_s3 import S3Settings, S3Storage
from portal.core.switches import Switch, turn_switch
from tests.world.accounts import ctx_for, given_person
from tests.world.clamd import EICAR, nobody_listens
from tests.world.http import Visitor
from tests.world.storage import FullDisk

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
KIND = "dnsh_analysis"
MB = 1024 * 1024
TYPED = {"lending_service": "Wie leent, krijgt een startgesprek van een uur."}
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(document.cookie)</script></svg>'


def docx(*members, damaged=False):
    """A Word file with more in it than a document needs."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", "<Relationships/>")
        archive.writestr("word/document.xml", "<document/>")
        for name, content in members:
            archive.writestr(name, content)
    content = made.getvalue()
    return content[: len(content) // 2] if damaged else content


BOMB = docx(*((f"word/media/{number}.bin", bytes(25 * MB)) for number in range(9)))


class Away(LocalStorage):
    def open(self, key):
        raise StorageAway("connection refused")


@pytest.fixture
def page(draft):
    return f"{draft.path}/documents/{KIND}"


def write(reference):
    save_section(ctx_for(), get_application(reference), "B4", TYPED, base_version=0)


def written(reference):
    return next(each.answers for each in get_application(reference).sections if each.code == "B4")


def stored(world):
    return world(lambda: list(db.session.scalars(sa.select(StoredFile.name).order_by(StoredFile.id))))


def assert_refused(answer, sentence):
    assert answer.status_code == 422
    assert sentence in answer.text.split(f'id="{KIND}-error"', 1)[1].split("</p>", 1)[0]


BAD = {
    "virus": (EICAR, "eicar.pdf", "eicar.pdf is geen pdf"),
    "zip-bomb": (BOMB, "verslag.docx", "verslag.docx wordt uitgepakt veel groter"),
    "executable": (b"MZ\x90\x00\x03" + bytes(200), "factuur.pdf", "factuur.pdf is geen pdf"),
    "svg": (SVG, "logo.png", "logo.png is geen pdf"),
    "html": (b"<!DOCTYPE html><script>alert(1)</script>", "pagina.pdf", "pagina.pdf is geen pdf"),
    "zip": (b"PK\x05\x06" + bytes(18), "bundel.pdf", "bundel.pdf is geen pdf"),
    "empty": (b"", "leeg.pdf", "leeg.pdf is leeg"),
    "damaged": (docx(("word/a.bin", bytes(MB)), damaged=True), "kapot.docx", "kapot.docx is beschadigd"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_file_is_refused_at_the_field_and_the_draft_stays_whole(lead, world, draft, page, bad):
    content, name, sentence = BAD[bad]
    assert lead.upload(page, KIND, PDF, "eerder.pdf").status_code == 302
    world(write, draft.reference)
    assert_refused(lead.upload(page, KIND, content, name), sentence)
    assert stored(world) == ["eerder.pdf"]
    assert "eerder.pdf" in lead.get(f"{draft.path}/documents").text
    assert world(written, draft.reference) == TYPED


def test_an_ordinary_word_file_is_taken(lead, world, page):
    assert lead.upload(page, KIND, docx(("word/media/scan.png", bytes(MB))), "analyse.docx").status_code == 302
    assert stored(world) == ["analyse.docx"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\\\Documenten\\\\btw.pdf", "btw.pdf"),
        ("..hidden.pdf", "hidden.pdf"),
        ("verslag 🏦 2022.pdf", "verslag 🏦 2022.pdf"),
        ("tab\tgeheim\u202efdp.pdf", "tabgeheimfdp.pdf"),
    ],
)
def test_a_name_is_cleaned_and_never_a_path(lead, world, page, sent, kept):
    assert lead.upload(page, KIND, PDF, sent).status_code == 302
    assert stored(world) == [kept]


def test_a_full_disk_or_a_bucket_that_is_away_says_so_and_loses_nothing(app, lead, world, page, monkeypatch):
    away = S3Storage(S3Settings("portal-files", "key", "secret", f"http://{nobody_listens()}"))
    for storage in (FullDisk(app.extensions["portal.storage"].root), away):
        monkeypatch.setitem(app.extensions, "portal.storage", storage)
        assert_refused(lead.upload(page, KIND, PDF, "analyse.pdf"), "kon nu niet bewaard worden")
        assert stored(world) == []
    monkeypatch.undo()
    assert lead.upload(page, KIND, PDF, "analyse.pdf").status_code == 302
    away._client.close()


def test_a_download_from_a_storage_that_is_away_says_so(app, lead, world, draft, monkeypatch):
    page = f"{draft.path}/documents/{KIND}"
    lead.upload(page, KIND, PDF, "analyse.pdf")
    administrator = world(given_person, "Sofie Wouters", roles=[Role.ADMINISTRATOR])
    world(lambda: turn_switch(ctx_for(administrator), Switch.NO_SCANNER, on=True, reason="Test."))
    address = (
        f"{draft.path}/attachments/"
        + lead.get(f"{draft.path}/documents").text.split("/attachments/", 1)[1].split('"', 1)[0]
    )
    monkeypatch.setitem(app.extensions, "portal.storage", Away(app.extensions["portal.storage"].root))
    answer = lead.get(address)
    assert answer.status_code == 503
    assert "Het bestand kan nu niet opgehaald worden" in answer.text


def test_an_application_holds_a_hundred_megabytes(lead, world, draft, page):
    assert lead.upload(page, KIND, PDF, "een.pdf").status_code == 302
    world(lambda: db.session.execute(sa.update(StoredFile).values(size=100 * MB - len(PDF))))
    assert lead.upload(page, KIND, PDF, "past.pdf").status_code == 302
    assert_refused(lead.upload(page, KIND, PDF, "teveel.pdf"), "samen 100 MB")
    remove = (
        f"{draft.path}/attachments/"
        + lead.get(f"{draft.path}/documents").text.split("/attachments/", 1)[1].split('"', 1)[0]
    )
    assert lead.post(remove).status_code == 302
    assert lead.upload(page, KIND, PDF, "teveel.pdf").status_code == 302


def test_several_files_at_once_are_attached_together_or_not_at_all(lead, world, page):
    files = [("een.pdf", PDF), ("twee.pdf", b""), ("drie.exe", b"MZ\x90\x00")]
    answer = lead.upload_all(page, KIND, files)
    assert_refused(answer, "twee.pdf is leeg")
    assert_refused(answer, "drie.exe is geen pdf")
    assert stored(world) == []
    assert lead.upload_all(page, KIND, [("een.pdf", PDF), ("twee.pdf", PDF)]).status_code == 302
    assert stored(world) == ["een.pdf", "twee.pdf"]


def test_several_large_files_may_come_in_one_go_here_and_nowhere_else(lead, page):
    large = PDF + bytes(15 * MB)
    assert lead.upload_all(page, KIND, [("een.pdf", large), ("twee.pdf", large)]).status_code == 302
    assert lead.upload_all("/organisations/claim", "file", [("een.pdf", large), ("twee.pdf", large)]).status_code == 413


def test_a_script_sends_one_file_at_a_time_and_reads_the_answer(app, lead, world, draft, page):
    asked = {"headers": {"Accept": "application/json"}}
    answer = lead.upload_all(page, KIND, [("een.pdf", PDF)], **asked)
    assert (answer.status_code, answer.json) == (201, {"attached": 1})
    answer = lead.upload_all(page, KIND, [("leeg.pdf", b"")], **asked)
    assert (answer.status_code, answer.json) == (422, {"problems": ["leeg.pdf is leeg. Kies een ander bestand."]})
    assert lead.upload_all(page, KIND, [], **asked).json == {"problems": ["Kies een bestand."]}
    assert stored(world) == ["een.pdf"]
    stranger = Visitor(app).sign_in(world(given_person, "Bram Nijs").email)
    assert stranger.upload_all(page, KIND, [("een.pdf", PDF)], **asked).status_code == 404
    assert stored(world) == ["een.pdf"]


def test_the_call_offers_its_template_beside_the_document(lead, draft, page):
    address = "/calls/digibanken/execution/documents/dnsh-analysis"
    for each in (f"{draft.path}/documents", page):
        assert f'href="{address}"' in lead.get(each).text
    assert lead.get(address).status_code == 200
