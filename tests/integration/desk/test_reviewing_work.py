"""What reviewing puts on the first page: of the reviewer who is asked, and of the case officer who settles it."""

from portal.applications.queries import get_application
from tests.world.http import Visitor
from tests.world.reviewing import (
    given_admissible_application,
    given_assessed_application,
    given_assigned_review,
    given_assigned_reviews,
    given_case_officer,
    given_consensus,
    given_draft_review,
    given_reviewer,
    given_submitted_review,
)


def test_an_invitation_and_a_draft_wait_for_their_reviewer_and_what_is_submitted_does_not(app, world, visitor):
    reviewer = world(given_reviewer)
    invited = world(given_assigned_review, None, reviewer, is_accepted=False)
    drafted = world(given_draft_review, None, reviewer)
    submitted = world(given_submitted_review, None, reviewer)
    page = visitor.sign_in(reviewer.email).get("/my-work").text
    assert f'href="/reviews/{invited.id}/invitation"' in page
    assert f'href="/reviews/{drafted.id}"' in page
    assert f'href="/reviews/{submitted.id}"' not in page
    other = Visitor(app).sign_in(world(given_reviewer).email)
    assert f"/reviews/{invited.id}" not in other.get("/my-work").text


def test_an_application_short_of_reviewers_waits_for_the_case_officers(world, visitor):
    application = world(given_admissible_application)
    visitor.sign_in(world(given_case_officer).email)
    title = f"Beoordelaars uitnodigen in {application.round.code}"
    assert title in visitor.get("/my-work").text
    world(lambda: given_assigned_reviews(get_application(application.reference)))
    assert title not in visitor.get("/my-work").text


def test_a_consensus_that_is_asked_waits_until_it_is_recorded(world, visitor):
    application = world(given_assessed_application, scores=(7, 8, 3))
    visitor.sign_in(world(given_case_officer).email)
    title = f"Gevraagde consensus vastleggen in {application.round.code}"
    assert title in visitor.get("/my-work").text
    world(lambda: given_consensus(get_application(application.reference)))
    assert title not in visitor.get("/my-work").text
