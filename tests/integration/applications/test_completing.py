"""A completion by section: what is named opens, everything else stays, and what changed is marked for the department."""

import pytest

from portal.accounts.queries import list_leads
from portal.applications.commands.admissibility import ask_completion
from portal.applications.commands.attachments import attach_file
from portal.applications.commands.budget import Cost, add_line
from portal.applications.commands.parts import PartAnswers, bring_up_to_date, save_part
from portal.applications.commands.save_section import save_section
from portal.applications.commands.submit import submit_application
from portal.applications.commands.writing import unlocked
from portal.applications.queries import get_application, list_unsent_texts
from portal.core.actor import Role
from portal.core.db import db
from portal.core.errors import RuleViolation
from portal.core.money import euro
from tests.world.accounts import ctx_for, given_person
from tests.world.applications_models import ACCEPTED, given_complete_draft
from tests.world.time import moment

ASKED = {"B8": "Zeg hoe u toestellen herstelt.", "document:cooperation_agreement": "Laat alle partners tekenen."}
DUE = moment("2098-01-01T12:00")
WHILE = "2022-08-10T10:00"
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def given_asked():
    application = given_complete_draft()
    lead = list_leads([application.promotor_id])[0]
    officer = given_person("Nele Peeters", roles=[Role.CASE_OFFICER])
    submit_application(ctx_for(lead), application, accepted=ACCEPTED)
    ask_completion(ctx_for(officer, "2022-08-02T10:00"), application, ["OV-07"], "", DUE, asked=ASKED)
    db.session.commit()
    return application.reference, lead.email, officer.email


def answer(application, code, text, lead):
    section = next(each for each in application.sections if each.code == code)
    key = next(key for key, value in section.answers.items() if isinstance(value, str))
    return save_section(ctx_for(lead, WHILE), application, code, {key: text}, section.version)


@pytest.mark.usefixtures("inside")
def test_what_is_named_is_written_and_the_rest_is_kept_for_its_author():
    reference, _email, _officer = given_asked()
    application = get_application(reference, lock=True)
    lead = list_leads([application.promotor_id])[0]
    assert answer(application, "B8", "Elk toestel krijgt een tweede leven.", lead).version == 2
    with pytest.raises(RuleViolation) as refusal:
        answer(application, "B11", "Na de subsidie gaan wij door.", lead)
    assert refusal.value.codes == ["not-asked"]
    (kept,) = list_unsent_texts(application.id, lead.id)
    assert "Na de subsidie gaan wij door." in kept.answers.values()


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("what", ["budget", "part", "document", "partners"])
def test_budget_parts_and_other_documents_stay_as_they_were_handed_in(app, what):
    reference, _email, _officer = given_asked()
    application = get_application(reference, lock=True)
    ctx, promotor = ctx_for(list_leads([application.promotor_id])[0], WHILE), application.promotor_id
    storage = app.extensions["portal.storage"]
    acts = {
        "budget": lambda: add_line(ctx, application, Cost(promotor, "staff", 2023, euro("1"), euro("10"), "x" * 40)),
        "part": lambda: save_part(ctx, application, promotor, PartAnswers(task="Anders."), 1),
        "document": lambda: attach_file(ctx, storage, application, "dnsh_analysis", None, name="d.pdf", content=PDF),
        "partners": lambda: bring_up_to_date(ctx, application),
    }
    with pytest.raises(RuleViolation) as refusal:
        acts[what]()
    assert refusal.value.codes == ["not-asked"]
    attach_file(ctx, storage, application, "cooperation_agreement", None, name="getekend.pdf", content=PDF)
    assert not unlocked(application).holds("budget")


def test_the_applicant_reads_what_is_asked_by_when_and_opens_only_that(visitor, world):
    reference, lead, _officer = world(given_asked)
    path = f"/applications/{reference}"
    visitor.sign_in(lead)
    page = visitor.get(path).text
    for words in (*ASKED.values(), "Vervollediging gevraagd tegen 1 januari 2098", f'href="{path}/sections/B8"'):
        assert words in page
    assert "<textarea" in visitor.get(f"{path}/sections/B8").text
    closed = visitor.get(f"{path}/sections/B11").text
    assert "<textarea" not in closed
    assert "niet van dit deel" in closed
    documents = visitor.get(f"{path}/documents").text
    assert f'href="{path}/documents/cooperation_agreement"' in documents
    assert f'href="{path}/documents/dnsh_analysis"' not in documents


def test_a_case_officer_names_what_is_missing_per_section(visitor, world):
    def given_submitted():
        application = given_complete_draft()
        officer = given_person("Nele Peeters", roles=[Role.CASE_OFFICER])
        submit_application(ctx_for(list_leads([application.promotor_id])[0]), application, accepted=ACCEPTED)
        return application.reference, officer.email

    reference, officer = world(given_submitted)
    path = f"/desk/dossiers/{reference}/completion"
    visitor.sign_in(officer)
    assert visitor.post(path, {"due_at": "2098-01-01T12:00"}).status_code == 422
    asked = {"due_at": "2098-01-01T12:00", "B8": "Zeg hoe.", "document-cooperation_agreement": "Teken."}
    assert visitor.post(path, asked).location == f"/desk/dossiers/{reference}"
    keys = world(lambda: unlocked(get_application(reference)).keys)
    assert keys == {"B8", "document:cooperation_agreement"}


def test_what_was_changed_is_marked_word_by_word_for_the_case_officer(visitor, world):
    reference, lead, officer = world(given_asked)

    def given_written():
        application = get_application(reference, lock=True)
        answer(application, "B8", "Zo doen wij het. Morgen.", list_leads([application.promotor_id])[0])

    path = f"/applications/{reference}"
    visitor.sign_in(officer)
    assert visitor.get(f"{path}/changes").status_code == 404  # one version: nothing to compare
    world(given_written)
    visitor.sign_in(lead)
    assert (
        visitor.upload(f"{path}/documents/cooperation_agreement", "cooperation_agreement", PDF, "b.pdf").status_code
        == 302
    )
    assert visitor.post(f"{path}/complete", page=path).status_code == 302
    visitor.sign_in(officer)
    page = visitor.get(f"/desk/dossiers/{reference}").text
    assert "2 wijzigingen sinds de eerste indiening" in page
    assert "Morgen.</ins>" in page
    assert "<ins>b.pdf</ins>" in page
    assert "Morgen.</ins>" in visitor.get(f"{path}/changes").text
