"""A new decision after an upheld request for review: by two persons, within the budget, and the first one stays as it was."""

import re
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import grant_right
from portal.accounts.models import Person
from portal.applications.states import Outcome
from portal.applications.timeline import entries_of
from portal.core.actor import Right, Role
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import list_timeline
from portal.decisions.board_queries import page_ranking_rows
from portal.decisions.check import altered_decisions
from portal.decisions.commands.answering import accept_award, decline_award
from portal.decisions.commands.renewing import confirm_new_decision, drop_new_decision, propose_new_decision
from portal.decisions.commands.withdrawing import confirm_withdrawal, propose_withdrawal
from portal.decisions.deciding import NewCondition
from portal.decisions.letter_queries import list_letters
from portal.decisions.models import Decision
from portal.decisions.queries import (
    budget_left,
    get_published_decision,
    get_ranking,
    list_decisions,
    list_replaced,
)
from portal.decisions.renewing import NewDecision
from portal.decisions.request_queries import get_desk_request, list_unsettled_requests
from portal.decisions.states import DecisionState, Ground
from portal.desk.dossier_contents import contents_of
from tests.integration.decisions.test_mails import lead_of, told, words_of
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.decisions import (
    SIGNER,
    UPHELD,
    given_administrator,
    given_published,
    given_ranked_application,
    given_reviewed_round,
    given_upheld_request,
    reload,
)
from tests.world.http import Visitor

DAY, NEXT_DAY, THIRD_DAY = "2022-11-03T10:00", "2022-11-04T10:00", "2022-11-07T10:00"
WHY = "De score van doelstelling 2 is 8 en geen 5: de drempel is gehaald."


@pytest.fixture
def lead(inside):
    return given_person("Eva Claes")


@pytest.fixture
def refused(inside, lead):
    return given_refused(lead)


def given_refused(lead):
    """A refusal of an application that asks for 90,000; another one of the round was awarded 400,000 of its 500,000."""
    round_ = given_reviewed_round(budget="500000.00", policy="strict")
    given_ranked_application(round_, "90.00", name="Digibank Polderlint")
    mine = given_ranked_application(
        round_,
        "52.00",
        promotor=given_organisation(lead, name="Buurthuis Noord"),
        missed=["total"],
        costs="90000.00",
        name="Digibank Noordheide",
    )
    return next(each for each in given_published(round_) if each.application_id == mine.id)


def given_upheld(lead, **facts):
    """The same, with its upheld request for review."""
    refused = given_refused(lead)
    return refused, given_upheld_request(refused, lead, **facts)


@pytest.fixture
def sofie(inside):
    return ctx_for(given_administrator(), DAY)


@pytest.fixture
def karel(inside):
    return ctx_for(given_administrator("Karel Maes"), NEXT_DAY)


def as_met(request, ctx):
    return get_desk_request(request.id, [each.organisation_id for each in ctx.actor.mandates], lock=True)


def award(amount="90000.00", **facts):
    return NewDecision(Outcome.APPROVED, Decimal(amount), WHY, **facts)


def propose(ctx, request, new=None):
    return propose_new_decision(ctx, as_met(request, ctx), new or award())


def confirm(ctx, request, proposal, signed_by=SIGNER):
    return confirm_new_decision(ctx, as_met(request, ctx), seen=proposal.id, signed_by=signed_by)


def codes(refusal):
    return [each.code for each in refusal.value.problems]


def test_a_new_decision_takes_the_place_of_the_first_once_a_second_person_confirms_it(refused, lead, sofie, karel):
    request, first = given_upheld_request(refused, lead), (refused.outcome, refused.amount, refused.number)
    proposal = propose(sofie, request)
    assert get_published_decision(refused.application.reference).id == refused.id, "proposed changes nothing"
    with pytest.raises(RuleViolation) as refusal:
        confirm(sofie, request, proposal)
    assert codes(refusal) == ["same-person"]
    new = confirm(karel, request, proposal)
    assert (new.state, new.outcome, new.amount) == (DecisionState.PUBLISHED, Outcome.APPROVED, Decimal("90000.00"))
    assert (new.prepared_by_id, new.confirmed_by_id) == (sofie.actor.person_id, karel.actor.person_id)
    assert (new.number, new.reason, new.answer_due_on) == (f"{refused.number}-H1", WHY, date(2022, 12, 4))
    assert (new.application.outcome, new.application.awarded_amount) == (Outcome.APPROVED, Decimal("90000.00"))
    assert (refused.state, refused.replaced_at) == (DecisionState.REPLACED, karel.now)
    assert (refused.outcome, refused.amount, refused.number) == first, "the first one stays as it was told"
    assert get_published_decision(refused.application.reference).id == new.id
    assert [each.id for each in list_replaced(refused.round_id)] == [refused.id]
    assert budget_left(new.round) == Decimal("10000.00")
    titles = [str(each.title) for each in entries_of(new.application, karel.now)]
    assert titles[:2] == ["Approved", "New decision after the review"]
    assert [each.topic for each in list_timeline("decision", refused.id)][-1] == "decision.new-proposed"
    assert [str(each.kind) for each in list_letters(new)] == ["awarded"]
    assert f"beslissing {refused.number}" in list_letters(new)[0].content
    assert list(altered_decisions()) == []


def test_the_award_flow_goes_on_from_the_new_decision(refused, lead, sofie, karel):
    request = given_upheld_request(refused, lead)
    new = confirm(karel, request, propose(sofie, request))
    eva = ctx_for(lead, THIRD_DAY)
    with pytest.raises(IllegalTransition):
        accept_award(eva, reload(refused))
    accept_award(eva, reload(new))
    propose_withdrawal(sofie, reload(new), "De promotor is ontbonden.")
    confirm_withdrawal(karel, reload(new))
    assert (new.state, new.application.outcome) == (DecisionState.WITHDRAWN, Outcome.WITHDRAWN)
    assert list(altered_decisions()) == []


@pytest.mark.parametrize("over", ["0.00", "0.01"])
def test_what_is_left_is_awarded_to_the_cent_and_not_a_cent_more(lead, sofie, karel, over):
    round_ = given_reviewed_round(budget="489999.99", policy="strict")
    given_ranked_application(round_, "90.00", name="Digibank Polderlint")
    given_ranked_application(
        round_,
        "52.00",
        promotor=given_organisation(lead),
        missed=["total"],
        costs="95000.00",
        minimum="50000.00",
        name="Digibank Noordheide",
    )
    request = given_upheld_request(given_published(round_)[1], lead)
    new = award(str(Decimal("89999.99") + Decimal(over)))
    if over == "0.00":
        assert confirm(karel, request, propose(sofie, request, new)).amount == Decimal("89999.99")
        return
    with pytest.raises(RuleViolation) as refusal:
        propose(sofie, request, new)
    assert [(each.code, each.field) for each in refusal.value.problems] == [("over-budget", "amount")]
    [problem] = refusal.value.problems
    assert (problem.message.params["over"], problem.message.params["left"]) == (Decimal("0.01"), Decimal("89999.99"))
    assert list_unsettled_requests([])[0][1] is None


def test_the_budget_is_met_again_when_the_decision_is_confirmed(refused, lead, sofie, karel):
    request = given_upheld_request(refused, lead)
    proposal = propose(sofie, request)
    table = type(refused.round).__table__
    db.session.execute(table.update().where(table.c.id == refused.round_id).values(budget_amount=Decimal("489999.99")))
    db.session.commit()
    with pytest.raises(RuleViolation) as refusal:
        confirm(karel, request, proposal)
    assert codes(refusal) == ["over-budget"]
    assert reload(refused).state == DecisionState.PUBLISHED


def test_what_another_award_frees_can_be_given(refused, lead, sofie, karel):
    request = given_upheld_request(refused, lead)
    [other] = [each for each in list_decisions(refused.round_id) if each.id != refused.id]
    decline_award(ctx_for(at=DAY), reload(other), "Wij zien ervan af.")
    assert confirm(karel, request, propose(sofie, request)).amount == Decimal("90000.00")


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (award("90000.01"), "above-requested"),
        (award("89999.99"), "no-reduction-accepted"),
        (award("0.00"), "award-without-amount"),
        (NewDecision(Outcome.CONDITIONAL, Decimal("90000.00"), WHY), "conditions-missing"),
        (NewDecision(Outcome.REFUSED, Decimal("0.00"), "  "), "reason-missing"),
    ],
)
def test_a_new_decision_that_cannot_be_is_refused(refused, lead, sofie, new, code):
    request = given_upheld_request(refused, lead)
    with pytest.raises(RuleViolation) as refusal:
        propose(sofie, request, new)
    assert codes(refusal) == [code]


def test_a_reduced_award_can_be_raised_under_conditions_and_never_lowered(inside, lead, sofie, karel):
    round_ = given_reviewed_round(budget="80000.00", policy="partial")
    given_ranked_application(
        round_,
        "90.00",
        promotor=given_organisation(lead),
        costs="90000.00",
        minimum="50000",
        name="Digibank Noordheide",
    )
    [first] = given_published(round_)
    assert first.amount == Decimal("80000.00")
    request = given_upheld_request(first, lead)
    for worse in (award("79999.99"), NewDecision(Outcome.RESERVE, Decimal("0.00"), WHY)):
        with pytest.raises(RuleViolation) as refusal:
            propose(sofie, request, worse)
        assert codes(refusal) == ["worse-than-first"]
    condition = NewCondition("Bezorg de getekende overeenkomst.", date(2022, 12, 1))
    same = NewDecision(Outcome.CONDITIONAL, Decimal("80000.00"), WHY, (condition,))
    new = confirm(karel, request, propose(sofie, request, same))
    assert [each.text for each in new.conditions] == [condition.text]
    assert (new.amount, budget_left(new.round)) == (Decimal("80000.00"), Decimal("0.00")), "counted once"


def test_a_new_reserve_comes_after_those_that_stand_there(refused, lead, sofie, karel):
    request = given_upheld_request(refused, lead)
    new = confirm(karel, request, propose(sofie, request, NewDecision(Outcome.RESERVE, Decimal("0.00"), WHY)))
    assert (new.outcome, new.reserve_position, new.answer_due_on) == (Outcome.RESERVE, 1, None)
    assert new.application.awarded_amount is None


def test_nothing_happens_twice_and_what_was_read_is_what_is_confirmed(refused, lead, sofie, karel):
    request = given_upheld_request(refused, lead)
    old = propose(sofie, request, NewDecision(Outcome.RESERVE, Decimal("0.00"), WHY))
    with pytest.raises(RuleViolation) as refusal:
        propose(karel, request)
    assert codes(refusal) == ["new-decision-proposed"]
    drop_new_decision(sofie, as_met(request, sofie))
    with pytest.raises(RuleViolation) as refusal:
        drop_new_decision(sofie, as_met(request, sofie))
    assert codes(refusal) == ["not-proposed"]
    seen = type("Seen", (), {"id": old.id})
    latest = propose(sofie, request)
    with pytest.raises(RuleViolation) as refusal:
        confirm(karel, request, seen)
    assert codes(refusal) == ["proposal-changed"]
    with pytest.raises(RuleViolation) as refusal:
        confirm(karel, request, latest, signed_by=" ")
    assert codes(refusal) == ["signer-missing"]
    confirm(karel, request, latest)
    for act in (lambda: confirm(karel, request, seen), lambda: propose(sofie, request)):
        with pytest.raises(RuleViolation) as refusal:
            act()
        assert codes(refusal) == ["renewed"]


@pytest.mark.parametrize("ground", Ground)
def test_on_the_content_nobody_decides_anew_who_decided_first_and_after_a_technical_error_they_may(
    refused, lead, sofie, karel, ground
):
    request = given_upheld_request(refused, lead, ground=ground)
    first, second = (
        ctx_for(db.session.get_one(Person, number), DAY) for number in (refused.prepared_by_id, refused.confirmed_by_id)
    )
    if ground is Ground.TECHNICAL:
        assert confirm(second, request, propose(first, request)).state == DecisionState.PUBLISHED
        return
    for ctx in (first, second):
        with pytest.raises(RuleViolation) as refusal:
            propose(ctx, request)
        assert codes(refusal) == ["not-yours"]
    proposal = propose(sofie, request)
    with pytest.raises(RuleViolation) as refusal:
        confirm(second, request, proposal)
    assert codes(refusal) == ["not-yours"]
    assert confirm(karel, request, proposal).state == DecisionState.PUBLISHED


@pytest.mark.parametrize("roles", [[Role.CASE_OFFICER], [Role.ADMINISTRATOR]])
def test_who_is_no_administrator_or_takes_part_in_the_round_decides_nothing_anew(refused, lead, sofie, roles):
    request = given_upheld_request(refused, lead)
    person = given_person("Jan Peeters", roles=roles)
    if Role.ADMINISTRATOR in roles:
        grant_right(ctx_for(), refused.application.promotor, person, Right.READER)
        db.session.commit()
    with pytest.raises(RuleViolation) as refusal:
        propose(ctx_for(person, DAY), request)
    assert codes(refusal) == ["not-yours"]
    propose(sofie, request)


def test_the_database_keeps_what_was_replaced_as_it_was(refused, lead, sofie, karel):
    request = given_upheld_request(refused, lead)
    confirm(karel, request, propose(sofie, request))
    table = Decision.__table__
    for statement in (
        table.update().where(table.c.id == refused.id).values(reason="Bij nader inzien."),
        table.delete().where(table.c.id == refused.id),
    ):
        with pytest.raises(sa.exc.ProgrammingError, match="append-only"), db.session.begin_nested():
            db.session.execute(statement)


def test_the_partners_are_told_of_the_new_decision_and_not_of_the_proposal(app, refused, lead, sofie, karel):
    request = given_upheld_request(refused, lead)
    proposal = propose(sofie, request)
    assert told(app, "decision.new-proposed") == {}
    confirm(karel, request, proposal)
    message = told(app, "decision.published")[lead_of(refused)]
    assert message["Subject"].startswith("De nieuwe beslissing over aanvraag")
    assert "Na het verzoek tot herziening nam het departement een nieuwe beslissing" in words_of(message)
    assert UPHELD not in words_of(message)


def test_where_one_administrator_may_decide_anew_the_page_says_that_another_is_needed(app, world):
    _, request = world(given_upheld, world(given_person, "Eva Claes"), ground=Ground.CONTENT)
    able = world(given_administrator, "Sofie Smet")  # the other two had a hand in the first decision
    page = Visitor(app).sign_in(able.email).get(f"/desk/review-requests/{request.id}").text
    assert "Niemand kan dit nu afwerken." in page
    assert "Er ontbreekt 1 beheerder die dit mag doen" in page
    assert 'href="/admin/people"' in page


def test_two_administrators_decide_anew_on_their_pages_and_a_case_officer_follows_it(app, world):
    eva = world(given_person, "Eva Claes")
    first, request = world(given_upheld, eva)
    sofie, karel = (
        Visitor(app).sign_in(world(given_administrator, each).email) for each in ("Sofie Smet", "Karel Aerts")
    )
    officer = Visitor(app).sign_in(world(given_person, "Nele Smet", roles=[Role.CASE_OFFICER]).email)
    desk, public = f"/desk/review-requests/{request.id}", f"/applications/{first.application.reference}/decision"
    typed = {"outcome": "approved", "amount": "90.000,00", "reason": WHY}
    assert "Toezien op een nieuwe beslissing na herziening" in officer.get("/my-work").text
    assert officer.post(f"{desk}/decision", typed, page="/my-work").status_code == 403
    assert "Nieuwe beslissing voorbereiden" not in officer.get(desk).text
    assert "Niemand kan dit nu afwerken." not in officer.get(desk).text
    assert "Een nieuwe beslissing na herziening voorbereiden" in sofie.get("/my-work").text
    over = sofie.post(f"{desk}/decision", typed | {"amount": "100.000,01"})
    assert over.status_code == 422
    assert WHY in over.text, "nothing typed is lost"
    assert sofie.post(f"{desk}/decision", typed).status_code == 302
    assert sofie.post(f"{desk}/decision", typed, page="/my-work").status_code == 422, "twice"
    assert "na herziening" not in sofie.get("/my-work").text
    assert "U bereidde deze beslissing zelf voor" in sofie.get(f"{desk}/decision/confirm").text
    assert "Een nieuwe beslissing na herziening bevestigen" in karel.get("/my-work").text
    page = karel.get(f"{desk}/decision/confirm").text
    assert WHY in page
    assert SIGNER in page
    stale = karel.post(f"{desk}/decision/confirm", {"signed_by": SIGNER, "proposal": "999999"})
    assert stale.status_code == 422
    assert "Intussen is een andere beslissing voorgesteld" in stale.text
    assert WHY not in officer.get(public).text
    number = re.search(r'name="proposal" value="([0-9]+)"', page).group(1)
    assert karel.post(f"{desk}/decision/confirm", {"signed_by": SIGNER, "proposal": number}).status_code == 302
    text = Visitor(app).sign_in(eva.email).get(public).text
    assert "Een nieuwe beslissing na uw verzoek tot herziening" in text
    assert "Subsidie aanvaarden" in text
    assert "Digibank Noordheide" in Visitor(app).get("/results").text
    assert "Er is een nieuwe beslissing genomen" in officer.get(desk).text
    assert "kwam er na een herziening voor in de plaats" in officer.get(f"/desk/decisions/{first.id}/award").text


def test_the_dossier_and_the_board_keep_apart_what_stands_and_what_was_replaced(refused, lead, sofie, karel):
    request = given_upheld_request(refused, lead)
    new = confirm(karel, request, propose(sofie, request))
    found = contents_of(refused.application)
    assert (found.decision, found.replaced, found.requests) == (new, [refused], [request])
    assert [str(each.kind) for each in found.letters] == ["refused", "upheld", "awarded"]
    rows = page_ranking_rows(get_ranking(refused.round_id), None).rows
    assert [each.decision_id for each in rows if each.application_id == refused.application_id] == [new.id]
    assert [each.place for each in rows] == ["funded", "not_fundable"], "the ranking stays as it was published"
