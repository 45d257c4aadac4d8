"""How sure a reviewer is stands in what is kept, and every version that was handed in can be read beside the one before."""

from dataclasses import replace

import pytest

from portal.core.actor import Role
from portal.core.db import db
from portal.core.digests import canonical, digest
from portal.reviewing.commands.writing import reopen_review, save_review, submit_review
from portal.reviewing.evidence import content_of, gather
from portal.reviewing.queries import get_review, list_versions
from portal.reviewing.states import Confidence
from tests.world.accounts import ctx_for, given_person
from tests.world.reviewing import (
    REVIEW_DAY,
    answers_with,
    given_assessed_application,
    given_case_officer,
    given_draft_review,
    given_submitted_review,
)


def given_review_handed_in_twice():
    review = given_submitted_review(scores=7)
    mine = ctx_for(review.reviewer, REVIEW_DAY)
    reopen_review(ctx_for(given_case_officer(), REVIEW_DAY), review, "Kijk nog eens naar het bereik.")
    again = replace(
        answers_with(review.application, {"reach": 9}), strengths="De partners vullen elkaar heel goed aan."
    )
    save_review(mine, review, replace(again, confidence=Confidence.HIGH), review.version)
    submit_review(mine, review)
    db.session.commit()
    return review


def test_the_confidence_is_kept_and_digested_and_weighs_nothing(inside):
    review = given_draft_review(scores=7)
    mine = ctx_for(review.reviewer, REVIEW_DAY)
    save_review(mine, review, replace(answers_with(review.application), confidence=Confidence.LOW), review.version)
    submit_review(mine, review)
    (version,) = list_versions(review.id)
    assert (version.content["confidence"], version.content["total"]) == ("low", "70.00")


def test_a_review_that_was_handed_in_before_it_was_asked_still_verifies(inside):
    application = given_assessed_application()
    assert gather(application.round).differences == ()
    review = given_submitted_review(application)
    review.confidence = None  # as every review stood before
    before = content_of(review)
    assert "confidence" not in before
    assert digest(canonical(before)) != digest(canonical({**before, "confidence": "normal"}))
    differences = gather(application.round).differences
    assert len(differences) == 1  # whoever takes the confidence away is found out
    review.confidence = Confidence.NORMAL
    assert gather(application.round).differences == ()


@pytest.mark.parametrize("reader", ["reviewer", Role.CASE_OFFICER, Role.AUDITOR])
def test_its_reviewer_and_the_staff_read_what_changed_between_versions(world, visitor, reader):
    review = world(given_review_handed_in_twice)
    email = review.reviewer.email if reader == "reviewer" else world(given_person, roles=[reader]).email
    page = visitor.sign_in(email).get(f"/reviews/{review.id}/versions").text
    assert "Kijk nog eens naar het bereik." in page
    assert "<ins>heel </ins>" in page or "<ins>heel</ins>" in page
    assert "7 op 10</del> <ins>9 op 10" in page
    assert "Zekerder dan gewoonlijk" in page
    assert page.index("Versie 2") < page.index("Versie 1")


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_nobody_else_reads_the_versions(world, visitor, role):
    review = world(given_review_handed_in_twice)
    visitor.sign_in(world(given_person, roles=[role]).email)
    assert visitor.get(f"/reviews/{review.id}/versions").status_code == 404


def test_who_wrote_it_reads_why_it_was_reopened(world, visitor):
    def given():
        review = given_submitted_review()
        reopen_review(ctx_for(given_case_officer(), REVIEW_DAY), review, "Kijk nog eens naar het bereik.")
        db.session.commit()
        return get_review(review.id)

    review = world(given)
    page = visitor.sign_in(review.reviewer.email).get(f"/reviews/{review.id}").text
    assert "Kijk nog eens naar het bereik." in page
    assert f"/reviews/{review.id}/versions" in page
