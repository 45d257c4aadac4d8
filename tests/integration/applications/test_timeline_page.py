"""The timeline of an application: what happened, and to which document, section and partner."""

from tests.world.http import Visitor
from tests.world.partners import given_partners_draft

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PART = {"task": "Herstelt de toestellen.", "receives_funds": "y", "vat_status": "liable", "version": 1}


def test_it_names_the_document_the_section_and_the_partner(app, visitor, world):
    draft = world(given_partners_draft)
    lead = visitor.sign_in(draft.promotor.email)
    nobody = {f"B{number}": "0" for number in range(1, 15)}
    lead.post(f"{draft.path}/assign", {**nobody, "B8": draft.brem.organisation_id})
    lead.post(f"{draft.path}/assign", nobody)
    lead.upload(f"{draft.path}/documents/dnsh_analysis", "dnsh_analysis", PDF, "analyse.pdf")
    lead.post(f"{draft.path}/parts/{draft.brem.organisation_id}", PART)
    own = f"{draft.path}/documents/social_security_attest/{draft.brem.organisation_id}"
    Visitor(app).sign_in(draft.brem.email).upload(own, "social_security_attest", PDF, "rsz.pdf")

    told = " ".join(lead.get(f"{draft.path}/timeline").text.split())
    assert "<b>Rubriek toegewezen</b>B8 Circulariteit: De Brem<" in told
    assert "<b>Rubriek toegewezen</b>B8 Circulariteit: Iedereen die voor het samenwerkingsverband schrijft<" in told
    assert "<b>Document toegevoegd</b>DNSH-analyse" in told
    assert "<b>Document toegevoegd</b>RSZ-attest zonder achterstal, De Brem<" in told
