"""Leaving an organisation, taking a right back, and disputing a claim: each asks first, and each has its limits."""

import pytest

from portal.accounts.commands.organisations import confirm_claim, dispute_claim
from portal.accounts.queries import find_membership, find_standing_claim, get_claim
from portal.core.db import db
from portal.core.errors import RuleViolation
from tests.world.accounts import ctx_for, given_claim, given_organisation, given_person
from tests.world.http import Visitor


def way_out(world, organisation, person):
    number = world(find_membership, organisation.id, person.id).id
    return f"/organisations/{organisation.enterprise_number}/members/{number}/end"


def is_member(world, organisation, person):
    return world(find_membership, organisation.id, person.id) is not None


def test_leaving_says_what_it_ends_before_it_ends_it(app, visitor, world):
    lead, reader = world(given_person, "Eva Claes"), world(given_person, "Nadia Wouters")
    organisation = world(given_organisation, lead, readers=[reader])
    path = way_out(world, organisation, reader)
    visitor.sign_in(reader.email)
    page = visitor.get(path)
    assert "Streekvereniging Noordheide verlaten?" in page.text
    assert "haar samenwerkingsverbanden en aanvragen kunt u niet meer openen" in page.text
    assert is_member(world, organisation, reader), "looking changes nothing"
    assert visitor.post(path).headers["Location"] == "/organisations"
    assert not is_member(world, organisation, reader)
    assert visitor.get(path).status_code == 404


def test_a_lead_takes_a_right_back_and_a_reader_does_not(app, visitor, world):
    lead, reader, staff = (world(given_person, name) for name in ("Eva Claes", "Nadia Wouters", "Karim Aznag"))
    organisation = world(given_organisation, lead, readers=[reader], staff=[staff])
    path = way_out(world, organisation, staff)
    assert Visitor(app).sign_in(reader.email).get(path).status_code == 403
    assert Visitor(app).sign_in(reader.email).post(path, page="/account").status_code == 403
    assert is_member(world, organisation, staff)
    visitor.sign_in(lead.email)
    assert "Het recht van Karim Aznag in Streekvereniging Noordheide terugnemen?" in visitor.get(path).text
    assert visitor.post(path).headers["Location"] == f"/organisations/{organisation.enterprise_number}"
    assert not is_member(world, organisation, staff)


def test_the_last_who_may_sign_is_told_why_they_stay(visitor, world):
    lead = world(given_person, "Eva Claes")
    organisation = world(given_organisation, lead)
    path = way_out(world, organisation, lead)
    refused = visitor.sign_in(lead.email).post(path)
    assert refused.status_code == 422
    assert "Dit is de laatste organisatieverantwoordelijke." in refused.text
    assert is_member(world, organisation, lead)


def test_only_somebody_known_and_not_the_claimant_disputes_a_claim(app, visitor, world):
    claimant, rival = world(given_person, "Eva Claes"), world(given_person, "Bram Nijs")
    claim = world(given_claim, claimant)
    path = f"/organisations/{claim.organisation.enterprise_number}/dispute"
    assert visitor.get(path).headers["Location"].startswith("/sign-in")
    assert Visitor(app).sign_in(claimant.email).get(path).status_code == 403
    disputing = Visitor(app).sign_in(rival.email)
    assert "Niemand kan voor deze organisatie tekenen" in disputing.get(path).text
    assert disputing.post(path, {"reason": " "}).status_code == 422
    assert disputing.post(path, {"reason": "Zij werkt hier niet meer."}).status_code == 302
    assert disputing.get(path).status_code == 404, "it is disputed already"


def test_a_dispute_that_was_settled_is_not_raised_again_by_the_same_person(inside):
    organisation = given_organisation(given_person("Eva Claes"))
    rival, another = given_person("Bram Nijs"), given_person("Karim Aznag")
    claim = get_claim(find_standing_claim(organisation.id).id, lock=True)
    dispute_claim(ctx_for(rival), claim, person=rival, reason="Zij werkt hier niet meer.")
    confirm_claim(ctx_for(), claim, "Aanstelling bevestigd door de voorzitter.")
    db.session.commit()
    with pytest.raises(RuleViolation) as refusal:
        dispute_claim(ctx_for(rival), claim, person=rival, reason="Toch niet.")
    assert refusal.value.codes == ["dispute-settled"]
    dispute_claim(ctx_for(another), claim, person=another, reason="Er is een nieuwe directeur.")
    assert organisation.frozen_at is not None
