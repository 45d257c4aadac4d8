"""Everybody's first page: what waits for them, and nothing of another's."""

from datetime import timedelta

from portal.accounts.commands.organisations import grant_right
from portal.accounts.models import Organisation
from portal.accounts.queries import list_leads
from portal.applications.commands.admissibility import ask_completion
from portal.applications.commands.parts import PartAnswers, save_part
from portal.applications.commands.submit import submit_application
from portal.applications.queries import get_application
from portal.applications.states import VatStatus
from portal.core.actor import Right, Role
from portal.core.db import db
from portal.core.text import _l
from portal.desk.rules import WorkItem, agenda
from tests.world.accounts import ctx_for, given_claim, given_organisation, given_person
from tests.world.applications import given_draft
from tests.world.applications_models import ACCEPTED, given_complete_draft
from tests.world.drafting import close_round, given_team_draft
from tests.world.http import Visitor
from tests.world.partners import given_partners_draft, sign_off_as
from tests.world.partnerships import given_partnership
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


PART = PartAnswers("Richt knooppunten in.", receives_funds=True, vat_status=VatStatus.LIABLE)


def given_part_to_sign():
    """A draft of which De Brem's part is written and De Lus's is not yet, and the address of who only writes for De Brem."""
    draft, writer = given_partners_draft(), given_person("Lies Wouters")
    save_part(ctx_for(), get_application(draft.reference), draft.brem.organisation_id, PART, 1)
    grant_right(ctx_for(), db.session.get(Organisation, draft.brem.organisation_id), writer, Right.STAFF)
    return draft, writer.email


def given_another_part(reference, side):
    """One more draft in the round of ``reference`` in which the same partner has a part to sign off on."""
    lead, brem = given_person("Ilse Verbeke"), db.session.get(Organisation, side.organisation_id)
    partnership = given_partnership(given_organisation(lead, name="De Kaai"), partners=[brem])
    draft = given_draft(partnership, round_=get_application(reference).round, person=lead)
    save_part(ctx_for(), get_application(draft.reference), brem.id, PART, 1)


def sign_for_brem(draft):
    sign_off_as(draft.brem.person, get_application(draft.reference), draft.brem.organisation_id)


def test_a_sign_off_waits_for_who_may_sign_for_a_partner_whose_part_is_written(app, visitor, world):
    draft, writer = world(given_part_to_sign)
    page, words = f"{draft.path}/parts/{draft.brem.organisation_id}/sign", "Uw deel van de aanvraag bevestigen"
    waiting = visitor.sign_in(draft.brem.email).get("/my-work").text
    assert words in waiting
    assert f'href="{page}"' in waiting
    assert "U handelt als partner, De Brem" in waiting
    assert visitor.get(page).status_code == 200
    for email in (draft.promotor.email, draft.lus.email, writer):
        assert words not in Visitor(app).sign_in(email).get("/my-work").text
    world(sign_for_brem, draft)
    assert words not in visitor.get("/my-work").text


def test_sign_offs_of_two_applications_cost_as_many_statements_as_of_one(visitor, world, count_statements):
    draft, _writer = world(given_part_to_sign)
    visitor.sign_in(draft.brem.email)
    visitor.get("/my-work")
    with count_statements() as one:
        visitor.get("/my-work")
    world(given_another_part, draft.reference, draft.brem)
    with count_statements() as two:
        assert visitor.get("/my-work").text.count("Uw deel van de aanvraag bevestigen") == 2
    assert len(one) == len(two)


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
