"""Rounds: drafted, announced, moved, cancelled; and what the clock did to them, told once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from portal.calls import rules
from portal.calls.events import DeadlineMoved, RoundClosed, RoundDrafted, RoundOpened
from portal.calls.models import Call, Round, RoundMove
from portal.calls.queries import (
    latest_form,
    list_announced_rounds,
    list_other_rounds,
    next_number,
    terms_of,
)
from portal.calls.states import Phase, RankingPolicy, RoundAction, RoundState
from portal.core.advance import advance
from portal.core.context import Ctx
from portal.core.db import advisory_lock, db
from portal.core.errors import IllegalTransition, Problem, RuleViolation, explain_constraint, refuse_if
from portal.core.event_log import record
from portal.core.text import _l

explain_constraint(
    "ex_round_no_overlap", "round-overlaps", _l("The round overlaps another round of this call."), "opens_at"
)


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What an administrator fills in about a round; moments are aware, days are Brussels days.

    ``province_budgets`` are the most that provinces get, in euro by their code; one that is left out gets no less for it.
    """

    opens_at: datetime
    closes_at: datetime
    decision_due_on: date
    projects_start_on: date
    budget_amount: Decimal
    ranking_policy: RankingPolicy
    own_minimum_months: int | None = None
    own_latest_end_on: date | None = None
    exception_reason: str | None = None
    province_budgets: Mapping[str, Decimal] = field(default_factory=dict)


def draft_round(ctx: Ctx, call: Call, plan: RoundPlan) -> Round:
    """Draft a round; its code follows from the call's letter and the year it opens, such as B-2022-3."""
    year = plan.opens_at.astimezone(rules.BRUSSELS).year
    advisory_lock(f"round-number:{call.id}:{year}")
    number = next_number(call.id, year)
    round_ = Round(
        call_id=call.id,
        code=f"{call.letter}-{year}-{number}",
        year=year,
        number=number,
        state=RoundState.DRAFT,
        drafted_at=ctx.now,
    )
    _fill(round_, plan)
    round_.call = call
    _refuse_unfit(round_)
    db.session.add(round_)
    db.session.flush()
    record(ctx, RoundDrafted(round_id=round_.id))
    return round_


def edit_round(ctx: Ctx, round_: Round, plan: RoundPlan) -> None:
    """Change a round that is not announced; IllegalTransition where it is."""
    del ctx  # a draft's changes are nobody's news
    if round_.state is not RoundState.DRAFT:
        raise IllegalTransition("round", "edit", round_.state, round_.announced_at)
    _fill(round_, plan)
    _refuse_unfit(round_)
    round_.version += 1
    db.session.flush()


def _fill(round_: Round, plan: RoundPlan) -> None:
    round_.opens_at, round_.closes_at = plan.opens_at, plan.closes_at
    round_.decision_due_on, round_.projects_start_on = plan.decision_due_on, plan.projects_start_on
    round_.budget_amount, round_.ranking_policy = plan.budget_amount, plan.ranking_policy
    round_.own_minimum_months, round_.own_latest_end_on = plan.own_minimum_months, plan.own_latest_end_on
    round_.exception_reason = plan.exception_reason or None
    round_.province_budgets = dict(plan.province_budgets)


def _refuse_unfit(round_: Round) -> None:
    form = latest_form(round_.call_id)
    refuse_if(
        [
            *rules.problems_with_dates(round_, round_.call.definition, round_.call.programme),
            *rules.problems_with_budgets(round_, form.definition if form else None),
        ]
    )


def announce_round(ctx: Ctx, round_: Round) -> None:
    """Announce a round: every rule is checked, and its terms and form are frozen. From here the clock opens it."""
    terms = round_.call.definition
    refuse_if(
        rules.problems_before_announcing(round_, terms, round_.call.programme, list_other_rounds(round_), ctx.now)
    )
    form = latest_form(round_.call_id)
    if form is None:
        raise RuleViolation([Problem("form-missing", _l("This call has no form yet."))])
    refuse_if(rules.problems_with_budgets(round_, form.definition))
    round_.terms, round_.form_version_id = round_.call.definition, form.id
    advance(ctx, round_, RoundAction.ANNOUNCE)


def withdraw_announcement(ctx: Ctx, round_: Round) -> None:
    """Make an announced round a draft again, as long as it has not opened."""
    if rules.phase(round_, ctx.now) is not Phase.COMING:
        raise RuleViolation([Problem("round-opened", _l("This round has opened: move its deadline or cancel it."))])
    round_.announced_at, round_.terms, round_.form_version_id = None, None, None
    advance(ctx, round_, RoundAction.WITHDRAW)


def cancel_round(ctx: Ctx, round_: Round, reason: str) -> None:
    """Cancel a round, with a reason that stands on its public page."""
    if rules.phase(round_, ctx.now) not in (Phase.DRAFT, Phase.COMING, Phase.OPEN):
        raise RuleViolation([Problem("round-closed", _l("A round that has closed runs its course."), "reason")])
    round_.cancel_reason = reason
    advance(ctx, round_, RoundAction.CANCEL)


def move_deadline(
    ctx: Ctx, round_: Round, *, closes_at: datetime, reason: str, decision_due_on: date | None = None
) -> None:
    """Move the deadline in one action: the date, the decision date with it, the public reason, and who is told."""
    refuse_if(rules.problems_before_moving(round_, closes_at, ctx.now))
    decision = decision_due_on or rules.moved_decision(round_, closes_at)
    old = round_.closes_at
    shift = decision - round_.decision_due_on
    round_.closes_at, round_.decision_due_on = closes_at, decision
    if round_.projects_start_on <= decision:
        round_.projects_start_on += max(shift, rules.ONE_DAY)
    problems = list(rules.problems_with_dates(round_, terms_of(round_), round_.call.programme))
    problems += [rules.overlap(each.code) for each in list_other_rounds(round_) if _overlaps(each, round_)]
    refuse_if(problems)
    move = RoundMove(
        round_id=round_.id,
        moved_at=ctx.now,
        moved_by_id=ctx.actor.person_id,
        old_closes_at=old,
        new_closes_at=closes_at,
        reason=reason,
    )
    db.session.add(move)
    record(ctx, DeadlineMoved(round_id=round_.id, old_closes_at=old, new_closes_at=closes_at))


def _overlaps(one: Round, other: Round) -> bool:
    return one.opens_at < other.closes_at and other.opens_at < one.closes_at


def tell_opened(ctx: Ctx, round_: Round) -> bool:
    """Record that the round takes applications; return whether that was news. It is told once for each moment of opening."""
    event = RoundOpened(round_id=round_.id, opens_at=round_.opens_at)
    return record(ctx, event, natural_key=f"round-opened:{round_.id}:{round_.opens_at.isoformat()}") is not None


def tell_round_moments(ctx: Ctx) -> int:
    """Record what the clock did to announced rounds, once each; return how many were news."""
    news = 0
    for round_ in list_announced_rounds():
        if round_.opens_at <= ctx.now:
            news += tell_opened(ctx, round_)
        if round_.closes_at < ctx.now:
            closed = RoundClosed(round_id=round_.id, closes_at=round_.closes_at)
            key = f"round-closed:{round_.id}:{round_.closes_at.isoformat()}"
            news += record(ctx, closed, natural_key=key) is not None
    return news
