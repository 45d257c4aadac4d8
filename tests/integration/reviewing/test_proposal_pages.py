"""The case officer's pages of a proposal: asked, looked at, changed, released, as a browser without a screen sees them."""

from io import BytesIO

import pytest

from portal.core.actor import Role
from portal.reviewing.queries import list_reviews
from tests.world.accounts import given_organisation, given_person
from tests.world.assignments import given_pool_reviewer, given_proposal
from tests.world.reviewing import given_admissible_application, given_case_officer
from tests.world.time import FakeClock

# The application of the tests reads the machine's clock: a proposal is made beside it, on the day of reviewing.


def given_round(name="Joke Claeys"):
    application = given_admissible_application()
    for each in (name, "Filip Wauters", "Rik Baert"):
        given_pool_reviewer(each, institution=each)
    found = given_proposal(application.round)
    pairs = [(each.id, each.reviewer.name, each.reviewer.email) for each in found.pairs]
    return application.round.code, application.reference, application.id, pairs


@pytest.fixture
def officer(world, visitor):
    visitor.sign_in(world(given_case_officer, "Stijn Claes").email)
    return visitor


def test_a_proposal_is_read_with_its_reasons_and_nobody_is_invited_by_looking(world, officer):
    code, reference, application_id, pairs = world(given_round)
    page = officer.get(f"/desk/rounds/{code}/assignment").text
    assert "Dit is een voorstel." in page
    assert reference in page
    for _, name, _ in pairs:
        assert name in page
    assert "Past voor" in page
    assert page.count("Vastzetten") == len(pairs)
    assert "Volgende keuze:" in page
    assert world(list_reviews, application_id) == []


def test_a_pair_is_locked_and_replaced_and_the_release_says_who_is_invited(app, world, officer, monkeypatch):
    monkeypatch.setattr(app.wsgi_app, "clock", FakeClock("2022-08-16T10:00"))
    code, _, _, pairs = world(given_round)
    path = f"/desk/rounds/{code}/assignment"
    (first, name, _), (second, other, _) = pairs
    assert officer.post(f"{path}/pairs/{first}/lock", {}, page=path).status_code == 302
    assert "Staat vast" in officer.get(path).text
    page = officer.get(f"{path}/pairs/{second}/replace").text
    free = next(each for each in ("Joke Claeys", "Filip Wauters", "Rik Baert") if each not in (name, other))
    assert f">{free}</label>" in page
    assert "past voor 0 %, 0 van 6 beoordelingen in deze ronde" in " ".join(page.split())
    assert officer.post(f"{path}/pairs/{second}/replace", {"reviewer": ""}).status_code == 422
    release = officer.get(f"{path}/release").text
    assert name in release
    assert "2 uitnodigingen versturen?" in release
    assert "5 september 2022" in release
    assert "Er vertrekken 2 berichten." in release
    # A page that was opened before somebody changed the proposal releases nothing.
    stale = officer.post(f"{path}/release", {"version": "0"})
    assert stale.status_code == 422
    assert "Iemand wijzigde het voorstel" in stale.text


def test_a_table_is_read_first_and_changes_nothing_while_a_line_is_wrong(world, officer):
    code, reference, _, pairs = world(given_round)
    path = f"/desk/rounds/{code}/assignment"
    table = officer.get(f"{path}.csv").text
    assert table.startswith("\ufeffapplication;partnership;reviewer_email")
    assert pairs[0][2] in table

    def upload(text):
        return officer.post(f"{path}/table", {"file": (BytesIO(text.encode()), "t.csv")})

    wrong = upload(f"application;reviewer_email\n{reference};niemand@elders.example\n").text
    assert "is niemand in de pool van beoordelaars" in wrong
    assert "1 regel kan niet." in wrong
    right = f"application;reviewer_email\n{reference};{pairs[0][2]}\n"
    dry = upload(right).text
    assert "1 wijziging doen?" in dry
    assert pairs[1][1] in officer.get(path).text
    assert officer.post(f"{path}/table", {"table": right, "version": "0"}).status_code == 302
    assert "1 plaats is ingevuld" in officer.get(path).text


def test_a_proposal_is_asked_and_shows_that_it_is_being_made_and_can_be_discarded(world, officer):
    code = world(lambda: given_admissible_application().round.code)
    path = f"/desk/rounds/{code}/assignment"
    assert officer.post(path, {"wanted": "12", "due_on": "2099-01-31"}).status_code == 422
    assert officer.post(path, {"wanted": "3", "due_on": "2099-01-31"}).status_code == 302
    assert "Het voorstel wordt gemaakt" in officer.get(path).text
    assert officer.post(f"{path}/discard", {}).status_code == 302
    assert "Voorstel vragen" in officer.get(path).text


@pytest.mark.parametrize(
    ("role", "reads"), [(Role.CASE_OFFICER, 200), (Role.AUDITOR, 200), (Role.ADMINISTRATOR, 404), (Role.REVIEWER, 404)]
)
def test_the_department_reads_a_proposal_and_only_a_case_officer_changes_it(world, visitor, role, reads):
    code, _, _, pairs = world(given_round)
    visitor.sign_in(world(given_person, roles=[role]).email)
    path = f"/desk/rounds/{code}/assignment"
    assert visitor.get(path).status_code == reads
    changed = visitor.post(f"{path}/pairs/{pairs[0][0]}/lock", {}, page="/my-work").status_code
    assert changed == {Role.CASE_OFFICER: 302, Role.AUDITOR: 403}.get(role, 404)


def test_a_case_officer_who_takes_part_in_an_application_of_the_round_sees_none_of_it(world, visitor):
    def given():
        officer = given_case_officer("Stijn Claes")
        organisation = given_organisation(staff=[officer], name="Regio Lage Heide")
        return given_admissible_application(organisation).round.code, officer.email

    code, email = world(given)
    visitor.sign_in(email)
    assert visitor.get(f"/desk/rounds/{code}/assignment").status_code == 403
