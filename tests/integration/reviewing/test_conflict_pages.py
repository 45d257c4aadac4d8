"""The pages on which conflicts of interest are seen, judged and waived; and that a reviewer in conflict reads nothing."""

import pytest

from portal.accounts.commands.organisations import describe_organisation
from portal.accounts.queries import get_organisation
from portal.applications.queries import get_application
from portal.core.actor import Role
from portal.core.db import db
from portal.reviewing.commands import judging
from portal.reviewing.conflicts import find_cases
from portal.reviewing.queries import get_review
from portal.reviewing.states import ConflictState, ReviewState
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications_models import given_open_round
from tests.world.reviewing import (
    REVIEW_DAY,
    given_admissible_application,
    given_assigned_review,
    given_case_officer,
    given_reviewer,
)

WHY = "Nagekeken in het register."


def given_advised():
    """A reviewer who advised a partnership, and the two applications of the round."""
    round_ = given_open_round()
    application, reviewer = given_admissible_application(round_=round_), given_reviewer("Joke Claeys")
    given_admissible_application(round_=round_)
    officer = given_case_officer()
    judging.record_advice(ctx_for(officer, REVIEW_DAY), application.partnership, reviewer, "Zat in de stuurgroep.")
    db.session.commit()
    return officer.email, application.reference, reviewer, round_.code


def state_of(reference, reviewer, kind):
    found = find_cases(get_application(reference), [reviewer.id])
    return next(each.state for each in found if each.kind == kind)


@pytest.mark.parametrize(
    ("verdict", "state"), [("dismiss", ConflictState.DISMISSED), ("confirm", ConflictState.CONFIRMED)]
)
def test_a_case_officer_judges_what_points_to_a_conflict(world, visitor, verdict, state):
    email, reference, reviewer, code = world(given_advised)
    visitor.sign_in(email)
    judge = f"/desk/dossiers/{reference}/conflicts/{reviewer.id}/advised"
    assert judge in visitor.get(f"/desk/dossiers/{reference}/reviewers").text
    listed = visitor.get(f"/desk/rounds/{code}/conflicts").text
    assert "Joke Claeys begeleidde dit partnerschap: Zat in de stuurgroep." in listed
    assert listed.count(judge) == 1
    assert f"Belangenconflicten beoordelen in {code}" in visitor.get("/my-work").text
    answer = visitor.post(judge, {"verdict": verdict, "reason": ""})
    assert (answer.status_code, world(state_of, reference, reviewer, "advised")) == (422, ConflictState.CANDIDATE)
    assert visitor.post(judge, {"verdict": verdict, "reason": WHY}).status_code == 302
    assert world(state_of, reference, reviewer, "advised") is state
    assert WHY in visitor.get(f"/desk/rounds/{code}/conflicts?state={state}").text
    assert "Niets na te gaan" in visitor.get(f"/desk/rounds/{code}/conflicts").text
    assert f"Belangenconflicten beoordelen in {code}" not in visitor.get("/my-work").text


def test_who_takes_part_sees_and_judges_nothing_of_their_partnership(world, visitor):
    def given():
        officer = given_case_officer()
        application = given_admissible_application(given_organisation(staff=[officer]))
        reviewer = given_reviewer()
        judging.record_advice(ctx_for(at=REVIEW_DAY), application.partnership, reviewer, "Zat in de stuurgroep.")
        db.session.commit()
        return officer.email, application.reference, application.round.code, reviewer.id

    email, reference, code, person_id = world(given)
    visitor.sign_in(email)
    assert reference not in visitor.get(f"/desk/rounds/{code}/conflicts").text
    assert visitor.get(f"/desk/dossiers/{reference}/conflicts/{person_id}/advised").status_code == 404


def test_an_administrator_waives_what_ties_organisations_and_a_case_officer_does_not(world, visitor):
    def given():
        reviewer, application = given_reviewer(), given_admissible_application()
        own = given_organisation(readers=[reviewer], name="Digipunt West")
        describe_organisation(ctx_for(), own, seat_nis=None, parent_number=application.promotor.enterprise_number)
        db.session.commit()
        administrator = given_person("Sofie De Backer", roles=[Role.ADMINISTRATOR])
        return administrator.email, given_case_officer().email, application.reference, reviewer

    administrator, officer, reference, reviewer = world(given)
    path = f"/desk/dossiers/{reference}/conflicts/{reviewer.id}/parent/waive"
    visitor.sign_in(officer)
    assert visitor.get(path).status_code == 403
    visitor.sign_in(administrator)
    assert visitor.post(path, {"reason": WHY}).status_code == 302
    assert world(state_of, reference, reviewer, "parent") is ConflictState.WAIVED
    assert visitor.post(path, {"reason": WHY}).status_code == 302  # the same page takes it back
    assert world(state_of, reference, reviewer, "parent") is ConflictState.CONFIRMED


def test_a_tie_that_arises_late_closes_dossier_and_paper_at_once_and_saving_seals(world, visitor):
    def given():
        partner, reviewer = given_organisation(name="Stad Noordheide"), given_reviewer()
        own = given_organisation(readers=[reviewer], name="Groep Noordheide")
        review = given_assigned_review(given_admissible_application(partner), reviewer)
        return reviewer.email, review.id, own.enterprise_number, partner.enterprise_number

    def given_parent(own, partner):
        describe_organisation(ctx_for(), get_organisation(own), seat_nis=None, parent_number=partner)
        db.session.commit()

    email, review_id, own, partner = world(given)
    visitor.sign_in(email)
    pages = [f"/reviews/{review_id}{each}" for each in ("", "/submit", "/paper")]
    assert [visitor.get(each).status_code for each in pages] == [200, 200, 200]
    world(given_parent, own, partner)
    assert [visitor.get(each).status_code for each in (*pages, f"/reviews/{review_id}/paper.pdf")] == [403] * 4
    refused = visitor.post(pages[0], {"strengths": "x" * 9000, "version": "0"}, page="/reviews")
    assert refused.status_code == 403  # a page that shows a form again shows the application too
    assert visitor.post(pages[0], {"strengths": "Sterk.", "version": "0"}, page="/reviews").status_code == 302
    review = world(get_review, review_id)
    assert (review.state, review.strengths) == (ReviewState.SEALED, "Sterk.")
