"""A round from draft to results: what is refused, what is frozen, what the clock does."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.calls.commands.catalogue import load_programmes
from portal.calls.commands.rounds import (
    announce_round,
    cancel_round,
    draft_round,
    edit_round,
    move_deadline,
    tell_round_moments,
    withdraw_announcement,
)
from portal.calls.models import FormVersion, Round
from portal.calls.queries import get_call, get_round, latest_form, list_moves
from portal.calls.rules import is_open, last_day, lasts_at_least, lasts_at_most, phase, problems_with_budgets
from portal.calls.states import Phase, RoundState
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import EventRow
from portal.places.provinces import PROVINCES
from tests.world.accounts import ctx_for, given_person
from tests.world.calls import given_announced_round, given_drafted_round, given_programmes, round_plan
from tests.world.time import moment

MICROSECOND = timedelta(microseconds=1)


def refused(**plan):
    with pytest.raises(RuleViolation) as refusal:
        given_drafted_round(**plan)
    return refusal.value.codes


def test_a_period_counts_both_its_days():
    assert last_day(date(2022, 2, 1), 4) == date(2022, 5, 31)
    assert lasts_at_most(date(2022, 2, 1), date(2022, 5, 31), 4)
    assert not lasts_at_most(date(2022, 2, 1), date(2022, 6, 1), 4)
    assert lasts_at_least(date(2023, 1, 1), date(2024, 12, 31), 24)
    assert not lasts_at_least(date(2023, 1, 2), date(2024, 12, 31), 24)
    assert last_day(date(2022, 1, 31), 1) == date(2022, 2, 27)


def test_a_round_is_open_up_to_and_including_the_microsecond_it_closes(inside):
    round_ = given_announced_round()
    opens, closes = round_.opens_at, round_.closes_at
    assert phase(round_, opens - MICROSECOND) is Phase.COMING
    assert is_open(round_, opens)
    assert is_open(round_, closes)
    assert phase(round_, closes + MICROSECOND) is Phase.CLOSED


def test_a_drafted_round_gets_the_next_code_of_its_call_and_year(inside):
    assert given_drafted_round().code == "B-2022-1"
    later = {"opens_at": "2022-08-16T09:00", "closes_at": "2022-09-16T12:00", "decision_due_on": date(2022, 12, 9)}
    assert given_drafted_round(**later, projects_start_on=date(2023, 1, 1)).code == "B-2022-2"
    assert given_drafted_round("formation").code == "A-2022-1"


def test_no_round_closes_after_the_programme_ends(inside):
    last = {"opens_at": "2024-11-01T09:00", "decision_due_on": date(2025, 3, 1), "projects_start_on": date(2025, 4, 1)}
    assert "closes-after-programme" in refused(call="formation", closes_at="2025-01-01T00:00", **last)
    assert refused(call="formation", closes_at="2024-12-31T23:59", **last) == ["no-time-left"]


def test_a_decision_that_leaves_less_than_the_minimum_duration_is_refused_unless_the_round_has_its_own(inside):
    late = {
        "opens_at": "2022-11-02T09:00",
        "closes_at": "2022-11-25T12:00",
        "decision_due_on": date(2023, 2, 1),
        "projects_start_on": date(2023, 3, 1),
    }
    assert refused(**late) == ["too-little-time"]
    assert refused(**late, own_minimum_months=18) == ["exception-without-reason"]
    kept = given_drafted_round(**late, own_minimum_months=18, exception_reason="De laatste ronde van het programma.")
    assert kept.own_minimum_months == 18


def test_the_latest_start_of_an_execution_leaves_exactly_two_years(inside):
    just = {
        "opens_at": "2022-11-02T09:00",
        "closes_at": "2022-11-25T12:00",
        "decision_due_on": date(2022, 12, 16),
    }
    assert given_drafted_round(**just, projects_start_on=date(2023, 1, 1)).code == "B-2022-1"
    assert refused(**just, projects_start_on=date(2023, 1, 2)) == ["too-little-time"]


def test_two_rounds_of_a_call_never_overlap_and_two_calls_may(inside):
    given_announced_round()
    given_announced_round("formation")
    with pytest.raises(sa.exc.IntegrityError, match="ex_round_no_overlap"):
        given_drafted_round(opens_at="2022-07-29T11:59", closes_at="2022-09-01T12:00")
    db.session.rollback()
    assert given_drafted_round(opens_at="2022-07-29T12:00", closes_at="2022-09-01T12:00").code == "B-2022-2"


def test_a_drafted_round_that_was_loaded_again_can_be_edited(inside):
    code = given_drafted_round().code
    db.session.expire_all()
    loaded = get_round(code, lock=True)
    assert loaded.state is RoundState.DRAFT
    edit_round(ctx_for(), loaded, round_plan(closes_at="2022-07-28T12:00"))
    assert get_round(code).closes_at == moment("2022-07-28T12:00")


def test_announcing_freezes_the_terms_whatever_the_call_becomes(inside):
    round_ = given_announced_round()
    frozen = round_.terms
    call = get_call("digibanken", "execution")
    call.definition = replace(call.definition, grant_cap_amount=Decimal("600000.00"))
    db.session.commit()
    assert get_round(round_.code).terms == frozen
    with pytest.raises(IllegalTransition):
        edit_round(ctx_for(), get_round(round_.code, lock=True), round_plan())


def test_an_announcement_is_withdrawn_before_the_opening_and_not_after(inside):
    round_ = given_announced_round()
    with pytest.raises(RuleViolation) as refusal:
        withdraw_announcement(ctx_for(at="2022-06-13T09:00"), round_)
    assert refusal.value.codes == ["round-opened"]
    withdraw_announcement(ctx_for(at="2022-06-13T08:59:59"), round_)
    assert round_.state is RoundState.DRAFT
    announce_round(ctx_for(at="2022-06-12T09:00"), round_)
    assert round_.state is RoundState.ANNOUNCED


def test_a_round_is_announced_before_it_opens(inside):
    drafted = given_drafted_round()
    with pytest.raises(RuleViolation) as refusal:
        announce_round(ctx_for(at="2022-06-13T09:00"), drafted)
    assert refusal.value.codes == ["opens-in-the-past"]


def test_moving_a_deadline_moves_the_decision_and_keeps_the_reason(inside):
    round_ = given_announced_round()
    administrator = given_person("Sofie De Backer")
    move_deadline(ctx_for(administrator), round_, closes_at=moment("2022-08-05T12:00"), reason="Storing op 28 juli.")
    assert round_.decision_due_on == date(2022, 10, 28)
    assert [move.reason for move in list_moves(round_.id)] == ["Storing op 28 juli."]
    assert db.session.scalars(sa.select(EventRow.topic).order_by(EventRow.id.desc())).first() == "round.deadline-moved"


def test_a_closed_round_keeps_its_deadline(inside):
    round_ = given_announced_round()
    with pytest.raises(RuleViolation) as refusal:
        move_deadline(
            ctx_for(at="2022-07-29T12:00:01"), round_, closes_at=moment("2022-08-05T12:00"), reason="Te laat."
        )
    assert refusal.value.codes == ["round-closed"]


def test_a_cancelled_round_stays_cancelled(inside):
    round_ = given_announced_round()
    cancel_round(ctx_for(), round_, "Het budget is ingetrokken.")
    assert phase(round_, moment("2022-06-20T14:05")) is Phase.CANCELLED
    with pytest.raises(RuleViolation):
        cancel_round(ctx_for(), round_, "Nog eens.")


def test_a_bulk_update_cannot_move_a_round_past_its_workflow(inside):
    round_ = given_announced_round()
    cancel_round(ctx_for(), round_, "Het budget is ingetrokken.")
    db.session.commit()
    with pytest.raises(sa.exc.IntegrityError, match="may not move from cancelled to announced"):
        db.session.execute(sa.update(Round).values(state=RoundState.ANNOUNCED, cancelled_at=None))
    db.session.rollback()
    with pytest.raises(AttributeError, match="advance"):
        get_round(round_.code).state = RoundState.DRAFT


def test_what_the_clock_did_is_told_once_by_however_many_schedulers(inside):
    given_announced_round()
    assert tell_round_moments(ctx_for(at="2022-06-13T08:59")) == 0
    assert tell_round_moments(ctx_for(at="2022-06-13T09:00")) == 1
    assert tell_round_moments(ctx_for(at="2022-06-13T09:01")) == 0
    assert tell_round_moments(ctx_for(at="2022-07-29T12:01")) == 1


def test_loading_the_programmes_again_changes_nothing(inside):
    given_programmes()
    before = db.session.scalar(sa.select(sa.func.count()).select_from(FormVersion))
    load_programmes(ctx_for())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FormVersion)) == before
    draft_round(ctx_for(at="2022-01-10T09:00"), get_call("digibanken", "formation"), round_plan())


def test_a_round_sets_budgets_apart_for_provinces_within_its_own(inside):
    west = {"30000": Decimal("4000000.00")}
    round_ = given_announced_round(province_budgets=west)
    assert [(province.name.nl, amount) for province, amount in round_.provinces] == [
        ("West-Vlaanderen", Decimal("4000000.00"))
    ]
    assert refused(province_budgets={"30000": Decimal("4000000.01")}) == ["province-above-round"]


def test_provinces_that_all_have_a_budget_must_be_able_to_spend_the_rounds(inside):
    shares = {each.code: Decimal("666666.00") for each in PROVINCES}
    assert refused(province_budgets=shares) == ["provinces-below-round"], "four euro could never be awarded"
    assert given_drafted_round(province_budgets={**shares, "30000": Decimal("666670.00")}).provinces
    four = dict(list(shares.items())[:4])
    later = {"opens_at": "2022-08-16T09:00", "closes_at": "2022-09-16T12:00", "decision_due_on": date(2022, 12, 9)}
    later |= {"projects_start_on": date(2023, 1, 1)}
    assert len(given_drafted_round(province_budgets=four, **later).provinces) == 4


def test_a_call_whose_form_asks_no_service_area_has_no_provinces(inside):
    round_ = given_drafted_round(province_budgets={"30000": Decimal("500000.00")})
    form = latest_form(round_.call_id).definition
    sections = [each for each in form.sections if form.area_question[0] != each.code]
    without = replace(form, sections=tuple(sections), rules=())
    assert [each.code for each in problems_with_budgets(round_, without)] == ["province-unknown"]
    assert list(problems_with_budgets(round_, form)) == []
