"""Documents in the browser: asked of whom, attached, refused at the field, held for the scanner, removed."""

import pytest

from portal.core.actor import Role
from portal.core.switches import Switch, turn_switch
from tests.world.accounts import ctx_for, given_person
from tests.world.drafting import close_round
from tests.world.http import Visitor

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TWENTY_MB = 20 * 1024 * 1024


def upload(visitor, draft, kind="dnsh_analysis", *, content=PDF, name="analyse.pdf", organisation_id=None):
    page = f"{draft.path}/documents/{kind}" + (f"/{organisation_id}" if organisation_id else "")
    return visitor.upload(page, kind, content, name)


def download(visitor, address):
    """The status and body of a download, and the name it asks the browser to save it under."""
    with visitor.get(address) as answer:
        return answer.status_code, answer.data, answer.headers.get("Content-Disposition")


def no_scanner():
    turn_switch(ctx_for(), Switch.NO_SCANNER, on=True, reason="Er is nog geen virusscanner.")


def test_a_document_waits_for_the_scanner_and_can_be_read_once_it_may(lead, world, draft):
    page = f"{draft.path}/documents"
    assert "Nog niet toegevoegd" in lead.get(page).text
    assert upload(lead, draft).location == page
    held = lead.get(page).text
    assert "Wacht op de virusscan" in held
    number = int(held.split("/attachments/", 1)[1].split("/", 1)[0])
    assert lead.get(f"{draft.path}/attachments/{number}").status_code == 404
    world(no_scanner)
    address = f"{draft.path}/attachments/{number}"
    assert download(lead, address) == (200, PDF, "attachment; filename=analyse.pdf")
    assert f'href="{address}"' in lead.get(page).text


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"MZ\x90\x00 no document", "virus.pdf", "is geen pdf"),
        (PDF + b"0" * (TWENTY_MB + 1 - len(PDF)), "groot.pdf", "groter dan 20 MB"),
        (b"", "leeg.pdf", "is leeg"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_the_field(lead, draft, content, name, sentence):
    answer = upload(lead, draft, content=content, name=name)
    assert answer.status_code == 422
    assert sentence in answer.text.split('id="dnsh_analysis-error"', 1)[1].split("</p>", 1)[0]
    assert "/attachments/" not in lead.get(f"{draft.path}/documents").text


def test_twenty_megabytes_to_the_byte_is_taken(lead, draft):
    assert upload(lead, draft, content=PDF + b"0" * (TWENTY_MB - len(PDF))).status_code == 302


def test_no_file_at_all_is_asked_for(lead, draft):
    assert lead.post(f"{draft.path}/documents/dnsh_analysis").status_code == 422


def test_a_funded_partner_is_asked_its_own_proofs_and_attaches_them_itself(lead, partner, draft):
    page = f"{draft.path}/documents"
    assert "social_security_attest" not in lead.get(page).text
    part = {"task": "Doet mee.", "receives_funds": "y", "vat_status": "liable", "version": 1}
    for organisation_id in (draft.partner_id, draft.promotor_id):
        lead.post(f"{draft.path}/parts/{organisation_id}", part)
    assert f"/documents/social_security_attest/{draft.partner_id}" in partner.get(page).text
    assert f"/documents/social_security_attest/{draft.promotor_id}" not in partner.get(page).text
    assert "vat_proof" not in lead.get(page).text
    own = {"kind": "social_security_attest", "organisation_id": draft.partner_id}
    assert upload(partner, draft, **own).status_code == 302
    assert upload(lead, draft, **own).status_code == 302
    of_promotor = f"{page}/social_security_attest/{draft.promotor_id}"
    assert partner.get(of_promotor).status_code == 403
    assert lead.get(of_promotor).status_code == 200


def test_a_document_is_removed_after_one_more_question(lead, partner, draft):
    upload(lead, draft)
    page = lead.get(f"{draft.path}/documents").text
    remove = f"{draft.path}/attachments/" + page.split("/attachments/", 1)[1].split('"', 1)[0]
    assert "analyse.pdf verwijderen?" in lead.get(remove).text
    assert "/attachments/" in lead.get(f"{draft.path}/documents").text
    assert lead.post(remove).status_code == 302
    assert "/attachments/" not in lead.get(f"{draft.path}/documents").text
    assert lead.get(remove).status_code == 404


def test_an_unknown_kind_or_a_document_of_another_application_is_not_found(lead, draft):
    assert lead.get(f"{draft.path}/documents/guidance").status_code == 404
    assert lead.get(f"{draft.path}/documents/social_security_attest/999999").status_code == 404
    assert lead.get(f"{draft.path}/attachments/999999").status_code == 404


def test_nothing_is_attached_after_the_deadline(lead, world, draft):
    world(close_round, draft.reference)
    answer = upload(lead, draft)
    assert answer.status_code == 422
    assert "De deadline is voorbij." in answer.text


def test_a_stranger_finds_nothing_and_a_case_officer_reads_and_attaches_nothing(app, lead, world, draft):
    world(no_scanner)
    upload(lead, draft)
    document = lead.get(f"{draft.path}/documents").text.split(f"{draft.path}/attachments/", 1)[1].split('"', 1)[0]
    stranger = Visitor(app).sign_in(world(given_person, "Bram Nijs").email)
    assert stranger.get(f"{draft.path}/attachments/{document}").status_code == 404
    officer = Visitor(app).sign_in(world(given_person, "Nele Peeters", roles=[Role.CASE_OFFICER]).email)
    assert download(officer, f"{draft.path}/attachments/{document}")[:2] == (200, PDF)
    assert officer.get(f"{draft.path}/documents/dnsh_analysis").status_code == 403


def test_the_documents_cost_the_same_for_one_and_for_three(lead, draft, count_statements):
    page = f"{draft.path}/documents"
    upload(lead, draft)
    lead.get(page)
    with count_statements() as one:
        lead.get(page)
    upload(lead, draft)
    upload(lead, draft, kind="cooperation_agreement")
    with count_statements() as three:
        lead.get(page)
    assert len(three) == len(one)
