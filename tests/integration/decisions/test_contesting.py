"""A review of a decision: asked in time and once, withdrawn, or answered by somebody who had no hand in it."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import grant_right
from portal.applications.states import Outcome
from portal.core.actor import Right, Role
from portal.core.db import db
from portal.core.errors import IllegalTransition, NotFound, RuleViolation
from portal.core.event_log import EventRow, list_timeline
from portal.decisions.commands.contesting import answer_review, ask_review, withdraw_review
from portal.decisions.models import ReviewRequest
from portal.decisions.queries import list_decisions
from portal.decisions.request_queries import find_request, get_desk_request, get_request_of, list_open_requests
from portal.decisions.states import DecisionState, Ground, RequestState
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.decisions import (
    given_published,
    given_ranked_application,
    given_review_request,
    given_reviewed_round,
    given_written_review,
    reload,
)
from tests.world.time import moment

IN_TIME, LAST_SECOND, TOO_LATE = "2022-10-20T10:00", "2022-10-29T23:59:59", "2022-10-30T00:00:00"
ANSWER_DAY = "2022-11-10T10:00"
TEXT = "Doelstelling 2 kreeg een 5, terwijl de consensustekst zegt dat ze uitgewerkt en onderbouwd is."
ANSWER = "De score van doelstelling 2 stemt niet overeen met de consensustekst."


@pytest.fixture
def lead(inside):
    return given_person("Eva Claes")


@pytest.fixture
def refused(inside, lead):
    """A refused application of Eva's organisation; a second one of the round is awarded all that it asks."""
    round_ = given_reviewed_round()
    given_ranked_application(round_, "90.00", name="Digibank Polderlint")
    mine = given_ranked_application(
        round_, "52.00", promotor=given_organisation(lead), missed=["total"], name="Digibank Noordheide"
    )
    return next(each for each in given_published(round_) if each.application_id == mine.id)


def officer(name="Nele Peeters", *, at=ANSWER_DAY, roles=(Role.CASE_OFFICER,), of=None):
    person = given_person(name, roles=list(roles))
    if of:
        given_organisation(person, name=of)
    return ctx_for(person, at)


def as_met(request, ctx):
    return get_desk_request(request.id, [each.organisation_id for each in ctx.actor.mandates], lock=True)


def codes(refusal):
    return [each.code for each in refusal.value.problems]


@pytest.mark.parametrize("at", [IN_TIME, LAST_SECOND, "2022-10-29T23:59:59.999999"])
def test_a_review_is_asked_through_the_last_second_of_the_fifteenth_day(refused, lead, at):
    request = ask_review(ctx_for(lead, at), reload(refused), Ground.CONTENT, f"  {TEXT}\n")
    assert (request.state, request.text, request.asked_at) == (RequestState.ASKED, TEXT, moment(at))
    assert find_request(refused.id) == request
    [event] = db.session.scalars(sa.select(EventRow).where(EventRow.topic == "application.review-asked"))
    assert (event.subject_id, event.payload["code"]) == (refused.application_id, "content")


def test_a_review_that_arrives_a_second_later_is_refused(refused, lead):
    with pytest.raises(RuleViolation) as refusal:
        ask_review(ctx_for(lead, TOO_LATE), reload(refused), Ground.CONTENT, TEXT)
    assert codes(refusal) == ["term-ended"]
    assert find_request(refused.id) is None


def test_a_review_is_asked_once_also_after_it_was_withdrawn(refused, lead):
    request = ask_review(ctx_for(lead, IN_TIME), reload(refused), Ground.TECHNICAL, TEXT)
    withdraw_review(ctx_for(lead, IN_TIME), get_request_of(refused.application.reference, lock=True))
    assert (request.state, request.withdrawn_at) == (RequestState.WITHDRAWN, moment(IN_TIME))
    with pytest.raises(RuleViolation) as refusal:
        ask_review(ctx_for(lead, IN_TIME), reload(refused), Ground.CONTENT, TEXT)
    assert codes(refusal) == ["review-asked"]


def test_the_database_itself_lets_no_second_request_in(refused, lead):
    request = given_review_request(refused, lead, IN_TIME, TEXT)
    twice = ReviewRequest(
        decision_id=request.decision_id,
        ground=Ground.CONTENT,
        text=TEXT,
        asked_at=moment(IN_TIME),
        asked_by_id=lead.id,
        answer_due_on=date(2022, 11, 19),
    )
    db.session.add(twice)
    with pytest.raises(sa.exc.IntegrityError, match="uq_review_request_decision_id"):
        db.session.flush()


def test_of_an_award_of_all_that_was_asked_no_review_is_asked(inside):
    round_ = given_reviewed_round()
    eva = given_person("Eva Claes")
    given_ranked_application(round_, "90.00", promotor=given_organisation(eva))
    [award] = given_published(round_)
    with pytest.raises(RuleViolation) as refusal:
        ask_review(ctx_for(eva, IN_TIME), reload(award), Ground.CONTENT, TEXT)
    assert codes(refusal) == ["not-contestable"]


@pytest.mark.parametrize(("text", "code"), [(" kort ", "text-too-short"), ("x" * 5001, "text-too-long")])
def test_a_request_says_why_and_not_at_any_length(refused, lead, text, code):
    with pytest.raises(RuleViolation) as refusal:
        ask_review(ctx_for(lead, IN_TIME), reload(refused), Ground.CONTENT, text)
    assert [(each.code, each.field) for each in refusal.value.problems] == [(code, "text")]


@pytest.mark.parametrize(
    ("is_upheld", "state", "topic"),
    [(True, RequestState.UPHELD, "review-upheld"), (False, RequestState.DISMISSED, "review-dismissed")],
)
def test_an_answer_is_recorded_and_the_decision_stays_as_it_was(refused, lead, is_upheld, state, topic):
    request, nele = given_review_request(refused, lead, IN_TIME, TEXT), officer()
    before = (refused.state, refused.outcome, refused.amount, refused.application.outcome)
    answer_review(nele, as_met(request, nele), is_upheld=is_upheld, answer=ANSWER)
    assert (request.state, request.answer, request.answered_at) == (state, ANSWER, nele.now)
    assert request.answered_by_id == nele.actor.person_id
    decision = reload(refused)
    assert (decision.state, decision.outcome, decision.amount, decision.application.outcome) == before
    assert before[:2] == (DecisionState.PUBLISHED, Outcome.REFUSED)
    told = [each.topic for each in list_timeline("application", refused.application_id)]
    assert told[-2:] == ["application.review-asked", f"application.{topic}"]


def test_a_request_is_answered_once_and_not_after_it_was_withdrawn(refused, lead):
    request, nele = given_review_request(refused, lead, IN_TIME, TEXT), officer()
    answer_review(nele, as_met(request, nele), is_upheld=False, answer=ANSWER)
    for act in (
        lambda: answer_review(nele, as_met(request, nele), is_upheld=True, answer=ANSWER),
        lambda: withdraw_review(ctx_for(lead, ANSWER_DAY), request),
    ):
        with pytest.raises(IllegalTransition) as refusal:
            act()
        assert (refusal.value.state, refusal.value.since) == ("dismissed", nele.now)


def test_an_answer_has_its_reasons(refused, lead):
    request, nele = given_review_request(refused, lead, IN_TIME, TEXT), officer()
    with pytest.raises(RuleViolation) as refusal:
        answer_review(nele, as_met(request, nele), is_upheld=False, answer=" Neen. ")
    assert codes(refusal) == ["text-too-short"]
    assert request.state is RequestState.ASKED


def test_who_prepared_confirmed_or_published_does_not_answer_on_the_content(refused, lead):
    request = given_review_request(refused, lead, IN_TIME, TEXT)
    stmt = sa.select(EventRow.actor_id).where(EventRow.subject == "decision", EventRow.subject_id == refused.id)
    deciders = set(db.session.scalars(stmt))
    assert len(deciders) == 3
    uninvolved = officer("Karin Smet", roles=[Role.ADMINISTRATOR])
    found = as_met(request, uninvolved)
    assert found.involved_ids == deciders
    for each in deciders:
        ctx = ctx_for(db.session.get_one(type(lead), each), ANSWER_DAY)
        with pytest.raises(RuleViolation) as refusal:
            answer_review(ctx, found, is_upheld=False, answer=ANSWER)
        assert codes(refusal) == ["not-answerable"]
    answer_review(uninvolved, found, is_upheld=False, answer=ANSWER)


def test_who_reviewed_the_application_does_not_answer_on_the_content_and_does_on_a_technical_error(inside, lead):
    both = [Role.REVIEWER, Role.CASE_OFFICER]
    round_ = given_reviewed_round()
    mine = given_ranked_application(round_, "52.00", promotor=given_organisation(lead), missed=["total"])
    bea = given_person("Bea Lauwers", roles=both)
    given_written_review(mine, "De uitleendienst steunt op hersteld materiaal.", by=bea)
    [refusal] = given_published(round_)
    request, ctx = given_review_request(refusal, lead, IN_TIME, TEXT), ctx_for(bea, ANSWER_DAY)
    with pytest.raises(RuleViolation) as denied:
        answer_review(ctx, as_met(request, ctx), is_upheld=False, answer=ANSWER)
    assert codes(denied) == ["not-answerable"]
    db.session.execute(ReviewRequest.__table__.update().values(ground="technical"))
    db.session.expire(request)
    answer_review(ctx, as_met(request, ctx), is_upheld=False, answer=ANSWER)


@pytest.mark.parametrize("ground", Ground)
def test_nobody_answers_whose_organisation_takes_part_in_the_round(refused, lead, ground):
    request = given_review_request(refused, lead, IN_TIME, TEXT, ground=ground)
    other = next(each for each in list_decisions(refused.round_id) if each.id != refused.id)
    taking_part = ctx_for(colleague_in(other.application.promotor), ANSWER_DAY)
    with pytest.raises(RuleViolation) as denied:
        answer_review(taking_part, as_met(request, taking_part), is_upheld=False, answer=ANSWER)
    assert codes(denied) == ["not-answerable"]
    elsewhere = officer("Piet Aerts", of="Buurthuis Elders")
    answer_review(elsewhere, as_met(request, elsewhere), is_upheld=False, answer=ANSWER)


def test_the_list_is_what_its_reader_may_open(refused, lead):
    request = given_review_request(refused, lead, IN_TIME, TEXT)
    other = next(each for each in list_decisions(refused.round_id) if each.id != refused.id)
    assert [each.id for each in list_open_requests([])] == [request.id]
    assert list_open_requests([other.application.promotor_id]) == []
    assert as_met(request, ctx_for(colleague_in(other.application.promotor), ANSWER_DAY)).takes_part


def test_what_was_not_asked_is_not_found(refused):
    with pytest.raises(NotFound):
        get_request_of(refused.application.reference)


def colleague_in(organisation):
    """A case officer who also reads for an organisation that takes part."""
    person = given_person("Nele Peeters", roles=[Role.CASE_OFFICER])
    grant_right(ctx_for(), organisation, person, Right.READER)
    db.session.commit()
    return person
