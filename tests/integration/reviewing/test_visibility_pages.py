"""What a round's reviewers see: set by an administrator, kept, held to, and looked at as one of them."""

from dataclasses import replace
from itertools import product

import pytest
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.queries import actor_of
from portal.calls.queries import get_round
from portal.core.actor import Mandate, Right, Role
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import EventRow
from portal.reviewing import policies
from portal.reviewing.commands.showing import set_visibility
from portal.reviewing.models import Assessment, Review, RoundVisibility
from portal.reviewing.queries import list_reviews
from portal.reviewing.states import ReviewState
from portal.reviewing.visibility import DEFAULT, Level, Matrix, Naming, Times
from portal.reviewing.visible import list_readable, list_settings, matrix_of
from tests.world.accounts import ctx_for, given_person
from tests.world.decisions import given_administrator
from tests.world.reviewing import (
    REVIEW_DAY,
    given_admissible_application,
    given_assigned_review,
    given_case_officer,
    given_reviewer,
    given_submitted_review,
)
from tests.world.time import moment

WHY = "De jury vroeg om elkaars lezing vroeger te kennen."


def posted(matrix, **more):
    return {
        "reviews": matrix.reviews,
        "identities": matrix.identities,
        "naming": matrix.naming,
        "times": matrix.times,
    } | more


def given_round_under_review():
    """The code of a round in which one reviewer submitted and one writes, with their reviews' numbers and addresses."""
    application = given_admissible_application()
    own = given_submitted_review(application, given_reviewer("Annelies Lokaas"), scores=3)
    other = given_assigned_review(application, given_reviewer("Bert Maes"))
    return application.round.code, (own.id, own.reviewer.email), (other.id, other.reviewer.email)


def topics():
    return list(db.session.scalars(sa.select(EventRow.topic).order_by(EventRow.id.desc()).limit(3)))


def test_an_administrator_changes_what_reviewers_see_with_a_reason_and_the_old_is_kept(world, visitor):
    code, _own, (other, email) = world(given_round_under_review)
    path, earlier = f"/desk/rounds/{code}/visibility", replace(DEFAULT, reviews=Level.ALWAYS, identities=Level.NEVER)
    visitor.sign_in(world(given_administrator).email)
    assert visitor.post(path, posted(earlier)).status_code == 422
    assert visitor.post(path, posted(earlier, reason=WHY)).status_code == 302
    assert world(matrix_of, world(get_round, code).id) == earlier
    assert "round.visibility-changed" in world(topics)
    assert visitor.post(path, posted(replace(earlier, times=Times.HIDDEN), reason=WHY)).status_code == 302
    assert [each.times for each in world(list_settings, world(get_round, code).id)] == [Times.HIDDEN, Times.DAY]
    page = visitor.sign_in(email).get(f"/reviews/{other}").text
    assert "30,00" in page
    assert "Lokaas" not in page


@pytest.mark.parametrize("wrong", [{"reviews": "soms"}, {"naming": ""}, {"reason": "te kort"}])
def test_a_choice_that_will_not_do_is_refused_and_what_was_typed_stays(world, visitor, wrong):
    code, *_rest = world(given_round_under_review)
    visitor.sign_in(world(given_administrator).email)
    answer = visitor.post(f"/desk/rounds/{code}/visibility", posted(Matrix(times=Times.HIDDEN), reason=WHY) | wrong)
    assert answer.status_code == 422
    assert wrong.get("reason", WHY) in answer.text
    assert world(matrix_of, world(get_round, code).id) == DEFAULT


def test_only_an_administrator_changes_it_and_a_reviewer_does_not_know_the_page(world, visitor):
    code, (_own, email), _other = world(given_round_under_review)
    path = f"/desk/rounds/{code}/visibility"
    visitor.sign_in(world(given_case_officer).email)
    assert "Wijzigen wat beoordelaars zien" not in visitor.get(path).text
    assert visitor.post(path, posted(Matrix(), reason=WHY)).status_code == 403
    assert visitor.sign_in(email).get(path).status_code == 404


def test_what_was_promised_about_names_stays_promised_and_results_freeze_the_rest(inside):
    code, *_rest = given_round_under_review()
    admin, round_ = ctx_for(given_administrator(), REVIEW_DAY), get_round(code, lock=True)
    with pytest.raises(RuleViolation) as refusal:
        set_visibility(admin, round_, replace(DEFAULT, identities=Level.AFTER_ALL), WHY)
    assert refusal.value.codes == ["identities-promised"]
    round_.in_review_at = round_.results_published_at = moment("2022-10-14T10:00")
    with pytest.raises(IllegalTransition):
        set_visibility(admin, round_, replace(DEFAULT, times=Times.HIDDEN), WHY)


def test_looking_as_a_reviewer_shows_what_they_see_and_is_written_down(world, visitor):
    code, (own, _email), (other, _other_email) = world(given_round_under_review)
    visitor.sign_in(world(given_case_officer).email)
    chosen = visitor.get(f"/desk/rounds/{code}/visibility?review={own}")
    assert chosen.location == f"/desk/reviews/{own}/as-reviewer"
    page = visitor.get(chosen.location).text
    assert "Zo doen wij het." in page
    assert "Te bespreken met de collega" in page  # the own note
    assert world(topics)[0] == "review.previewed"
    assert "30,00" not in visitor.get(f"/desk/reviews/{other}/as-reviewer").text
    assert "csrf_token" not in page.partition("<main")[2]


def test_an_administrator_is_told_what_is_seen_without_reading_it(world, visitor):
    _code, (own, email), _other = world(given_round_under_review)
    visitor.sign_in(world(given_administrator).email)
    page = visitor.get(f"/desk/reviews/{own}/as-reviewer").text
    assert "Annelies Lokaas" in page
    for word in ("Zo doen wij het.", "30,00", "De partners vullen elkaar goed aan."):
        assert word not in page
    assert visitor.sign_in(email).get(f"/desk/reviews/{own}/as-reviewer").status_code == 404


def given_reviews_in_every_state(inside):
    application = given_admissible_application()
    officer = given_person(roles=[Role.ADMINISTRATOR])
    given_assigned_review(application, is_accepted=False)
    for state in (*ReviewState, ReviewState.SUBMITTED):
        facts = {
            "application_id": application.id,
            "round_id": application.round_id,
            "reviewer_id": given_reviewer().id,
            "state": state,
            "invited_at": moment(REVIEW_DAY),
            "due_on": moment(REVIEW_DAY).date(),
            "submitted_at": moment(REVIEW_DAY),
            "sealed_at": moment(REVIEW_DAY) if state is ReviewState.SEALED else None,
            "expired_at": moment(REVIEW_DAY) if state is ReviewState.EXPIRED else None,
            "total": 50,
            "scores": {},
        }
        db.session.execute(sa.insert(Review.__table__).values(**facts))
    db.session.add(
        RoundVisibility(
            round_id=application.round_id,
            **posted(DEFAULT),
            salt="b7",
            set_at=moment(REVIEW_DAY),
            set_by_id=officer.id,
        )
    )
    db.session.commit()
    return application


def test_the_list_of_reviews_is_what_the_policy_allows_in_every_state_level_and_conflict(inside):
    application = given_reviews_in_every_state(inside)
    table, people = RoundVisibility.__table__, {each.reviewer_id for each in list_reviews(application.id)}
    found = set()
    for level, has_all in product(Level, (False, True)):
        db.session.execute(sa.update(table).where(table.c.round_id == application.round_id).values(reviews=level))
        db.session.execute(sa.update(Assessment).values(has_all_reviews=has_all))
        db.session.commit()
        db.session.expire_all()
        reviews = list_reviews(application.id)
        for person, in_conflict in product(people, (False, True)):
            free = actor_of(db.session.get_one(Person, person))
            for each in reviews:
                each.in_conflict = frozenset({person} if in_conflict else ())
            for actor in (free, replace(free, mandates=(Mandate(application.promotor_id, Right.READER),))):
                allowed = {
                    each.id for each in reviews if each.reviewer_id != person and policies.READ.allows(actor, each)
                }
                assert {each.id for each in list_readable(actor, reviews[0])} == allowed
                found.add((level, bool(allowed)))
    assert {level for level, is_read in found if is_read} == set(Level) - {Level.NEVER}


def test_a_reviewer_reads_on_the_invitation_what_is_promised(world, visitor):
    def given():
        review = given_assigned_review(is_accepted=False)
        return review.id, review.reviewer.email

    number, email = world(given)
    page = visitor.sign_in(email).get(f"/reviews/{number}/invitation").text
    assert "zodra elke beoordeling van deze aanvraag binnen is" in page
    assert "Zij vernemen uw naam niet." in page


def test_a_blind_round_opens_no_document_and_stays_blind(world, visitor):
    def given():
        application = given_admissible_application()
        round_ = get_round(application.round.code, lock=True)
        set_visibility(ctx_for(given_administrator(), REVIEW_DAY), round_, Matrix(naming=Naming.BLIND), "")
        document = application.attachments[0].id
        review = given_assigned_review(application)
        return review.id, review.reviewer.email, document

    number, email, document = world(given)
    assert visitor.sign_in(email).get(f"/reviews/{number}/documents/{document}").status_code == 404
    assert "zonder namen beoordeeld" in visitor.get(f"/reviews/{number}").text
