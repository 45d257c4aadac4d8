"""What a scanner says of a document: held counts, refused does not, and a case officer asks it anew."""

import pytest
import sqlalchemy as sa

from portal.applications.commands.admissibility import admit_application, judge_rule
from portal.applications.dossiers import dossier_of
from portal.applications.models import Attachment
from portal.applications.queries import get_application
from portal.applications.snapshot import content_of
from portal.applications.states import Verdict
from portal.core.actor import Role
from portal.core.db import db
from portal.core.errors import RuleViolation
from portal.core.files import FileState, StoredFile
from portal.core.scanner import Scanner
from portal.core.scanning import scan_next
from tests.integration.applications.test_admissibility_desk import given_submitted
from tests.world.accounts import ctx_for, given_person
from tests.world.clamd import EICAR, SIGNATURE, SmallClamd, nobody_listens
from workers.retry import SCAN_AGAIN

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
AGREEMENT = "cooperation_agreement"
AFTER = "2022-08-02T10:00"


def find_infected(application, kind=AGREEMENT):
    """Let the scanner have found something in a document of ``application``."""
    file_id = sa.select(Attachment.file_id).where(Attachment.application_id == application.id, Attachment.kind == kind)
    found = {"state": FileState.REFUSED, "signature": SIGNATURE, "scanned_at": application.begun_at}
    db.session.execute(sa.update(StoredFile).where(StoredFile.id.in_(file_id)).values(found))
    db.session.commit()
    db.session.expire_all()


def test_a_held_document_answers_its_question_and_a_refused_one_does_not(inside):
    application = get_application(given_submitted().reference)
    assert {each.file.state for each in application.attachments} == {FileState.HELD}
    assert (AGREEMENT, None) in dossier_of(application).documents
    find_infected(application)
    application = get_application(application.reference)
    dossier = dossier_of(application)
    assert (AGREEMENT, None) not in dossier.documents
    frozen = content_of(ctx_for(), application, dossier, ())["documents"]
    assert AGREEMENT not in {each["kind"] for each in frozen}, "the next completion does not hand it in again"


def test_an_infected_document_keeps_an_application_from_being_admitted(inside):
    desk = ctx_for(given_person("Nele Peeters", roles=[Role.CASE_OFFICER]), AFTER)
    application = given_submitted()
    for rule in dossier_of(application).terms.rules:
        if rule.judged:
            judge_rule(desk, application, rule.code, Verdict.MET, "Nagekeken.")
    find_infected(application)
    with pytest.raises(RuleViolation) as refusal:
        admit_application(desk, get_application(application.reference))
    assert refusal.value.codes == ["document-infected"]
    db.session.execute(sa.update(Attachment).where(Attachment.kind == AGREEMENT).values(removed_at=AFTER))
    db.session.commit()
    db.session.expire_all()
    admit_application(desk, get_application(application.reference))


def test_the_case_officer_sees_on_the_dossier_which_document_to_ask_anew(world, visitor):
    officer = world(given_person, "Nele Peeters", roles=[Role.CASE_OFFICER])
    application = world(given_submitted)
    page = f"/desk/dossiers/{application.reference}"
    visitor.sign_in(officer.email)
    assert "De virusscanner weigerde" not in visitor.get(page).text
    world(find_infected, application)
    said = visitor.get(page).text
    assert "De virusscanner weigerde een document van deze aanvraag." in said
    assert f"{AGREEMENT}.pdf" in said
    ask = f'{page}/completion">Vraag een document zonder virus als aanvulling'
    assert ask in said
    assert visitor.get(f"{page}/completion").status_code == 200


def scan(app, world, address):
    def once():
        return scan_next(ctx_for(), Scanner(address), app.extensions["portal.storage"], SCAN_AGAIN)

    return world(once)


def test_the_page_says_what_a_document_waits_for_and_what_was_found(app, lead, world, draft, monkeypatch):
    page = f"{draft.path}/documents"
    lead.upload(f"{page}/dnsh_analysis", "dnsh_analysis", PDF + EICAR, "analyse.pdf")
    assert "Er is nog geen virusscanner ingesteld." in lead.get(page).text
    away = nobody_listens()
    monkeypatch.setitem(app.extensions, "portal.scanner", Scanner(away))
    assert "Een document dat op de virusscanner wacht, telt als toegevoegd." in lead.get(page).text
    scan(app, world, away)
    said = lead.get(page).text
    assert "De virusscanner is onbereikbaar." in said
    assert "Hij antwoordt niet sinds" in said
    assert "Wacht op de virusscan" in said
    world(lambda: db.session.execute(sa.update(StoredFile).values(next_scan_at=sa.text("now() - interval '1 second'"))))
    with SmallClamd() as clamd:
        scan(app, world, clamd.address)
    said = lead.get(page).text
    assert f"Er zit {SIGNATURE} in: het telt niet mee." in said
    assert "Voeg het opnieuw toe" in said
    number = said.split("/attachments/", 1)[1].split("/", 1)[0]
    assert lead.get(f"{draft.path}/attachments/{number}").status_code == 404
    assert f"/attachments/{number}/remove" in said, "its owner takes it away and attaches another"
