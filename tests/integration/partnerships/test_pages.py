"""The partnerships pages: who sees them, who changes them, and the invitation's link."""

import pytest
from flask import current_app

from portal.accounts.tokens import Purpose, link_token
from portal.core.actor import Role
from portal.partnerships import commands
from portal.partnerships.states import PartnerRole
from portal.places.commands import load_places
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.http import Visitor
from tests.world.partnerships import given_partnership, given_programme

INVITE = {"email": "info@brem.example", "organisation_name": "De Brem", "role": "core", "note": ""}


def test_a_lead_begins_a_partnership_and_chooses_municipalities(visitor, world):
    world(given_programme)
    world(lambda: load_places(ctx_for()))
    organisation = world(given_organisation, lead := world(given_person, "Eva Claes"))
    visitor.sign_in(lead.email)
    answer = visitor.post(
        "/partnerships/begin",
        {"programme": "digibanken", "promotor": organisation.id, "name": "Digibank Kempen", "summary": ""},
    )
    page = answer.headers["Location"]
    assert "Digibank Kempen" in visitor.get("/partnerships").text
    assert "Toevoegen" in visitor.get(f"{page}/area?q=Turnhout").text
    assert visitor.post(f"{page}/area/change", {"add": "13040"}, page=f"{page}/area").status_code == 302
    assert "Turnhout" in visitor.get(page).text


def test_a_stranger_sees_nothing_a_partner_reads_and_the_promotor_writes(app, visitor, world):
    lead, partner, stranger = (world(given_person, name) for name in ("Eva Claes", "An Maes", "Jo Pauwels"))
    brem = world(given_organisation, partner, name="De Brem")
    number = world(given_partnership, world(given_organisation, lead), partners=[brem]).id
    page = f"/partnerships/{number}"
    assert visitor.sign_in(stranger.email).get(page).status_code == 404
    reading = Visitor(app).sign_in(partner.email)
    assert reading.get(page).status_code == 200
    assert reading.post(f"{page}/invite", INVITE, page="/account").status_code == 403
    assert Visitor(app).sign_in(lead.email).post(f"{page}/invite", INVITE).status_code == 302


def test_a_partner_ends_on_a_day_and_a_bad_day_comes_back_at_its_field(visitor, world):
    lead = world(given_person, "Eva Claes")
    brem = world(given_organisation, name="De Brem")
    partnership = world(given_partnership, world(given_organisation, lead), partners=[brem])
    partner = next(each.id for each in partnership.partners if each.organisation_id == brem.id)
    page = f"/partnerships/{partnership.id}/partners/{partner}/end"
    visitor.sign_in(lead.email)
    for bad in ("", "morgen", "9999-99-99"):
        refused = visitor.post(page, {"ended_on": bad})
        assert refused.status_code == 422
        assert 'id="ended_on-error"' in refused.text
    assert visitor.post(page, {"ended_on": "2026-06-30"}).headers["Location"] == f"/partnerships/{partnership.id}"
    assert visitor.get(page).status_code == 200


@pytest.mark.parametrize(
    ("role", "status"), [(Role.CASE_OFFICER, 200), (Role.AUDITOR, 200), (Role.ADMINISTRATOR, 200), (Role.REVIEWER, 404)]
)
def test_the_department_reads_and_a_reviewer_does_not(visitor, world, role, status):
    page = f"/partnerships/{world(given_partnership).id}"
    assert visitor.sign_in(world(given_person, roles=[role]).email).get(page).status_code == status


def test_the_link_of_an_invitation_works_once_and_says_so_kindly(visitor, world, settings):
    lead = world(given_person, "An Maes")
    organisation = world(given_organisation, lead, name="De Brem")
    partnership = world(given_partnership)
    invitation = world(_invite, partnership)
    link = (
        f"/invitations/{link_token(settings.secret_key, Purpose.PARTNER_INVITATION, invitation.id, invitation.nonce)}"
    )
    visitor.sign_in(lead.email)
    assert visitor.get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404
    assert (
        visitor.post(link, {"organisation": organisation.id}).headers["Location"] == f"/partnerships/{partnership.id}"
    )
    assert "al aanvaard" in visitor.get(link).text


def _invite(partnership):
    return commands.invite_partner(
        ctx_for(given_person("Bram Nijs"), current_app.extensions["portal.clock"].now().isoformat()),
        partnership,
        email="an@brem.example",
        organisation_name="De Brem",
        role=PartnerRole.CORE,
        note="",
    )
