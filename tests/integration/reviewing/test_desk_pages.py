"""The case officer's pages of reviewers, progress and consensus, as a browser without a screen sees them."""

import pytest
from sqlalchemy.orm import joinedload

from portal.calls.models import Round
from portal.core.actor import Role
from portal.core.db import db
from portal.reviewing.commands.assigning import assign_reviewer
from portal.reviewing.queries import find_consensus, get_review, list_reviews
from portal.reviewing.states import ReviewState
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications_models import EXECUTION
from tests.world.results import publish_results
from tests.world.reviewing import (
    DUE_ON,
    REVIEW_DAY,
    given_admissible_application,
    given_assessed_application,
    given_assigned_review,
    given_case_officer,
    given_draft_review,
    given_reviewer,
    given_submitted_review,
)

CODES = [each.code for each in EXECUTION.definition.criteria]
LATER = "2099-01-31"  # the application of the tests reads the machine's clock
TEXT = "Een sterk samenwerkingsverband, met een krappe planning."


def agreed(score="7", **changes):
    """What a case officer posts: one agreed score for every criterion, and the text."""
    return {f"{code}-score": score for code in CODES} | {"text": TEXT, "version": "1"} | changes


@pytest.fixture
def officer(world):
    return world(given_case_officer).email


def given_application_and_reviewer(name="Joke Claeys"):
    application = given_admissible_application()
    return application.reference, application.id, given_reviewer(name)


def test_a_case_officer_invites_a_reviewer_with_the_load_in_sight(world, visitor, officer):
    reference, application_id, reviewer = world(given_application_and_reviewer)
    visitor.sign_in(officer)
    path = f"/desk/dossiers/{reference}/reviewers"
    page = visitor.get(path).text
    assert "Joke Claeys" in page
    assert "0 van 6 beoordelingen in deze ronde" in page
    assert visitor.post(path, {"reviewer": str(reviewer.id), "due_on": LATER}).status_code == 302
    found = world(list_reviews, application_id)
    assert [(each.reviewer_id, each.state, each.due_on.isoformat()) for each in found] == [
        (reviewer.id, ReviewState.INVITED, LATER)
    ]
    assert "1 van 3 beoordelaars" in visitor.get(path).text


@pytest.mark.parametrize(
    "wrong", [{"due_on": "2020-01-01"}, {"due_on": "morgen"}, {"reviewer": ""}, {"reviewer": "x"}, {"reviewer": "0"}]
)
def test_an_invitation_asks_a_reviewer_and_a_day_that_lies_ahead(world, visitor, officer, wrong):
    reference, application_id, reviewer = world(given_application_and_reviewer)
    visitor.sign_in(officer)
    path = f"/desk/dossiers/{reference}/reviewers"
    right = {"reviewer": str(reviewer.id), "due_on": LATER}
    assert visitor.post(path, right | wrong).status_code == 422
    assert world(list_reviews, application_id) == []
    assert visitor.post(path, right).status_code == 302


def test_a_reviewer_in_conflict_is_shown_with_the_evidence_and_cannot_be_invited(world, visitor, officer):
    def given():
        reviewer = given_reviewer("Filip Wauters")
        organisation = given_organisation(staff=[reviewer], name="Regio Lage Heide")
        application = given_admissible_application(organisation)
        return application.reference, application.id, reviewer

    reference, application_id, reviewer = world(given)
    visitor.sign_in(officer)
    path = f"/desk/dossiers/{reference}/reviewers"
    evidence = "Filip Wauters heeft of had een rol bij Regio Lage Heide"
    assert evidence in visitor.get(path).text
    answer = visitor.post(path, {"reviewer": str(reviewer.id), "due_on": LATER})
    assert answer.status_code == 422
    assert evidence in answer.text
    assert world(list_reviews, application_id) == []


@pytest.mark.parametrize(("role", "reads"), [(Role.AUDITOR, 200), (Role.ADMINISTRATOR, 404), (Role.REVIEWER, 404)])
def test_only_a_case_officer_invites(world, visitor, role, reads):
    reference, application_id, reviewer = world(given_application_and_reviewer)
    visitor.sign_in(world(given_person, roles=[role]).email)
    path = f"/desk/dossiers/{reference}/reviewers"
    assert visitor.get(path).status_code == reads
    answer = visitor.post(path, {"reviewer": str(reviewer.id), "due_on": LATER}, page="/my-work")
    assert answer.status_code in (403, 404)
    assert world(list_reviews, application_id) == []


def test_a_case_officer_of_a_partner_sees_no_reviews_of_it(world, visitor):
    def given():
        officer = given_case_officer()
        organisation = given_organisation(staff=[officer])
        mine = given_assessed_application(given_admissible_application(organisation), scores=(4, 4, 4))
        return officer.email, mine.reference, mine.round.code

    email, reference, code = world(given)
    visitor.sign_in(email)
    assert visitor.get(f"/desk/dossiers/{reference}/reviewers").status_code == 404
    assert visitor.get(f"/desk/dossiers/{reference}/consensus").status_code == 404
    page = visitor.get(f"/desk/rounds/{code}/reviews").text
    assert reference in page
    assert "40,00" not in page


def test_taking_a_reviewer_off_asks_a_reason_and_seals_what_was_written(world, visitor, officer):
    review = world(given_draft_review)
    visitor.sign_in(officer)
    path = f"/desk/reviews/{review.id}/take-off"
    assert "verzegeld" in visitor.get(path).text
    assert visitor.post(path, {"reason": " "}).status_code == 422
    assert visitor.post(path, {"reason": "Te lang ziek."}).status_code == 302
    found = world(get_review, review.id)
    assert (found.state, found.seal_reason) == (ReviewState.SEALED, "Te lang ziek.")


def test_a_submitted_review_is_reopened_with_a_reason_that_its_reviewer_reads(world, visitor, officer):
    review = world(given_submitted_review)
    visitor.sign_in(officer)
    path = f"/desk/reviews/{review.id}/reopen"
    assert visitor.post(path, {"reason": ""}).status_code == 422
    assert visitor.post(path, {"reason": "Bekijk de begroting opnieuw."}).status_code == 302
    assert world(get_review, review.id).state is ReviewState.REOPENED
    assert "Bekijk de begroting opnieuw." in visitor.sign_in(review.reviewer.email).get(f"/reviews/{review.id}").text


def test_a_case_officer_reads_what_is_submitted_and_no_draft(world, visitor, officer):
    draft, submitted = world(given_draft_review), world(given_submitted_review)
    visitor.sign_in(officer)
    assert visitor.get(f"/desk/reviews/{draft.id}").status_code == 404
    page = visitor.get(f"/desk/reviews/{submitted.id}").text
    assert submitted.reviewer.name in page
    assert "Te bespreken met de collega" in page


def test_the_round_shows_scores_to_staff_and_progress_alone_to_an_administrator(world, visitor, officer):
    application = world(given_assessed_application, scores=(7, 8, 3))
    path = f"/desk/rounds/{application.round.code}/reviews"
    page = visitor.sign_in(officer).get(path).text
    assert "60,00" in page
    assert "50,00" in page  # the spread
    assert "1 keer consensus gevraagd" in page
    page = visitor.sign_in(world(given_person, roles=[Role.ADMINISTRATOR]).email).get(path).text
    assert "3 van 3" in page
    assert "60,00" not in page
    assert "50,00" not in page
    assert visitor.sign_in(world(given_reviewer).email).get(path).status_code == 404


def given_another(round_id):
    round_ = db.session.get(Round, round_id, options=[joinedload(Round.call)])
    return given_assessed_application(round_=round_)


def test_lists_cost_the_same_for_one_row_and_for_three(world, visitor, officer, count_statements):
    application = world(given_assessed_application)
    paths = [f"/desk/rounds/{application.round.code}/reviews", f"/desk/dossiers/{application.reference}/reviewers"]
    paths += [f"/desk/dossiers/{application.reference}/consensus"]
    paths += [f"/desk/rounds/{application.round.code}/panel?all=1"]
    visitor.sign_in(officer)

    def costs():
        counted = []
        for path in paths:
            with count_statements() as sent:
                assert visitor.get(path).status_code == 200
            counted.append(len(sent))
        return counted

    before = costs()
    for _ in range(2):
        world(given_another, application.round_id)
    assert costs() == before


def test_consensus_is_recorded_on_every_criterion_with_one_text(world, visitor, officer):
    application = world(given_assessed_application, scores=(7, 8, 3))
    visitor.sign_in(officer)
    path = f"/desk/dossiers/{application.reference}/consensus"
    page = visitor.get(path).text
    assert "Individuele scores: 7, 8, 3" in page
    assert "liggen verder uit elkaar" in page
    start = world(find_consensus, application.id).version
    for wrong in ({"reach-score": "11"}, {"reach-score": "cannot-judge"}, {"text": " "}, {"charm-score": "9"}):
        answer = visitor.post(path, agreed(version=str(start)) | wrong)
        assert answer.status_code == 422, wrong
    missing = {name: value for name, value in agreed(version=str(start)).items() if name != "reach-score"}
    assert visitor.post(path, missing).status_code == 422
    assert visitor.post(path, agreed(version=str(start))).status_code == 302
    found = world(find_consensus, application.id)
    assert (found.text, str(found.total)) == (TEXT, "70.00")
    assert TEXT in visitor.get(path).text


def test_two_who_record_a_consensus_at_once_see_both(world, visitor, officer):
    application = world(given_assessed_application, scores=(7, 8, 3))
    visitor.sign_in(officer)
    path = f"/desk/dossiers/{application.reference}/consensus"
    start = str(world(find_consensus, application.id).version)
    visitor.post(path, agreed(version=start))
    answer = visitor.post(path, agreed(version=start, text="Een heel andere tekst van een collega."))
    assert answer.status_code == 409
    assert TEXT in answer.text
    assert "Een heel andere tekst van een collega." in answer.text
    assert world(find_consensus, application.id).text == TEXT


def test_no_consensus_while_a_review_is_outstanding(world, visitor, officer):
    def given():
        application = given_admissible_application()
        given_submitted_review(application)
        given_assigned_review(application)
        return application

    application = world(given)
    visitor.sign_in(officer)
    path = f"/desk/dossiers/{application.reference}/consensus"
    assert visitor.post(path, agreed(version="0")).status_code == 422
    assert world(find_consensus, application.id) is None


def test_an_auditor_reads_the_consensus_and_records_none(world, visitor):
    application = world(given_assessed_application, scores=(7, 8, 3))
    visitor.sign_in(world(given_person, roles=[Role.AUDITOR]).email)
    path = f"/desk/dossiers/{application.reference}/consensus"
    assert "Individuele scores" not in visitor.get(path).text
    assert visitor.post(path, agreed(version="0"), page="/my-work").status_code == 403
    assert world(find_consensus, application.id).recorded_at is None


def test_once_results_are_out_nothing_is_offered_that_would_be_refused(world, visitor, officer):
    def given():
        application = given_assessed_application(scores=(7, 8, 3))
        late = given_assigned_review(application)
        return application, late

    application, late = world(given)
    path = f"/desk/dossiers/{application.reference}"
    visitor.sign_in(officer)
    assert "Een beoordelaar uitnodigen" in visitor.get(f"{path}/reviewers").text
    assert 'name="then"' in visitor.sign_in(late.reviewer.email).get(f"/reviews/{late.id}").text
    world(publish_results, application.round, at="2022-10-21T10:00")
    for page in (f"/reviews/{late.id}", f"/reviews/{late.id}/submit", f"/reviews/{late.id}/invitation"):
        assert "<textarea" not in visitor.get(page).text
    visitor.sign_in(officer)
    reviewers = visitor.get(f"{path}/reviewers").text
    assert "take-off" not in reviewers
    assert "Een beoordelaar uitnodigen" not in reviewers
    assert "<textarea" not in visitor.get(f"{path}/consensus").text


def test_the_queue_of_a_round_goes_on_page_after_page(world, visitor, officer):
    def given():
        reviewer, officer = given_reviewer(), given_case_officer()
        first = given_admissible_application()
        assign_reviewer(ctx_for(officer, REVIEW_DAY), first, reviewer, DUE_ON)
        return first.round.code, first.reference

    code, reference = world(given)
    visitor.sign_in(officer)
    assert reference in visitor.get(f"/desk/rounds/{code}/reviews").text
    assert visitor.get(f"/desk/rounds/{code}/reviews?after=nonsense").status_code == 200
