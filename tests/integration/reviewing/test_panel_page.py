"""The agenda of the panel meeting, as the case officer who leads it sees it."""

import re

import pytest
from sqlalchemy.orm import joinedload

from portal.calls.models import Round
from portal.core.db import db
from portal.reviewing.conflicts import conflicts_in_round, find_conflicts
from tests.world.accounts import given_organisation, given_person
from tests.world.reviewing import (
    given_assessed_application,
    given_case_officer,
    given_declared_conflict,
    given_reviewer,
)

APART = (7, 8, 3)  # further apart than the call allows


def given_round_of_two():
    """Two applications whose reviews lie apart; Ann reviewed the first and has a conflict with the second."""
    ann = given_reviewer("Ann Lievens")
    first = given_assessed_application(scores=APART, reviewers=[ann, given_reviewer(), given_reviewer()])
    round_ = db.session.get(Round, first.round_id, options=[joinedload(Round.call)])
    second = given_assessed_application(scores=APART, round_=round_)
    given_declared_conflict(second, ann.id)
    return round_.code, first, second, ann


@pytest.fixture
def given(world):
    return world(given_round_of_two)


def row_of(page, reference):
    """The words of an application's row of the agenda."""
    return next(re.sub(r"<[^>]+>|\s+", " ", row) for row in page.split("<tr")[1:] if reference in row)


def test_who_has_a_conflict_leaves_before_the_application_is_heard(world, visitor, given):
    code, first, second, ann = given
    visitor.sign_in(world(given_case_officer).email)
    page = visitor.get(f"/desk/rounds/{code}/panel").text
    assert ann.name in row_of(page, second.reference)
    assert ann.name not in row_of(page, first.reference)
    assert page.index(first.reference) < page.index(second.reference), "nobody has to come back in this order"
    assert "1 keer" in page


def test_what_needs_no_consensus_is_on_the_agenda_where_one_asks_for_all(world, visitor):
    application = world(given_assessed_application)
    visitor.sign_in(world(given_case_officer).email)
    path = f"/desk/rounds/{application.round.code}/panel"
    assert application.reference not in visitor.get(path).text
    assert application.reference in visitor.get(f"{path}?all=1").text


def test_a_case_officer_with_a_part_in_it_is_told_to_leave_and_reads_no_scores(world, visitor):
    officer = world(given_case_officer)
    promotor = world(lambda: given_organisation(given_person(), staff=[officer]))
    application = world(lambda: given_assessed_application(promotor=promotor, scores=APART))
    visitor.sign_in(officer.email)
    row = row_of(visitor.get(f"/desk/rounds/{application.round.code}/panel").text, application.reference)
    assert "ga zelf buiten" in row
    assert "60,00" not in row


def test_a_round_and_its_applications_one_by_one_give_the_same_conflicts(inside):
    code, first, second, ann = given_round_of_two()
    people = [ann.id]
    found = conflicts_in_round(first.round_id, people)
    for each in (first, second):
        assert found.get(each.id, {}) == find_conflicts(each, people)
    assert set(found) == {second.id}, code
