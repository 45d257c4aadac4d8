"""What a reviewer says of themselves, and the declaration without which nobody accepts a review."""

from datetime import date

import pytest

from portal.core.actor import Role
from portal.core.db import db
from portal.core.errors import RuleViolation, StaleVersion
from portal.reviewing.commands.answering import accept_review
from portal.reviewing.commands.assigning import assign_reviewer
from portal.reviewing.commands.profiles import ProfileFacts, declare, save_profile, set_experience
from portal.reviewing.expertise import Level, Subject, SubjectKind
from portal.reviewing.pool import has_declared, reviewers_of
from portal.reviewing.queries import get_review
from portal.reviewing.states import ReviewState
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications_models import given_open_round
from tests.world.http import Visitor
from tests.world.reviewing import DUE_ON, REVIEW_DAY, given_admissible_application, given_case_officer, given_reviewer
from tests.world.time import moment

OBJECTIVE = Subject(SubjectKind.OBJECTIVE, "digibanken/objective_1")
ANTWERP = Subject(SubjectKind.PROVINCE, "10000")
POSTED = {
    "version": "0",
    "languages": ["nl", "fr"],
    "minimum_load": "1",
    "maximum_load": "4",
    "institution": "Hogeschool Zilverkant",
    "enterprise_number": "",
    "objective-digibanken-objective_1": "expert",
    "province-10000": "aware",
    "absences-0-from_on": "2026-07-18",
    "absences-0-until_on": "2026-07-31",
}


def profile_of(person):
    return reviewers_of([person], moment(REVIEW_DAY))[0]


def refused(command, *args, **kwargs):
    with pytest.raises(RuleViolation) as refusal:
        command(*args, **kwargs)
    db.session.rollback()
    return refusal.value.codes


def test_saving_replaces_the_whole_profile(inside):
    given_open_round()
    person = given_reviewer()
    save_profile(ctx_for(person), person, ProfileFacts(expertise={OBJECTIVE: Level.EXPERT}, institution="De Brug"), 0)
    save_profile(ctx_for(person), person, ProfileFacts(languages=("fr", "nl"), expertise={ANTWERP: Level.AWARE}), 1)
    found = profile_of(person)
    assert (found.expertise, found.languages, found.institution) == ({ANTWERP: Level.AWARE}, ("nl", "fr"), "")


def test_of_two_who_save_at_once_the_second_is_told(inside):
    person = given_reviewer()
    save_profile(ctx_for(person), person, ProfileFacts(), 0)
    with pytest.raises(StaleVersion):
        save_profile(ctx_for(given_case_officer()), person, ProfileFacts(), 0)


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"languages": ()}, ["language-missing"]),
        ({"languages": ("la",)}, ["language-unknown"]),
        ({"maximum_load": 0}, ["load-out-of-range"]),
        ({"minimum_load": 7}, ["loads-reversed"]),
        ({"expertise": {Subject(SubjectKind.OBJECTIVE, "digibanken/objective_9"): Level.AWARE}}, ["subject-unknown"]),
        ({"absences": ((date(2022, 8, 2), date(2022, 8, 1)),)}, ["absence-reversed"]),
        ({}, []),
    ],
)
def test_what_cannot_be_so_is_refused(inside, facts, codes):
    person = given_reviewer()
    if codes:
        assert refused(save_profile, ctx_for(person), person, ProfileFacts(**facts), 0) == codes
    else:
        save_profile(ctx_for(person), person, ProfileFacts(**facts), 0)


def test_a_case_officer_says_who_is_experienced_with_a_reason_or_lets_it_be_counted(inside):
    person, officer = given_reviewer(), ctx_for(given_case_officer())
    assert refused(set_experience, officer, person, " ", is_experienced=True) == ["reason-missing"]
    set_experience(officer, person, "Zat in drie jury's.", is_experienced=True)
    assert profile_of(person).is_experienced
    set_experience(officer, person, "", is_experienced=None)
    assert not profile_of(person).is_experienced


def test_a_declaration_holds_for_its_calendar_year_in_brussels_and_is_signed_once(inside):
    person = given_reviewer()
    declare(ctx_for(person, "2022-12-31T23:59"), person, "nl")
    assert has_declared(person.id, moment("2022-01-01T00:00"))
    assert not has_declared(person.id, moment("2023-01-01T00:00"))
    assert refused(declare, ctx_for(person, "2022-12-31T23:59"), person, "nl") == ["already-declared"]


def test_without_this_years_declaration_nobody_accepts_a_review(inside):
    application, person = given_admissible_application(), given_reviewer()
    declare(ctx_for(person, "2021-12-31T23:59"), person, "nl")
    made = assign_reviewer(ctx_for(given_case_officer(), REVIEW_DAY), application, person, DUE_ON)
    db.session.commit()
    review = get_review(made.id, lock=True)
    assert refused(accept_review, ctx_for(person, REVIEW_DAY), review) == ["declaration-missing"]
    declare(ctx_for(person, REVIEW_DAY), person, "nl")
    review = get_review(made.id, lock=True)
    accept_review(ctx_for(person, REVIEW_DAY), review)
    assert review.state is ReviewState.ACCEPTED


def test_a_reviewer_fills_in_a_profile_and_signs_and_the_desk_finds_them_by_it(app, world, visitor):
    world(given_open_round)
    person, officer = world(given_reviewer, "Gwen Maes"), world(given_case_officer)
    visitor.sign_in(person.email)
    assert visitor.post("/reviews/profile", POSTED).status_code == 302
    page = visitor.get("/reviews/profile").text
    assert "Hogeschool Zilverkant" in page
    assert "2026-07-18" in page
    assert visitor.post("/reviews/declaration").status_code == 422
    assert visitor.post("/reviews/declaration", {"agrees": "y"}).status_code == 302

    desk = Visitor(app).sign_in(officer.email)
    path = f"/desk/reviewers/{person.id}"
    for narrowed, is_found in (
        ("subject=objective:digibanken/objective_1&province=10000&language=fr", True),
        ("subject=objective:digibanken/objective_2", False),
        ("language=de", False),
        ("available_on=2026-07-17", True),
        ("available_on=2026-07-31", False),
        ("subject=made:up", True),
    ):
        assert (path in desk.get(f"/desk/reviewers?{narrowed}").text) is is_found, narrowed
    assert "Doelstelling 1: toegang (expert)" in desk.get(path).text


def test_on_bad_input_the_page_says_where_and_keeps_what_was_typed(world, visitor):
    world(given_open_round)
    visitor.sign_in(world(given_reviewer).email)
    wrong = {"minimum_load": "5", "enterprise_number": "0123.456.789", "absences-0-until_on": "2026-07-01"}
    answer = visitor.post("/reviews/profile", POSTED | wrong)
    assert answer.status_code == 422
    assert "De laatste dag ligt voor de eerste." in answer.text
    assert "Hogeschool Zilverkant" in answer.text
    answer = visitor.post("/reviews/profile", POSTED | {"enterprise_number": "1999.000.150"})
    assert answer.status_code == 422
    assert "Dit portaal kent geen organisatie met dit nummer." in answer.text


def test_an_organisation_of_the_portal_gives_its_own_name(world, visitor):
    world(given_open_round)
    number = world(given_organisation, name="Hogeschool Noordkant").enterprise_number
    person = world(given_reviewer)
    visitor.sign_in(person.email).post("/reviews/profile", POSTED | {"enterprise_number": number})
    assert world(profile_of, person).institution == "Hogeschool Noordkant"


def test_officers_and_administrators_change_a_profile_and_an_auditor_reads_it(app, world):
    world(given_open_round)
    person = world(given_reviewer)
    path = f"/desk/reviewers/{person.id}"
    for role, status in ((Role.CASE_OFFICER, 302), (Role.ADMINISTRATOR, 302), (Role.AUDITOR, 403)):
        browser = Visitor(app).sign_in(world(given_person, roles=[role]).email)
        assert browser.get(path).status_code == 200
        version = str(world(profile_of, person).profile.version if world(profile_of, person).profile else 0)
        assert browser.post(f"{path}/profile", POSTED | {"version": version}, page=path).status_code == status
    other = Visitor(app).sign_in(world(given_reviewer).email)
    assert other.get(path).status_code == 404
    somebody = world(given_person)
    officer = Visitor(app).sign_in(world(given_case_officer).email)
    assert officer.get(f"/desk/reviewers/{somebody.id}").status_code == 404


def test_a_stale_tab_overwrites_nothing_and_loses_nothing(app, world, visitor):
    world(given_open_round)
    person = world(given_reviewer)
    visitor.sign_in(person.email).post("/reviews/profile", POSTED)
    answer = visitor.post("/reviews/profile", POSTED | {"institution": "Vormingshuis De Lindeboom"})
    assert answer.status_code == 409
    assert "Vormingshuis De Lindeboom" in answer.text
    assert world(profile_of, person).institution == "Hogeschool Zilverkant"
    assert visitor.post("/reviews/profile", POSTED | {"version": "1"}).status_code == 302


def test_the_pool_takes_as_many_statements_for_three_as_for_one(app, world, visitor, count_statements):
    world(given_open_round)
    world(given_reviewer)
    visitor.sign_in(world(given_case_officer).email)
    visitor.get("/desk/reviewers")
    with count_statements() as for_one:
        visitor.get("/desk/reviewers")
    world(given_reviewer), world(given_reviewer)
    with count_statements() as for_three:
        visitor.get("/desk/reviewers")
    assert len(for_one) == len(for_three)
