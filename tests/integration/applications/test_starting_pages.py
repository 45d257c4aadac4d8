"""From an open round to a draft: who begins, who cannot and why, and the list in which it appears."""

from portal.accounts.queries import get_organisation, list_leads
from portal.calls.queries import get_round
from portal.core.actor import Role
from tests.world.accounts import given_organisation, given_person
from tests.world.applications import given_draft
from tests.world.drafting import given_open_round, given_team_draft
from tests.world.http import Visitor
from tests.world.partnerships import given_partnership
from tests.world.time import moment


def given_team(lead, partner):
    """A partnership that ``lead`` leads and in which ``partner`` takes part."""
    return given_partnership(given_organisation(lead), partners=[given_organisation(partner, name="De Brem")])


def test_a_writer_of_the_lead_partner_begins_and_a_partner_reads_why_not(app, visitor, world):
    lead, partner = world(given_person, "Eva Claes"), world(given_person, "An Maes")
    partnership = world(given_team, lead, partner)
    round_ = world(given_open_round)
    page = f"/rounds/{round_.code}/apply"
    reading = Visitor(app).sign_in(partner.email)
    assert "Wie voor de promotor schrijft, begint een aanvraag." in reading.get(page).text
    assert reading.post(page, {"partnership": partnership.id}, page="/account").status_code == 422
    answer = visitor.sign_in(lead.email).post(page, {"partnership": partnership.id})
    assert (answer.status_code, answer.location) == (302, "/applications/DB-B-2022-1-0001")
    assert "DB-B-2022-1-0001" in visitor.get("/applications").text
    assert "DB-B-2022-1-0001" in reading.get("/applications").text
    again = visitor.get(page).text
    assert "Dit samenwerkingsverband heeft in deze ronde al een aanvraag." in again
    assert "/applications/DB-B-2022-1-0001" in again
    assert visitor.post(page, {"partnership": partnership.id}, page="/account").status_code == 422


def test_nobody_begins_in_a_closed_round(visitor, world):
    lead = world(given_person, "Eva Claes")
    partnership = world(given_team, lead, world(given_person))
    round_ = world(given_open_round, moment("2022-07-29T12:00"))
    visitor.sign_in(lead.email)
    page = f"/rounds/{round_.code}/apply"
    assert "Deze ronde is niet open." in visitor.get(page).text
    assert visitor.post(page, {"partnership": partnership.id}, page="/account").status_code == 422
    assert "DB-B" not in visitor.get("/applications").text


def test_without_a_partnership_the_page_says_how_to_begin_one(visitor, world):
    round_ = world(given_open_round)
    visitor.sign_in(world(given_person).email)
    assert "/partnerships/begin" in visitor.get(f"/rounds/{round_.code}/apply").text
    assert "Nog geen aanvraag" in visitor.get("/applications").text


def test_a_visitor_signs_in_first_and_the_open_call_leads_there(visitor, world):
    round_ = world(given_open_round)
    page = f"/rounds/{round_.code}/apply"
    assert page in visitor.get("/calls/digibanken/execution").text
    assert visitor.get(page).location.startswith("/sign-in")


def test_the_partnership_page_leads_to_the_open_round(visitor, world):
    lead = world(given_person, "Eva Claes")
    partnership = world(given_team, lead, world(given_person))
    round_ = world(given_open_round)
    visitor.sign_in(lead.email)
    assert (
        f"/rounds/{round_.code}/apply?partnership={partnership.id}"
        in visitor.get(f"/partnerships/{partnership.id}").text
    )


def given_open_draft(partnership=None, round_=None):
    draft = given_draft(partnership, round_=round_ or given_open_round())
    return draft.reference, list_leads([draft.promotor_id])[0].email


def test_the_task_list_says_what_to_do_first_and_a_stranger_sees_nothing(app, visitor, world):
    reference, lead = world(given_open_draft)
    page = visitor.sign_in(lead).get(f"/applications/{reference}").text
    assert "Doe dit eerst:" in page
    assert f"/applications/{reference}/sections/B1" in page
    assert "0 van 14 rubrieken volledig" in page
    stranger = Visitor(app).sign_in(world(given_person, "Bram Nijs").email)
    assert stranger.get(f"/applications/{reference}").status_code == 404
    officer = Visitor(app).sign_in(world(given_person, "Nele Peeters", roles=[Role.CASE_OFFICER]).email)
    assert officer.get(f"/applications/{reference}").status_code == 200


def given_draft_with(partner_number, code):
    """One more draft in the round, led by another organisation in which the partner takes part."""
    partnership = given_partnership(given_organisation(), partners=[get_organisation(partner_number)])
    return given_draft(partnership, round_=get_round(code)).reference


def test_the_list_costs_the_same_for_one_and_for_three(visitor, world, count_statements):
    lead = world(given_person, "Eva Claes")
    organisation = world(given_organisation, lead)
    code = world(given_open_round).code
    world(given_draft_with, organisation.enterprise_number, code)
    visitor.sign_in(lead.email).get("/applications")
    with count_statements() as one:
        assert visitor.get("/applications").text.count("/applications/DB-B-") == 1
    for _ in range(2):
        world(given_draft_with, organisation.enterprise_number, code)
    with count_statements() as three:
        assert visitor.get("/applications").text.count("/applications/DB-B-") == 3
    assert len(three) == len(one)


def test_the_task_list_costs_the_same_however_much_is_in_it(visitor, world, count_statements):
    draft = world(given_team_draft)
    visitor.sign_in(draft.lead).get(draft.path)
    with count_statements() as bare:
        visitor.get(draft.path)
    cost = {"category": "staff", "year": 2023, "quantity": "1", "unit_price_amount": "100", "explanation": ""}
    for organisation_id in (draft.promotor_id, draft.partner_id, draft.partner_id):
        visitor.post(f"{draft.path}/budget/lines/add", {**cost, "organisation": organisation_id})
    with count_statements() as filled:
        assert "3 lijnen" in visitor.get(draft.path).text
    assert len(filled) == len(bare)


def given_more_partnerships(number):
    for name in ("Digibank Leie", "Digibank Kempen"):
        given_partnership(get_organisation(number), name=name)


def test_the_choice_of_a_partnership_costs_the_same_for_one_and_for_three(visitor, world, count_statements):
    lead = world(given_person, "Eva Claes")
    organisation = world(given_organisation, lead)
    world(given_partnership, organisation)
    page = f"/rounds/{world(given_open_round).code}/apply"
    visitor.sign_in(lead.email).get(page)
    with count_statements() as one:
        assert visitor.get(page).text.count('type="radio"') == 1
    world(given_more_partnerships, organisation.enterprise_number)
    with count_statements() as three:
        assert visitor.get(page).text.count('type="radio"') == 3
    assert len(three) == len(one)
