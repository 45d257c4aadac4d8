"""Claiming an organisation, judging the claim, disputing it, and rights in it."""

import pytest

from portal.accounts.commands.organisations import (
    claim_organisation,
    confirm_claim,
    dispute_claim,
    end_membership,
    grant_right,
    refuse_claim,
)
from portal.accounts.queries import actor_of, find_membership, find_standing_claim, get_claim, list_leads
from portal.accounts.states import ClaimState, OrganisationKind
from portal.core.actor import Right, Role
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from tests.world.accounts import ctx_for, given_claim, given_organisation, given_person
from tests.world.http import Visitor

CLAIM = {
    "enterprise_number": "1999.000.150",
    "name": "Streekvereniging Noordheide",
    "kind": "other_government",
    "evidence": "Algemeen directeur sinds 2020.",
}


def test_a_claim_lets_one_bind_at_once_and_a_case_officer_confirms_it(inside):
    claim = given_claim()
    actor = actor_of(claim.person)
    assert actor.may_bind(claim.organisation_id)
    assert not actor.mandate_in(claim.organisation_id).is_confirmed
    confirm_claim(ctx_for(), claim, "Aanstelling nagekeken.")
    assert actor_of(claim.person).mandate_in(claim.organisation_id).is_confirmed


def test_a_disputed_claim_freezes_the_right_until_it_is_settled(inside):
    organisation = given_organisation(lead := given_person("Eva Claes"))
    rival = given_person("Bram Nijs")
    claim = _claim_of(organisation)
    assert actor_of(lead).may_bind(organisation.id)
    dispute_claim(ctx_for(rival), claim, person=rival, reason="Zij werkt hier niet meer.")
    assert not actor_of(lead).may_bind(organisation.id)
    confirm_claim(ctx_for(), claim, "Aanstelling bevestigd door de voorzitter.")
    assert actor_of(lead).may_bind(organisation.id)


def test_a_refused_claim_ends_the_right_and_the_number_can_be_claimed_again(inside):
    claim = given_claim()
    refuse_claim(ctx_for(), claim, "Geen mandaat.")
    assert find_membership(claim.organisation_id, claim.person_id) is None
    other = given_person("Bram Nijs")
    again = claim_organisation(
        ctx_for(other),
        person=other,
        enterprise_number=claim.organisation.enterprise_number,
        name="Intercommunale Noordheide",
        kind=OrganisationKind.COMPANY,
        evidence="Voorzitter.",
    )
    assert again.organisation_id == claim.organisation_id
    assert (again.organisation.name, again.organisation.kind) == ("Intercommunale Noordheide", OrganisationKind.COMPANY)
    assert again.state is ClaimState.CLAIMED


def test_a_claim_is_judged_once(inside):
    claim = given_claim()
    confirm_claim(ctx_for(), claim, "In orde.")
    with pytest.raises(IllegalTransition):
        confirm_claim(ctx_for(), claim, "In orde.")


def test_a_number_that_is_claimed_is_not_claimed_twice(inside):
    claim = given_claim()
    other = given_person("Bram Nijs")
    with pytest.raises(RuleViolation) as refusal:
        claim_organisation(
            ctx_for(other),
            person=other,
            enterprise_number=claim.organisation.enterprise_number,
            name="Noordheide",
            kind=OrganisationKind.COMPANY,
            evidence="Zaakvoerder.",
        )
    assert refusal.value.codes == ["organisation-claimed"]


def test_the_last_lead_stays_and_another_may_go(inside):
    lead, second = given_person("Eva Claes"), given_person("Bram Nijs")
    organisation = given_organisation(lead)
    with pytest.raises(RuleViolation) as refusal:
        end_membership(ctx_for(lead), find_membership(organisation.id, lead.id))
    assert refusal.value.codes == ["last-lead-stays"]
    grant_right(ctx_for(lead), organisation, second, Right.LEAD)
    end_membership(ctx_for(lead), find_membership(organisation.id, lead.id))
    assert [person.name for person in list_leads([organisation.id])] == ["Bram Nijs"]


def test_claiming_in_the_browser_keeps_what_was_typed_when_the_number_is_wrong(visitor, world):
    visitor.sign_in(world(given_person).email)
    refused = visitor.post("/organisations/claim", {**CLAIM, "enterprise_number": "1999.000.151"})
    assert refused.status_code == 422
    assert "Algemeen directeur sinds 2020." in refused.text
    assert "1999.000.151" in refused.text
    assert visitor.post("/organisations/claim", CLAIM).headers["Location"] == "/organisations/1999000150"
    assert "Nog niet bevestigd" in visitor.get("/organisations/1999000150").text


def test_an_auditor_claims_and_disputes_nothing_and_another_may(app, visitor, world):
    auditor = world(given_person, "Ann Auditor", roles=[Role.AUDITOR])
    lead, rival = world(given_person, "Eva Claes"), world(given_person, "Bram Nijs")
    number = world(given_organisation, lead).enterprise_number
    reading, writing = visitor.sign_in(auditor.email), Visitor(app).sign_in(rival.email)
    reason, free = {"reason": "Zij werkt hier niet meer."}, {**CLAIM, "enterprise_number": "1999.000.249"}
    dispute = f"/organisations/{number}/dispute"
    assert "/organisations/claim" not in reading.get("/organisations").text
    assert "/organisations/claim" in writing.get("/organisations").text
    assert reading.post("/organisations/claim", free, page="/account").status_code == 403
    assert reading.post(dispute, reason, page="/account").status_code == 403
    assert writing.post("/organisations/claim", free).status_code == 302
    assert writing.post(dispute, reason).status_code == 302


def test_only_a_lead_grants_rights_and_a_stranger_sees_nothing(app, visitor, world):
    lead, reader, stranger = world(given_person, "Eva Claes"), world(given_person, "Nadia Wouters"), world(given_person)
    organisation = world(given_organisation, lead, readers=[reader])
    page = f"/organisations/{organisation.enterprise_number}"
    granting = {"email": stranger.email, "right": "staff"}
    assert visitor.sign_in(stranger.email).get(page).status_code == 404
    assert Visitor(app).sign_in(reader.email).post(f"{page}/members", granting, page="/account").status_code == 403
    assert Visitor(app).sign_in(lead.email).post(f"{page}/members", granting, page=page).status_code == 302
    assert visitor.get(page).status_code == 200


def test_a_case_officer_judges_and_an_auditor_only_reads(app, visitor, world):
    claim = world(given_claim)
    officer = world(given_person, "Mieke Hendrickx", roles=[Role.CASE_OFFICER])
    auditor = world(given_person, "Ann Auditor", roles=[Role.AUDITOR])
    judge, page = f"/desk/claims/{claim.id}/judge", f"/desk/claims/{claim.id}"
    verdict = {"reason": "Aanstelling nagekeken.", "verdict": "confirm"}
    reading = visitor.sign_in(auditor.email)
    assert reading.get(page).status_code == 200
    assert reading.post(judge, verdict, page="/account").status_code == 403
    judging = Visitor(app).sign_in(officer.email)
    assert judging.post(judge, {"reason": ""}, page=page).status_code == 422
    assert judging.post(judge, verdict, page=page).status_code == 302
    again = judging.post(judge, verdict, page="/account")
    assert again.status_code == 409
    assert "Bevestigd" in again.text


def test_nobody_changes_their_own_roles_and_an_administrator_changes_anothers(visitor, world):
    administrator = world(given_person, "Sofie De Backer", roles=[Role.ADMINISTRATOR])
    lotte = world(given_person)
    visitor.sign_in(administrator.email)
    own = f"/admin/people/{administrator.id}"
    assert visitor.post(own, {"roles": ["auditor"]}, page="/account").status_code == 403
    assert visitor.post(f"/admin/people/{lotte.id}", {"roles": ["reviewer"]}).status_code == 302
    assert "Beoordelaar" in visitor.get("/admin/people?q=lotte").text


def test_a_refused_claim_ends_every_right_that_came_from_it(inside):
    claim = given_claim()
    friend = given_person("Bram Nijs")
    grant_right(ctx_for(claim.person), claim.organisation, friend, Right.LEAD)
    assert actor_of(friend).may_bind(claim.organisation_id)
    refuse_claim(ctx_for(), claim, "Geen mandaat.")
    assert not actor_of(friend).may_bind(claim.organisation_id)


def test_granting_the_same_right_again_changes_nothing(inside):
    organisation = given_organisation(lead := given_person("Eva Claes"))
    before = find_membership(organisation.id, lead.id)
    db.session.expire_all()
    assert grant_right(ctx_for(lead), organisation, lead, Right.LEAD).id == before.id


def test_nobody_judges_their_own_claim_and_a_strange_verdict_is_none(app, visitor, world):
    party = world(given_person, "Mieke Hendrickx", roles=[Role.CASE_OFFICER])
    other = world(given_person, "Hilde Maertens", roles=[Role.CASE_OFFICER])
    claim = world(given_claim, party)
    judge, verdict = f"/desk/claims/{claim.id}/judge", {"reason": "In orde.", "verdict": "confirm"}
    assert visitor.sign_in(party.email).post(judge, verdict, page="/account").status_code == 403
    judging = Visitor(app).sign_in(other.email)
    assert judging.post(judge, {**verdict, "verdict": "banana"}, page="/account").status_code == 422
    assert judging.post(judge, verdict, page="/account").status_code == 302


def _claim_of(organisation):
    return get_claim(find_standing_claim(organisation.id).id, lock=True)
