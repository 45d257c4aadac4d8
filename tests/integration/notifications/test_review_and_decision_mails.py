"""Who is told of reviews and decisions, and in which words."""

from datetime import date
from decimal import Decimal

import pytest

from portal.applications.states import Outcome
from portal.core.actor import Role
from portal.decisions.events import AwardDeclined, DecisionPublished, ReservePromoted
from portal.decisions.models import Decision, Ranking
from portal.decisions.states import DecisionState
from portal.reviewing.events import ConflictConfirmed, ReviewDue, ReviewerInvited
from portal.reviewing.models import Review
from portal.reviewing.states import ReviewState
from tests.world.accounts import given_person
from tests.world.mail import text_of
from tests.world.time import moment

DUE = date(2022, 10, 28)


@pytest.fixture
def review(town):
    reviewer = given_person("Lina Goossens", language="en", roles=[Role.REVIEWER])
    return town.add(
        Review(
            application_id=town.application.id,
            round_id=town.round.id,
            reviewer_id=reviewer.id,
            invited_at=moment("2022-10-03T10:00"),
            due_on=DUE,
        )
    )


def _invited(review):
    return ReviewerInvited(review_id=review.id, application_id=review.application_id, due_on=DUE)


def test_a_reviewer_is_invited_with_a_link_and_without_a_word_of_the_application(town, review):
    event = _invited(review)
    (message,) = town.told(event.topic, review.id, event.payload()).values()
    assert message["Subject"] == "Please review application DB-A-2022-3-0017"
    assert "28 October 2022" in text_of(message)
    assert f"/reviews/{review.id}/invitation" in text_of(message)


@pytest.mark.parametrize(
    ("state", "told"),
    [(ReviewState.INVITED, 1), (ReviewState.DRAFTING, 1), (ReviewState.SUBMITTED, 0), (ReviewState.SEALED, 0)],
)
def test_only_who_still_has_to_write_is_reminded(town, state, told):
    reviewer = given_person("Lina Goossens", roles=[Role.REVIEWER])
    times = {
        ReviewState.SUBMITTED: {"submitted_at": moment("2022-10-10T10:00"), "total": Decimal("66.00")},
        ReviewState.SEALED: {"sealed_at": moment("2022-10-10T10:00")},
    }
    review = town.add_as_it_stood(
        Review,
        application_id=town.application.id,
        round_id=town.round.id,
        reviewer_id=reviewer.id,
        state=state,
        invited_at=moment("2022-10-03T10:00"),
        due_on=DUE,
        **times.get(state, {}),
    )
    event = ReviewDue(review_id=review.id, due_on=DUE, days=7)
    assert len(town.told(event.topic, review.id, event.payload())) == told


def test_who_invited_a_reviewer_hears_of_a_conflict_unless_they_confirmed_it_themselves(town, review):
    officer, colleague = (given_person(name, roles=[Role.CASE_OFFICER]) for name in ("Mieke Smet", "Stijn Bos"))
    review.invited_by_id = officer.id
    event = ConflictConfirmed(
        conflict_id=1,
        application_id=review.application_id,
        person_id=review.reviewer_id,
        kind="advised",
        sha256="ab" * 32,
    )
    assert town.told(event.topic, 1, event.payload(), actor=officer) == {}
    told = town.told(event.topic, 1, event.payload(), actor=colleague)
    assert list(told) == [officer.email]
    message = told[officer.email]
    assert message["Subject"] == "Een beoordelaar van DB-A-2022-3-0017 heeft een belangenconflict"
    assert "Lina Goossens beoordeelt aanvraag DB-A-2022-3-0017" in text_of(message)


def _decision(town, outcome, amount, **more):
    ranking = town.add(
        Ranking(
            round_id=town.round.id,
            number=1,
            computed_at=moment("2022-11-09T10:00"),
            policy=town.round.ranking_policy,
            budget_amount=town.round.budget_amount,
            requested_amount=Decimal(amount),
            awarded_amount=Decimal(amount),
            row_count=1,
            fundable_count=1,
            award_count=1,
            line_position=1,
            envelope_left_amount=Decimal(1_000_000),
            sha256="ab" * 32,
        )
    )
    return town.add_as_it_stood(
        Decision,
        application_id=town.application.id,
        round_id=town.round.id,
        ranking_id=ranking.id,
        outcome=outcome,
        amount=Decimal(amount),
        reason="r",
        prepared_at=moment("2022-11-10T10:00"),
        prepared_by_id=town.eva.id,
        confirmed_at=moment("2022-11-11T10:00"),
        confirmed_by_id=town.noor.id,
        state=DecisionState.PUBLISHED,
        number="A-2022-3/01",
        published_at=moment("2022-11-14T10:00"),
        decided_on=date(2022, 11, 14),
        **more,
    )


@pytest.mark.parametrize(
    ("outcome", "amount", "words"),
    [
        (Outcome.APPROVED, "14000.00", "receives a grant of €14,000.00"),
        (Outcome.CONDITIONAL, "14000.00", "Conditions are tied to it"),
        (Outcome.RESERVE, "0.00", "is on the reserve list"),
        (Outcome.REFUSED, "0.00", "does not receive a grant"),
    ],
)
def test_every_partners_lead_reads_the_decision(town, outcome, amount, words):
    decision = _decision(town, outcome, amount, answer_due_on=date(2022, 12, 14))
    event = DecisionPublished(
        decision_id=decision.id, application_id=town.application.id, outcome=str(outcome), amount=Decimal(amount)
    )
    told = town.told(event.topic, decision.id, event.payload())
    assert set(told) == {town.eva.email, town.tom.email}
    text = text_of(told[town.tom.email])
    assert words in text
    assert "A-2022-3/01" in text
    assert ("14 December 2022" in text) == (amount != "0.00"), "only an award is answered"


def test_a_promoted_reserve_learns_its_grant(town):
    decision = _decision(town, Outcome.APPROVED, "9000.00", answer_due_on=date(2022, 12, 20))
    event = ReservePromoted(
        decision_id=decision.id, application_id=town.application.id, freed_by_id=99, amount=Decimal("9000.00")
    )
    told = town.told(event.topic, decision.id, event.payload())
    assert set(told) == {town.eva.email, town.tom.email}
    assert "takes its place and receives a grant of €9,000.00" in text_of(told[town.tom.email])


def test_case_officers_learn_that_a_grant_is_declined(town):
    officer = given_person("Mieke Hendrickx", roles=[Role.CASE_OFFICER])
    decision = _decision(town, Outcome.APPROVED, "14000.00")
    event = AwardDeclined(decision_id=decision.id, amount=Decimal("14000.00"))
    told = town.told(event.topic, decision.id, event.payload())
    assert set(told) == {officer.email}
