"""An award that the department takes back: by two persons, with the reason, and what it frees goes to the reserve list."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import grant_right
from portal.applications.states import Outcome
from portal.calls.queries import get_round
from portal.core.actor import Right, Role
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import list_timeline
from portal.decisions.candidates import covered_before
from portal.decisions.check import altered_decisions
from portal.decisions.commands.answering import accept_award, decline_award
from portal.decisions.commands.withdrawing import confirm_withdrawal, drop_withdrawal, propose_withdrawal
from portal.decisions.models import Decision
from portal.decisions.queries import budget_left
from portal.decisions.states import DecisionState
from tests.integration.decisions.test_mails import lead_of, told, words_of
from tests.world.accounts import ctx_for, given_person
from tests.world.decisions import (
    given_administrator,
    given_published,
    given_ranked_application,
    given_reviewed_round,
    make_earlier,
    reload,
)
from tests.world.http import Visitor
from tests.world.time import moment

DAY, NEXT_DAY = "2022-11-02T10:00", "2022-11-03T10:00"
WHY = "De promotor is ontbonden en het samenwerkingsverband heeft geen andere."


def given_line(costs="400000.00"):
    """A published round with one award and two reserves; the round has 500,000."""
    round_ = given_reviewed_round(budget="500000.00", policy="strict")
    for total, name in (("90.00", "Digibank Noordheide"), ("80.00", "Digibank Polderlint"), ("70.00", "Digibank Leie")):
        given_ranked_application(round_, total, name=name, costs=costs)
    return given_published(round_)


@pytest.fixture
def sofie(inside):
    return ctx_for(given_administrator(), DAY)


@pytest.fixture
def karel(inside):
    return ctx_for(given_administrator("Karel Maes"), NEXT_DAY)


def codes(refusal):
    return [each.code for each in refusal.value.problems]


def test_a_proposed_withdrawal_changes_nothing_until_a_second_person_confirms_it(sofie, karel):
    [award, first, second] = given_line()
    propose_withdrawal(sofie, reload(award), f" {WHY} ")
    assert (award.state, award.withdraw_reason, first.outcome) == (DecisionState.PUBLISHED, WHY, Outcome.RESERVE)
    with pytest.raises(RuleViolation) as refusal:
        confirm_withdrawal(sofie, reload(award))
    assert codes(refusal) == ["same-person"]
    confirm_withdrawal(karel, reload(award))
    assert (award.state, award.withdrawn_at) == (DecisionState.WITHDRAWN, karel.now)
    assert (award.application.outcome, award.application.awarded_amount) == (Outcome.WITHDRAWN, None)
    assert (first.outcome, first.amount, first.promoted_at) == (Outcome.APPROVED, Decimal("400000.00"), karel.now)
    assert (second.outcome, second.amount) == (Outcome.RESERVE, Decimal("0.00")), "in order, and within the budget"
    assert budget_left(award.round) == Decimal("100000.00")
    topics = [each.topic for each in list_timeline("decision", award.id)]
    assert topics[-2:] == ["decision.withdrawal-proposed", "decision.withdrawn"]
    promoted = [each for each in list_timeline("decision", first.id) if each.topic == "decision.promoted"]
    assert [each.payload["freed_by_id"] for each in promoted] == [award.id]
    assert list(altered_decisions()) == []


def test_an_accepted_award_can_be_withdrawn_and_a_declined_one_cannot(sofie, karel):
    [award, *_] = given_line()
    accept_award(ctx_for(at=DAY), reload(award))
    propose_withdrawal(sofie, reload(award), WHY)
    confirm_withdrawal(karel, reload(award))
    assert award.state == DecisionState.WITHDRAWN
    [other, *_] = given_line()
    propose_withdrawal(sofie, reload(other), WHY)
    decline_award(ctx_for(at=DAY), reload(other), "Wij zien ervan af.")
    for command, *facts in ((confirm_withdrawal,), (drop_withdrawal,), (propose_withdrawal, WHY)):
        with pytest.raises(IllegalTransition) as refusal:
            command(karel, reload(other), *facts)
        assert refusal.value.state == "declined"


def test_a_reserve_has_no_award_to_withdraw(sofie):
    [_, reserve, _] = given_line()
    with pytest.raises(IllegalTransition):
        propose_withdrawal(sofie, reload(reserve), WHY)


def test_a_withdrawal_is_proposed_once_with_a_reason_and_can_be_dropped(sofie, karel):
    [award, *_] = given_line()
    with pytest.raises(RuleViolation) as refusal:
        propose_withdrawal(sofie, reload(award), "  ")
    assert codes(refusal) == ["reason-missing"]
    for command in (confirm_withdrawal, drop_withdrawal):
        with pytest.raises(RuleViolation) as refusal:
            command(karel, reload(award))
        assert codes(refusal) == ["not-proposed"]
    propose_withdrawal(sofie, reload(award), WHY)
    with pytest.raises(RuleViolation) as refusal:
        propose_withdrawal(karel, reload(award), WHY)
    assert codes(refusal) == ["withdrawal-proposed"]
    drop_withdrawal(sofie, reload(award))
    assert (award.withdraw_reason, award.withdrawal_asked_by_id) == (None, None)
    propose_withdrawal(karel, reload(award), WHY)
    confirm_withdrawal(sofie, reload(award))
    assert award.state == DecisionState.WITHDRAWN


def test_who_takes_part_in_the_partnership_neither_proposes_nor_confirms(sofie, karel):
    [award, *_] = given_line()
    taking_part = given_administrator("Jan Roels")
    grant_right(ctx_for(), award.application.promotor, taking_part, Right.READER)
    ctx = ctx_for(taking_part, DAY)
    with pytest.raises(RuleViolation) as refusal:
        propose_withdrawal(ctx, reload(award), WHY)
    assert codes(refusal) == ["conflicted"]
    propose_withdrawal(sofie, reload(award), WHY)
    with pytest.raises(RuleViolation) as refusal:
        confirm_withdrawal(ctx, reload(award))
    assert codes(refusal) == ["conflicted"]
    confirm_withdrawal(karel, reload(award))


def test_a_withdrawn_award_covers_its_municipalities_no_more(sofie, karel):
    served = given_reviewed_round(policy="strict")
    given_ranked_application(served, "90.00", area=["13001"])
    [award] = given_published(served)
    later = given_reviewed_round()
    make_earlier(served, than=later)
    propose_withdrawal(sofie, reload(award), WHY)
    confirm_withdrawal(karel, reload(award))
    assert covered_before(get_round(later.code), moment(DAY)) == {"13001"}, "it stood then"
    assert covered_before(get_round(later.code), moment("2022-11-04T10:00")) == frozenset()


def test_the_database_itself_lets_nobody_withdraw_alone(sofie):
    [award, *_] = given_line()
    propose_withdrawal(sofie, reload(award), WHY)
    table = Decision.__table__
    alone = table.update().where(table.c.id == award.id).values(withdrawn_by_id=sofie.actor.person_id)
    with pytest.raises(sa.exc.IntegrityError, match="withdrawn_by_two_persons"):
        db.session.execute(alone)


def test_the_partners_are_told_with_the_reason(app, sofie, karel):
    [award, *_] = given_line()
    propose_withdrawal(sofie, reload(award), WHY)
    assert told(app, "decision.withdrawal-proposed") == {}, "nothing is decided yet"
    confirm_withdrawal(karel, reload(award))
    messages = told(app, "decision.withdrawn")
    assert set(messages) == {lead_of(award)}
    assert messages[lead_of(award)]["Subject"] == "De subsidie voor Digibank Noordheide is ingetrokken"
    assert WHY in words_of(messages[lead_of(award)])


def test_two_administrators_withdraw_a_grant_on_their_pages_and_a_case_officer_cannot(app, world):
    [award, *_] = world(given_line)
    sofie, karel = (
        Visitor(app).sign_in(world(given_administrator, name).email) for name in ("Sofie Smet", "Karel Aerts")
    )
    officer = Visitor(app).sign_in(world(given_person, "Nele Peeters", roles=[Role.CASE_OFFICER]).email)
    page, desk = f"/desk/decisions/{award.id}/withdraw", f"/desk/decisions/{award.id}/award"
    assert officer.post(page, {"reason": WHY}, page="/my-work").status_code == 403
    assert "Subsidie intrekken" not in officer.get(desk).text
    assert "Subsidie intrekken" in sofie.get(desk).text
    assert sofie.post(page, {"reason": " "}).status_code == 422
    assert sofie.post(page, {"reason": WHY}).status_code == 302
    assert "De intrekking van een subsidie bevestigen" not in sofie.get("/my-work").text
    assert "U stelde deze intrekking zelf voor" in sofie.get(f"{page}/confirm").text
    assert sofie.post(f"{page}/confirm", page="/my-work").status_code == 422
    assert WHY not in officer.get(f"/applications/{award.application.reference}/decision").text
    assert "De intrekking van een subsidie bevestigen" in karel.get("/my-work").text
    assert WHY in karel.get(f"{page}/confirm").text
    assert karel.post(f"{page}/confirm").status_code == 302
    assert "Subsidie ingetrokken" in karel.get(desk).text
    assert karel.post(f"{page}/confirm", page="/my-work").status_code == 409
    text = officer.get(f"/applications/{award.application.reference}/decision").text
    assert "Waarom de subsidie ingetrokken werd" in text
    assert "Digibank Noordheide" not in Visitor(app).get("/results").text


def test_a_dropped_withdrawal_leaves_the_page_as_it_was(app, world):
    [award, *_] = world(given_line)
    sofie = Visitor(app).sign_in(world(given_administrator, "Sofie Smet").email)
    page, desk = f"/desk/decisions/{award.id}/withdraw", f"/desk/decisions/{award.id}/award"
    sofie.post(page, {"reason": WHY})
    assert "Een intrekking is voorgesteld" in sofie.get(desk).text
    assert sofie.post(f"{page}/drop", page=desk).status_code == 302
    assert "Een intrekking is voorgesteld" not in sofie.get(desk).text
    assert "Subsidie intrekken" in sofie.get(desk).text
