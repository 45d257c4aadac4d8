"""What an application's page says once it is handed in: where it stands, why it is not admissible, what was decided."""

import pytest

from portal.accounts.queries import list_leads
from portal.applications.commands.admissibility import ask_completion, refuse_admission
from portal.applications.commands.submit import submit_application
from portal.applications.queries import get_application
from portal.applications.states import Outcome
from portal.core.actor import Role
from tests.world.accounts import ctx_for, given_person
from tests.world.applications_models import ACCEPTED, given_complete_draft
from tests.world.time import moment

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
LATER = moment("2022-08-02T10:00")


def given_submitted():
    application = given_complete_draft()
    lead = list_leads([application.promotor_id])[0]
    submit_application(ctx_for(lead), application, accepted=ACCEPTED)
    return application.reference, lead.email


def find_inadmissible(reference):
    """A case officer asks a completion, and does not wait for it."""
    ctx = ctx_for(given_person("Nele Peeters", roles=[Role.CASE_OFFICER]), "2022-08-02T10:00")
    application = get_application(reference)
    ask_completion(
        ctx,
        application,
        ["OV-07"],
        "Teken.",
        moment("2098-01-01T12:00"),
        asked={"document:cooperation_agreement": "Teken."},
    )
    refuse_admission(ctx, application, "De samenwerkingsovereenkomst is niet getekend.")


def test_a_submitted_application_leads_to_its_receipt_and_says_that_it_stands(visitor, world):
    reference, lead = world(given_submitted)
    page = visitor.sign_in(lead).get(f"/applications/{reference}").text
    assert "De aanvraag is ingediend en kan niet meer veranderen." in page
    assert f'href="/applications/{reference}/receipt"' in page
    assert "Doe dit eerst:" not in page
    assert f"/applications/{reference}/check" not in page


def test_an_applicant_reads_why_the_application_is_not_admissible(visitor, world):
    reference, lead = world(given_submitted)
    visitor.sign_in(lead)
    assert "niet getekend" not in visitor.get(f"/applications/{reference}").text
    world(find_inadmissible, reference)
    page = visitor.get(f"/applications/{reference}").text
    assert "Waarom uw aanvraag niet ontvankelijk is" in page
    assert "De samenwerkingsovereenkomst is niet getekend." in page
    assert "Vervollediging gevraagd" not in page
    assert f"/applications/{reference}/withdraw" not in page


def ask(reference):
    ctx = ctx_for(given_person("Nele Peeters", roles=[Role.CASE_OFFICER]), "2022-08-02T10:00")
    ask_completion(
        ctx,
        get_application(reference),
        ["OV-07"],
        "Teken.",
        moment("2098-01-01T12:00"),
        asked={"document:cooperation_agreement": "Teken."},
    )


def test_what_is_asked_to_complete_is_written_and_handed_in_once_more(visitor, world):
    reference, lead = world(given_submitted)
    path = f"/applications/{reference}"
    visitor.sign_in(lead)
    assert (
        visitor.upload(f"{path}/documents/cooperation_agreement", "cooperation_agreement", PDF, "a.pdf").status_code
        == 409
    )
    for closed in ("documents/cooperation_agreement", "budget/lines/add"):
        assert "De aanvraag kan niet meer veranderen." in visitor.get(f"{path}/{closed}").text
    world(ask, reference)
    page = visitor.get(path).text
    assert "Vervollediging gevraagd tegen 1 januari 2098" in page
    assert f'action="{path}/complete"' in page
    answer = visitor.upload(f"{path}/documents/cooperation_agreement", "cooperation_agreement", PDF, "getekend.pdf")
    assert answer.status_code == 302
    assert visitor.post(f"{path}/complete", page=path).location == f"{path}/receipt"
    assert "De aanvraag is ingediend en kan niet meer veranderen." in visitor.get(path).text


def publish(reference, outcome):
    """What a publication tells down: the outcome, and the moment."""
    application = get_application(reference)
    application.outcome, application.outcome_at = outcome, LATER


@pytest.mark.parametrize(
    ("outcome", "words"),
    [(Outcome.APPROVED, "Goedgekeurd"), (Outcome.RESERVE, "Reservelijst"), (Outcome.LAPSED, "vervallen")],
)
def test_a_published_outcome_leads_to_the_decision(visitor, world, outcome, words):
    reference, lead = world(given_submitted)
    visitor.sign_in(lead)
    assert "/decision" not in visitor.get(f"/applications/{reference}").text
    world(publish, reference, outcome)
    page = visitor.get(f"/applications/{reference}").text
    assert words in page
    assert f'href="/applications/{reference}/decision"' in page
    assert words in visitor.get("/applications").text
