"""Everybody's first page: what waits for them, and nothing of another's."""

from datetime import timedelta

from portal.accounts.queries import list_leads
from portal.applications.commands.admissibility import ask_completion
from portal.applications.commands.submit import submit_application
from portal.applications.queries import get_application
from portal.core.actor import Role
from portal.core.text import _l
from portal.desk.rules import WorkItem, agenda
from tests.world.accounts import ctx_for, given_claim, given_person
from tests.world.applications_models import ACCEPTED, given_complete_draft
from tests.world.drafting import close_round, given_team_draft
from tests.world.http import Visitor
from tests.world.time import moment

NOW = moment("2022-06-20T14:05")


def item(subject, days=None):
    due_at = None if days is None else NOW + timedelta(days=days)
    return WorkItem(_l("Judge claims"), subject, "/", _l("Open claims"), due_at)


def test_the_nearest_deadline_comes_first_and_what_has_none_comes_last():
    made = agenda([item("none"), item("late", 20), item("tomorrow", 1), item("week", 7)], NOW)
    assert [each.subject for each in made.soon] == ["tomorrow", "week"]
    assert [each.subject for each in made.later] == ["late", "none"]
    assert made.count == 4
    assert made.most_urgent.subject == "tomorrow"


def test_a_case_officer_sees_the_claims_that_wait_and_an_applicant_does_not(app, visitor, world):
    claim = world(given_claim)
    officer = world(given_person, "Mieke Hendrickx", roles=[Role.CASE_OFFICER])
    applicant = world(given_person, "Karim Aznag")
    assert claim.id
    visitor.sign_in(officer.email)
    assert "Claims beoordelen" in visitor.get("/my-work").text
    other = Visitor(app).sign_in(applicant.email)
    assert "Niets wacht op u" in other.get("/my-work").text


def test_signing_in_leads_to_my_work(visitor, world):
    person = world(given_person)
    answer = visitor.post("/sign-in", {"email": person.email, "password": "drie blauwe lampen"})
    assert answer.headers["Location"] == "/my-work"


def test_a_draft_waits_for_those_who_write_in_it_until_its_round_closes(app, visitor, world):
    draft = world(given_team_draft)
    leading = visitor.sign_in(draft.lead).get("/my-work").text
    assert "Aanvraag afwerken en indienen" in leading
    assert f'href="{draft.path}"' in leading
    assert "U handelt als promotor, Streekvereniging Noordheide" in leading
    partner = Visitor(app).sign_in(draft.partner)
    assert "Uw deel van de aanvraag schrijven" in partner.get("/my-work").text
    stranger = Visitor(app).sign_in(world(given_person, "Karim Aznag").email)
    assert draft.path not in stranger.get("/my-work").text
    world(close_round, draft.reference)
    assert draft.path not in visitor.get("/my-work").text


def given_handed_in():
    """A submitted application, its round closed, with the mail of its lead and of a case officer."""
    application = given_complete_draft()
    lead = list_leads([application.promotor_id])[0]
    submit_application(ctx_for(lead), application, accepted=ACCEPTED)
    officer = given_person("Nele Peeters", roles=[Role.CASE_OFFICER])
    return application.reference, lead.email, officer


def ask(reference, officer):
    application = get_application(reference)
    ask_completion(
        ctx_for(officer, "2022-08-02T10:00"),
        application,
        ["OV-07"],
        "Teken.",
        moment("2098-01-01T12:00"),
        asked={"document:cooperation_agreement": "Teken."},
    )


def test_a_dossier_of_a_closed_round_waits_for_the_case_officer_and_a_completion_for_the_lead(app, visitor, world):
    reference, lead, officer = world(given_handed_in)
    judging = Visitor(app).sign_in(officer.email)
    assert "Ontvankelijkheid beoordelen in B-2022-" in judging.get("/my-work").text
    assert f"/applications/{reference}" not in visitor.sign_in(lead).get("/my-work").text
    world(ask, reference, officer)
    assert "Ontvankelijkheid beoordelen" not in judging.get("/my-work").text
    waiting = visitor.get("/my-work").text
    assert "Aanvraag vervolledigen" in waiting
    assert "1 januari" in waiting
    asked = visitor.get(f"/applications/{reference}").text
    assert "Vervollediging gevraagd tegen 1 januari 2098" in asked
    assert "Teken." in asked
