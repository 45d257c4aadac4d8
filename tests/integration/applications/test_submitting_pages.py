"""The pages around handing in, as a browser without a screen sees them."""

from decimal import Decimal

import sqlalchemy as sa

from portal.accounts.queries import list_leads
from portal.applications.commands.submit import submit_application
from portal.applications.models import BudgetLine, PartnerPart
from portal.applications.queries import get_application
from portal.applications.states import State
from portal.calls.models import Round
from portal.core.actor import Role
from portal.core.db import db
from portal.core.event_log import list_timeline
from portal.places.commands import load_places
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications_models import ACCEPTED, given_complete_draft
from tests.world.http import TOKEN
from tests.world.time import moment

FAR = moment("2099-01-01T12:00")  # the application of the tests reads the machine's clock


def given_draft(*, closes_at=FAR):
    application = given_complete_draft()
    db.session.execute(sa.update(Round).where(Round.id == application.round_id).values(closes_at=closes_at))
    lead = list_leads([application.promotor_id])[0]
    return f"/applications/{application.reference}", lead.email, given_person("Bram Nijs").email


def test_a_lead_checks_submits_and_reads_the_receipt_and_the_timeline(world, visitor):
    path, email, _stranger = world(given_draft)
    visitor.sign_in(email)
    assert visitor.get(f"{path}/check").status_code == 200
    assert visitor.get(f"{path}/receipt").status_code == 404
    answer = visitor.post(f"{path}/check", {"accepted": sorted(ACCEPTED)})
    assert (answer.status_code, answer.location) == (302, f"{path}/receipt")
    assert "SHA-256" in visitor.get(f"{path}/receipt").text
    assert visitor.get(f"{path}/timeline").status_code == 200
    assert visitor.get(f"{path}/admissibility").status_code == 200
    assert visitor.post(f"{path}/check", {"accepted": sorted(ACCEPTED)}, page=f"{path}/withdraw").status_code == 409


def test_a_declaration_that_is_not_ticked_comes_back_as_a_problem_and_nothing_is_submitted(world, visitor):
    path, email, _stranger = world(given_draft)
    visitor.sign_in(email)
    assert visitor.post(f"{path}/check", {"accepted": sorted(ACCEPTED)[:1]}).status_code == 422
    assert visitor.get(f"{path}/receipt").status_code == 404


def test_a_stranger_does_not_learn_that_the_application_exists(world, visitor):
    path, _email, stranger = world(given_draft)
    visitor.sign_in(stranger)
    for page in ("check", "receipt", "timeline", "admissibility", "withdraw"):
        assert visitor.get(f"{path}/{page}").status_code == 404


def test_a_withdrawal_asks_a_reason(world, visitor):
    path, email, _stranger = world(given_draft)
    visitor.sign_in(email)
    assert visitor.post(f"{path}/withdraw", {"reason": ""}).status_code == 422
    answer = visitor.post(f"{path}/withdraw", {"reason": "Een partner haakte af."})
    assert (answer.status_code, answer.location) == (302, f"{path}/timeline")


def given_dossier():
    application = given_complete_draft()
    lead = list_leads([application.promotor_id])[0]
    submit_application(ctx_for(lead), application, accepted=ACCEPTED)
    officer = given_person("Nele Peeters", roles=[Role.CASE_OFFICER])
    return application.reference, application.round.code, officer.email, lead.email


def test_a_case_officer_judges_a_dossier_from_the_list_to_the_decision(world, visitor):
    reference, code, officer, _lead = world(given_dossier)
    path = f"/desk/dossiers/{reference}"
    visitor.sign_in(officer)
    assert reference in visitor.get(f"/desk/rounds/{code}/dossiers").text
    assert visitor.post(f"{path}/admit", page=path).status_code == 422
    assert visitor.post(f"{path}/rules/OV-07", {"verdict": "met", "reason": ""}).status_code == 422
    assert visitor.post(f"{path}/rules/OV-07", {"verdict": "met", "reason": "Getekend."}).status_code == 302
    assert "Getekend." in visitor.get(path).text
    answer = visitor.post(
        f"{path}/completion",
        {"rules": ["OV-08"], "document-dnsh_analysis": "Voeg toe.", "due_at": "2098-01-01T12:00"},
    )
    assert (answer.status_code, answer.location) == (302, path)
    assert visitor.post(f"{path}/inadmissible", {"reason": "Geen antwoord."}).status_code == 302


def test_an_applicant_does_not_see_the_desk(world, visitor):
    reference, code, _officer, lead = world(given_dossier)
    visitor.sign_in(lead)
    assert visitor.get(f"/desk/dossiers/{reference}").status_code == 404
    assert visitor.get(f"/desk/rounds/{code}/dossiers").status_code == 404


def test_the_dossier_and_the_check_read_answers_in_words(world, visitor):
    world(load_places, world(ctx_for))
    reference, _code, officer, lead = world(given_dossier)
    visitor.sign_in(officer)
    dossier = visitor.get(f"/desk/dossiers/{reference}").text
    for words in (
        "Arendonk",
        "Hersteld via de sociale economie",
        "1 juni 2023",
        "Twee digihelpers, samen 1,2 voltijds.",
    ):
        assert words in dossier
    assert ">topic_outreach<" not in dossier
    visitor.client.delete_cookie("session")
    visitor.sign_in(lead)
    assert "Hersteld" in visitor.get(f"/applications/{reference}/check").text


def given_large_draft():
    """A draft with nine partners more, and as many costs."""
    application = given_complete_draft()
    for number in range(9):
        partner = given_organisation(name=f"Partner {number}")
        application.parts.append(PartnerPart(organisation_id=partner.id, role="network", task="Verwijst door."))
        application.lines.append(
            BudgetLine(
                organisation_id=application.promotor_id,
                category="staff",
                year=2023,
                quantity=Decimal(1),
                unit_price_amount=Decimal("100.00"),
                explanation="Een opleiding van twee digihelpers.",
            )
        )
    db.session.execute(sa.update(Round).where(Round.id == application.round_id).values(closes_at=FAR))
    return f"/applications/{application.reference}", list_leads([application.promotor_id])[0].email


def submission_cost(visitor, count_statements, path, email):
    visitor.sign_in(email)
    token = TOKEN.search(visitor.get(f"{path}/check").text)[1]
    with count_statements() as sent:
        answer = visitor.client.post(f"{path}/check", data={"csrf_token": token, "accepted": sorted(ACCEPTED)})
    assert (answer.status_code, answer.location) == (302, f"{path}/receipt")
    return len(sent)


def test_a_submission_costs_twenty_statements_at_most_however_large_it_is(world, visitor, count_statements):
    path, email, _stranger = world(given_draft)
    small = submission_cost(visitor, count_statements, path, email)
    large = submission_cost(visitor, count_statements, *world(given_large_draft))
    assert small == large <= 20


def test_a_refused_submission_is_written_down_while_everything_else_is_undone(world, visitor):
    path, email, _stranger = world(given_draft)
    visitor.sign_in(email)
    assert visitor.post(f"{path}/check", {"accepted": sorted(ACCEPTED)[:1]}).status_code == 422
    reference = path.rsplit("/", 1)[1]
    found = world(lambda: get_application(reference))
    assert (found.state, found.submitted_at) == (State.DRAFT, None)
    events = [(each.topic, each.payload.get("codes")) for each in world(list_timeline, "application", found.id)]
    assert events == [("application.submission-refused", "declaration-not-accepted")]
