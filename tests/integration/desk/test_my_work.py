"""Everybody's first page: what waits for them, and nothing of another's."""

from datetime import timedelta

from portal.core.actor import Role
from portal.core.text import _l
from portal.desk.rules import WorkItem, agenda
from tests.world.accounts import given_claim, given_person
from tests.world.http import Visitor
from tests.world.time import moment

NOW = moment("2022-06-20T14:05")


def item(subject, days=None):
    due_at = None if days is None else NOW + timedelta(days=days)
    return WorkItem(_l("Judge claims"), subject, "/", _l("Open claims"), due_at)


def test_the_nearest_deadline_comes_first_and_what_has_none_comes_last():
    made = agenda([item("none"), item("late", 20), item("tomorrow", 1), item("week", 7)], NOW)
    assert [each.subject for each in made.soon] == ["tomorrow", "week"]
    assert [each.subject for each in made.later] == ["late", "none"]
    assert made.count == 4
    assert made.most_urgent.subject == "tomorrow"


def test_a_case_officer_sees_the_claims_that_wait_and_an_applicant_does_not(app, visitor, world):
    claim = world(given_claim)
    officer = world(given_person, "Mieke Hendrickx", roles=[Role.CASE_OFFICER])
    applicant = world(given_person, "Karim Aznag")
    assert claim.id
    visitor.sign_in(officer.email)
    assert "Claims beoordelen" in visitor.get("/my-work").text
    other = Visitor(app).sign_in(applicant.email)
    assert "Niets wacht op u" in other.get("/my-work").text


def test_signing_in_leads_to_my_work(visitor, world):
    person = world(given_person)
    answer = visitor.post("/sign-in", {"email": person.email, "password": "drie blauwe lampen"})
    assert answer.headers["Location"] == "/my-work"
