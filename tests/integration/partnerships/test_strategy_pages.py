"""The strategy's pages: writing, handing in, and the case officer's judgement."""

from portal.core.actor import Role
from tests.world.accounts import given_organisation, given_person
from tests.world.http import Visitor
from tests.world.partnerships import given_partnership, given_strategy


def test_a_lead_hands_in_and_a_case_officer_recognises(app, visitor, world):
    lead, staff = world(given_person, "Eva Claes"), world(given_person, "Nadia Wouters")
    partnership = world(given_partnership, world(given_organisation, lead, staff=[staff]))
    page = f"/strategies/{world(given_strategy, partnership).id}"
    assert Visitor(app).sign_in(staff.email).post(f"{page}/hand-in", page=page).status_code == 403
    assert visitor.sign_in(lead.email).post(f"{page}/hand-in", page=page).status_code == 302
    officer = Visitor(app).sign_in(world(given_person, "Mieke", roles=[Role.CASE_OFFICER]).email)
    assert partnership.name in officer.get("/desk/strategies").text
    judge = f"/desk{page}/judge"
    assert officer.post(judge, {"reason": ""}, page=page).status_code == 422
    assert visitor.post(judge, {"reason": "Goed."}, page=page).status_code == 403
    assert officer.post(judge, {"reason": "Goed.", "verdict": "recognise"}, page=page).status_code == 302
    assert "Erkend" in visitor.get(page).text


def test_what_is_missing_and_what_somebody_else_saved_is_shown(visitor, world):
    lead = world(given_person, "Eva Claes")
    partnership = world(given_partnership, world(given_organisation, lead))
    page = f"/strategies/{world(given_strategy, partnership, is_complete=False).id}"
    visitor.sign_in(lead.email)
    assert visitor.post(f"{page}/hand-in", page=page).status_code == 422
    assert visitor.post(f"{page}/edit", {"version": "1", "outreach": "Eerst."}).status_code == 302
    stale = visitor.post(f"{page}/edit", {"version": "1", "outreach": "Later."})
    assert stale.status_code == 409
    assert "Eerst." in stale.text
    assert "Later." in stale.text
    assert visitor.get(f"{page}/files").status_code == 200
