"""A reviewer takes the application along as PDF: with every cost, without contact persons."""

import sqlalchemy as sa

from portal.applications.models import Paper
from portal.core.db import db
from tests.world.accounts import given_person
from tests.world.reviewing import given_assigned_review, given_reviewer


def given_open_review():
    review = given_assigned_review()
    return review.id, review.reviewer.email, review.application.reference


def rows():
    return [(each.kind, each.viewer, each.id) for each in db.session.scalars(sa.select(Paper))]


def test_a_reviewer_asks_the_pdf_of_an_accepted_review(world, visitor):
    number, email, reference = world(given_open_review)
    path = f"/reviews/{number}/paper"
    visitor.sign_in(email)
    assert f'href="{path}"' in visitor.get(f"/reviews/{number}").text
    assert visitor.get(f"{path}.pdf").status_code == 404
    assert visitor.post(f"{path}/ask", page=path).location == path
    assert "Wordt gemaakt" in visitor.get(path).text
    ((kind, viewer, paper),) = world(rows)
    assert (kind, viewer) == ("application", "review")
    assert visitor.get(f"/applications/{reference}/papers/{paper}").status_code == 404, "by the review alone"


def test_nobody_else_and_no_reviewer_who_has_not_accepted_does(world, visitor):
    number, _email, _reference = world(given_open_review)
    path = f"/reviews/{number}/paper"
    visitor.sign_in(world(lambda: given_reviewer().email))
    assert [visitor.get(each).status_code for each in (path, f"{path}.pdf")] == [404, 404]
    visitor.sign_in(world(lambda: given_person("Bram Nijs").email))
    assert visitor.post(f"{path}/ask", page="/organisations").status_code == 404

    def given_invitation():
        review = given_assigned_review(is_accepted=False)
        return review.id, review.reviewer.email

    number, email = world(given_invitation)
    assert visitor.sign_in(email).get(f"/reviews/{number}/paper").status_code == 403
    assert world(rows) == []
