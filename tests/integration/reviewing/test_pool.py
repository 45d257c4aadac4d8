"""The pool of reviewers as the assignment reads it, and what the applications are about."""

from datetime import date

from portal.core.clock import brussels_moment
from portal.core.db import db
from portal.places.commands import load_places
from portal.reviewing.expertise import Level, Subject, SubjectKind
from portal.reviewing.pool import list_profiles, subjects_of
from portal.reviewing.pool_models import ReviewerAbsence, ReviewerDeclaration, ReviewerExpertise, ReviewerProfile
from tests.world.accounts import ctx_for, given_person
from tests.world.reviewing import given_admissible_application, given_assigned_review, given_reviewer

AT = brussels_moment(date(2022, 8, 8), 10)
WEST_FLANDERS = Subject(SubjectKind.PROVINCE, "30000")


def given_profile(person, **facts):
    db.session.add(ReviewerProfile(person_id=person.id, updated_at=AT, **facts))
    db.session.flush()


def test_without_a_profile_the_defaults_hold(inside):
    given_person("Mieke Hendrickx", roles=["case_officer"])
    reviewer = given_reviewer()
    (found,) = list_profiles(AT)
    assert found.person == reviewer
    assert (found.minimum_load, found.maximum_load, found.languages) == (0, 6, ("nl",))
    assert not found.is_experienced
    assert not found.has_declared
    assert found.institution_key is None


def test_a_profile_says_what_somebody_knows_takes_on_and_when_they_are_away(inside):
    reviewer = given_reviewer()
    given_profile(reviewer, maximum_load=1, institution="Hogeschool  Noordkant")
    db.session.add(ReviewerExpertise(person_id=reviewer.id, kind="province", code="30000", level="expert"))
    db.session.add(ReviewerAbsence(person_id=reviewer.id, from_on=date(2022, 8, 15), until_on=date(2022, 8, 21)))
    db.session.add(ReviewerDeclaration(person_id=reviewer.id, year=2022, declared_at=AT, sha256="0" * 64))
    db.session.commit()
    review = given_assigned_review(reviewer=reviewer)

    (found,) = [each for each in list_profiles(AT, round_id=review.round_id) if each.person.id == reviewer.id]
    assert found.expertise == {WEST_FLANDERS: Level.EXPERT}
    assert found.institution_key == "hogeschool noordkant"
    assert [found.is_away(date(2022, 8, day)) for day in (14, 15, 21, 22)] == [False, True, True, False]
    assert (found.load, found.is_full) == (1, True)
    assert found.has_declared
    assert not list_profiles(brussels_moment(date(2023, 1, 1)), person_ids=[reviewer.id])[0].has_declared


def test_an_application_is_about_its_programmes_objectives_its_groups_and_its_provinces(inside):
    load_places(ctx_for())
    application = given_admissible_application()
    about = subjects_of([application.id])[application.id]
    assert {each.kind for each in about} == set(SubjectKind)
    assert about[Subject(SubjectKind.OBJECTIVE, "digibanken/objective_1")] == 1
