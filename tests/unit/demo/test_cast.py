"""The fictitious people and organisations fit together, and can be mistaken for nobody."""

from collections import Counter

import pytest
from stdnum.be import vat

from portal.core.actor import Right, Role
from portal.demo import cast
from portal.demo.roster import load_roster
from portal.places.data.extract import build

CROWD = load_roster()
ORGANISATIONS = cast.ORGANISATIONS + CROWD.organisations
PEOPLE = cast.PEOPLE + CROWD.people
PARTNERSHIPS = cast.PARTNERSHIPS + CROWD.partnerships


def municipalities_of_2022() -> set[str]:
    lines = build()["municipalities.csv"].splitlines()[1:]
    return {nis for nis, _, _, begin, _ in (line.split(",") for line in lines) if begin == "2019-01-01"}


def test_the_demo_has_about_40_partnerships_and_120_people():
    assert (len(PARTNERSHIPS), len(PEOPLE)) == (44, 130)
    assert len(ORGANISATIONS) >= 150


@pytest.mark.parametrize("what", [ORGANISATIONS, PEOPLE, PARTNERSHIPS], ids=["organisations", "people", "partnerships"])
def test_keys_and_names_occur_once(what):
    for values in ([each.key for each in what], [each.name for each in what]):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_enterprise_numbers_pass_the_check_and_lie_in_the_unassigned_stretch():
    numbers = [organisation.enterprise_number for organisation in ORGANISATIONS]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert "1999000100" <= number <= "1999099999"
        assert vat.is_valid(number), number


def test_every_address_is_under_example_and_occurs_once():
    addresses = [person.email for person in PEOPLE]
    assert len(set(addresses)) == len(addresses)
    assert all(address.endswith(".example") for address in addresses)


def test_partnerships_and_mandates_name_organisations_that_exist():
    known = {organisation.key for organisation in ORGANISATIONS}
    for partnership in PARTNERSHIPS:
        members = (partnership.promotor, *partnership.core, *partnership.network)
        assert len(set(members)) == len(members)
        assert set(members) <= known, partnership.key
    assert {mandate.organisation for person in PEOPLE for mandate in person.mandates} <= known


def test_every_organisation_of_a_partnership_has_somebody_who_may_bind_it():
    bound = {mandate.organisation for person in PEOPLE for mandate in person.mandates if mandate.right is Right.LEAD}
    for partnership in PARTNERSHIPS:
        assert {partnership.promotor, *partnership.core, *partnership.network} <= bound, partnership.key


def test_an_organisation_is_promotor_of_one_partnership_at_most():
    leads = Counter(partnership.promotor for partnership in PARTNERSHIPS)
    assert max(leads.values()) == 1


def test_service_areas_are_municipalities_of_2022():
    known = municipalities_of_2022()
    for partnership in PARTNERSHIPS:
        assert partnership.service_area
        assert set(partnership.service_area) <= known, partnership.key
    assert {organisation.nis for organisation in ORGANISATIONS} <= known


def test_the_named_cast_plays_every_part():
    roles = Counter(role for person in cast.PEOPLE for role in person.roles)
    assert roles == {Role.REVIEWER: 5, Role.CASE_OFFICER: 2, Role.ADMINISTRATOR: 2, Role.AUDITOR: 1}
    noordheide = {m.right for person in cast.PEOPLE for m in person.mandates if m.organisation == "noordheide"}
    assert noordheide == {Right.LEAD, Right.STAFF, Right.READER}
    kinds = {cast.organisation(key).kind for key in ("noordheide", "de-brem", "de-lus", "noordkant", "de-vennen")}
    assert len(kinds) == 5
    assert all(person.part for person in cast.PEOPLE)


def test_one_reviewer_is_conflicted_and_one_promotor_is_unconfirmed():
    partners = {cast.PARTNERSHIPS[0].promotor, *cast.PARTNERSHIPS[0].core, *cast.PARTNERSHIPS[0].network}
    conflicted = [p.key for p in cast.REVIEWERS if partners & {m.organisation for m in p.mandates}]
    assert conflicted == ["wouter"]
    unconfirmed = [p.key for p in cast.PEOPLE if any(not m.is_confirmed for m in p.mandates)]
    assert unconfirmed == ["yannick"]
