"""A round's public page: what was announced, as it was frozen, and every change since with its reason."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from portal.calls.commands.rounds import cancel_round, move_deadline, withdraw_announcement
from portal.calls.models import Call
from portal.calls.queries import get_round
from portal.core.actor import Role
from portal.core.db import db
from tests.world.accounts import ctx_for, given_person
from tests.world.calls import given_announced_round, given_drafted_round
from tests.world.results import publish_results
from tests.world.time import moment


def plain(answer):
    return answer.text.replace("\xa0", " ")


def test_everybody_reads_the_dates_to_the_minute_the_budget_and_the_criteria(visitor, world):
    world(given_announced_round)
    page = plain(visitor.get("/rounds/B-2022-1"))
    for shown in (
        "13 juni 2022 om 9.00 uur",
        "29 juli 2022 om 12.00 uur",
        "21 oktober 2022",
        "1 november 2022",
        "€ 4.000.000,00",
        "ten minste 24 maanden",
        "In volgorde",
        "(minstens 5 op 10)",
        'href="/calls/digibanken/execution"',
    ):
        assert shown in page, shown
    assert 'href="/rounds/B-2022-1"' in visitor.get("/calls/digibanken/execution").text
    visitor.get("/language/en?next=/")
    assert "In order" in visitor.get("/rounds/B-2022-1").text


def test_a_draft_is_nobodys_business_not_even_when_it_was_announced_once(visitor, world):
    world(given_drafted_round)
    assert visitor.get("/rounds/B-2022-1").status_code == 404
    world(given_announced_round, "formation")
    assert visitor.get("/rounds/A-2022-1").status_code == 200
    world(lambda: withdraw_announcement(ctx_for(at="2022-06-01T09:00"), get_round("A-2022-1")))
    assert visitor.get("/rounds/A-2022-1").status_code == 404
    assert visitor.get("/results/A-2022-1").status_code == 404


def test_a_moved_deadline_stands_there_with_its_reason(visitor, world):
    world(given_announced_round)

    def move():
        ctx = ctx_for(given_person("Sofie De Backer", roles=[Role.ADMINISTRATOR]))
        move_deadline(
            ctx, get_round("B-2022-1"), closes_at=moment("2022-08-05T12:00"), reason="De storing van 20 juni."
        )

    world(move)
    page = plain(visitor.get("/rounds/B-2022-1"))
    assert "Van 29 juli 2022 om 12.00 uur naar 5 augustus 2022 om 12.00 uur" in page
    assert "De storing van 20 juni." in page
    assert "28 oktober 2022" in page, "the decision date moved with it"


def test_an_exception_and_a_cancellation_stand_there_with_their_reason(visitor, world):
    reason = "De programmaperiode loopt af."
    round_ = world(
        given_announced_round,
        opens_at="2023-02-01T09:00",
        closes_at="2023-03-01T12:00",
        decision_due_on=date(2023, 5, 24),
        projects_start_on=date(2023, 6, 1),
        own_minimum_months=18,
        exception_reason=reason,
    )
    page = plain(visitor.get(f"/rounds/{round_.code}"))
    assert reason in page
    assert "ten minste 18 maanden" in page
    world(lambda: cancel_round(ctx_for(), get_round(round_.code), "Het budget is elders nodig."))
    assert "Het budget is elders nodig." in visitor.get(f"/rounds/{round_.code}").text


def test_the_criteria_stay_those_that_were_frozen(visitor, world):
    world(given_announced_round)

    def change_call():
        call = db.session.query(Call).filter_by(code="execution").one()
        call.definition = replace(call.definition, grant_cap_amount=Decimal("1.00"))

    world(change_call)
    assert "€ 500.000,00" in plain(visitor.get("/rounds/B-2022-1"))
    assert "€ 1,00" in plain(visitor.get("/calls/digibanken/execution")), "the call itself may change for later rounds"


def test_the_results_are_linked_once_they_are_out(visitor, world):
    round_ = world(
        given_announced_round, opens_at="2022-04-19T09:00", closes_at="2022-05-31T12:00", at="2022-01-10T09:00"
    )
    link = f'href="/results/{round_.code}"'
    assert link not in visitor.get(f"/rounds/{round_.code}").text
    world(publish_results, round_, "2022-06-17T10:00")
    assert link in visitor.get(f"/rounds/{round_.code}").text
