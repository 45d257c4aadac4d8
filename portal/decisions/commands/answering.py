"""After publication: an award is accepted, declined or lapses, and what it frees goes to the reserve list in order."""

from __future__ import annotations

from portal.applications.commands.outcome import record_outcome
from portal.applications.states import AWARDS, Outcome
from portal.calls.states import RankingPolicy
from portal.core.advance import advance
from portal.core.clock import brussels_day
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import IllegalTransition, NotFound, Problem, RuleViolation, refuse_if
from portal.core.event_log import record
from portal.core.money import ZERO
from portal.core.text import _l
from portal.decisions import queries
from portal.decisions.commands.letters import freeze_letters
from portal.decisions.commands.publishing import begin_formed_strategy
from portal.decisions.deciding import problems_before_lapsing
from portal.decisions.events import ReserveKept, ReservePromoted
from portal.decisions.locks import lock_envelope
from portal.decisions.models import Decision
from portal.decisions.rules import (
    Candidate,
    Placed,
    Ranked,
    ReasonCode,
    TieKey,
    answer_due,
    draw_line,
    is_reserve_valid,
)
from portal.decisions.states import DECISION, DecisionAction
from portal.partnerships.commands import lapse_strategy
from portal.partnerships.queries import get_strategy_of_award
from portal.partnerships.states import STRATEGY, StrategyAction


def accept_award(ctx: Ctx, decision: Decision) -> None:
    """Accept the grant. IllegalTransition where nothing is awarded, or it was answered or has lapsed.

    Silence past the last day does not shut the door: until a case officer lets the award lapse it can be accepted.
    """
    refuse_no_award(decision, DecisionAction.ACCEPT)
    advance(ctx, decision, DecisionAction.ACCEPT)


def decline_award(ctx: Ctx, decision: Decision, reason: str) -> None:
    """Decline the grant, with a reason; what it frees goes to the reserve list in order.

    IllegalTransition where nothing is awarded, or it was answered or has lapsed.
    """
    refuse_no_award(decision, DecisionAction.DECLINE)
    if not reason.strip():
        raise RuleViolation([Problem("reason-missing", _l("Say why you decline the grant."), "reason")])
    lock_envelope(decision.round)
    decision.decline_reason = reason.strip()
    advance(ctx, decision, DecisionAction.DECLINE, amount=decision.amount)
    free_award(ctx, decision, Outcome.DECLINED)


def lapse_award(ctx: Ctx, decision: Decision, reason: str) -> None:
    """Let an award lapse: nobody answered in thirty days, or a condition of an accepted one was not met.

    RuleViolation ``answer-not-overdue``, ``no-condition-unmet`` or ``reason-missing``.
    """
    refuse_no_award(decision, DecisionAction.LAPSE)
    refuse_if(problems_before_lapsing(decision, decision.conditions, brussels_day(ctx.now)))
    if not reason.strip():
        raise RuleViolation([Problem("reason-missing", _l("Give the reason: the applicant reads it."), "reason")])
    lock_envelope(decision.round)
    decision.lapse_reason = reason.strip()
    advance(ctx, decision, DecisionAction.LAPSE)
    free_award(ctx, decision, Outcome.LAPSED)


def refuse_no_award(decision: Decision, action: DecisionAction) -> None:
    """Raise IllegalTransition where nothing is awarded, or the award does not stand where ``action`` begins."""
    if decision.outcome not in AWARDS or DECISION.find(decision.state, action) is None:
        since = getattr(decision, f"{decision.state}_at", None)
        raise IllegalTransition(DECISION.name, str(action), str(decision.state), since)


def free_award(ctx: Ctx, decision: Decision, outcome: Outcome) -> None:
    """Tell the lower domains that the award is one no more, then go down the reserve list.

    The caller holds the envelope's lock.
    """
    record_outcome(ctx, decision.application, outcome, None)
    _lapse_formed_strategy(ctx, decision.application.reference)
    promote_reserves(ctx, decision)


def _lapse_formed_strategy(ctx: Ctx, reference: str) -> None:
    try:
        strategy = get_strategy_of_award(reference)
    except NotFound:
        return  # a call that forms no strategies
    if STRATEGY.find(strategy.state, StrategyAction.LAPSE) is not None:
        lapse_strategy(ctx, reference)


def promote_reserves(ctx: Ctx, freed_by: Decision) -> list[Decision]:
    """Offer what the round's budget and the envelope have left to the reserve list, in its order; return the promoted.

    The round's own policy holds at the line, as when it was ranked. A reserve that is looked at and does not fit is not
    passed over silently: ReserveKept says why. Nothing is promoted once the list no longer holds. The caller holds the
    envelope's lock.
    """
    round_, today = freed_by.round, brussels_day(ctx.now)
    published_at = freed_by.published_at
    if published_at is None:
        return []
    if not is_reserve_valid(brussels_day(published_at), queries.next_results_on(round_), today):
        return []
    reserves = {each.application_id: each for each in queries.list_reserves(round_.id, lock=True)}
    counts_for = queries.provinces_of_reserves(round_)
    rows = [
        _as_ranked(place, each, counts_for.get(each.application_id))
        for place, each in enumerate(reserves.values(), start=1)
    ]
    left, envelope = queries.budget_left(round_), queries.envelope_left(round_.call.programme)
    promoted, policy = [], RankingPolicy(round_.ranking_policy)
    for each in draw_line(rows, left, envelope, policy, queries.provinces_left(round_)):
        reserve = reserves[each.candidate.application_id]
        if each.proposed_amount > ZERO:
            _promote(ctx, reserve, each, freed_by)
            promoted.append(reserve)
        elif each.code is not ReasonCode.AFTER_THE_LINE:
            record(ctx, _kept(reserve, each, freed_by))
    return promoted


def _kept(reserve: Decision, placed: Placed, freed_by: Decision) -> ReserveKept:
    return ReserveKept(
        decision_id=reserve.id,
        freed_by_id=freed_by.id,
        code=str(placed.code),
        left_amount=placed.figures["left"],
        limit=str(placed.limit or ""),
        province=placed.candidate.province or "",
    )


def _as_ranked(place: int, reserve: Decision, province: str | None) -> Ranked:
    """Return a reserve as a row of the line. Its order stands already, so the keys that made it are not read again."""
    application = reserve.application
    candidate = Candidate(
        application_id=reserve.application_id,
        total=ZERO,
        tie_score=ZERO,
        new_municipalities=0,
        submitted_at=reserve.prepared_at,
        requested_amount=application.requested_amount or ZERO,
        minimum_amount=application.minimum_amount,
        province=province,
    )
    return Ranked(place, place, candidate, TieKey.TOTAL)


def _promote(ctx: Ctx, reserve: Decision, placed: Placed, freed_by: Decision) -> None:
    reserve.outcome, reserve.amount = Outcome.APPROVED, placed.proposed_amount
    reserve.promoted_at = ctx.now
    reserve.answer_due_on = answer_due(brussels_day(ctx.now))
    db.session.flush()
    record(
        ctx,
        ReservePromoted(
            decision_id=reserve.id,
            application_id=reserve.application_id,
            freed_by_id=freed_by.id,
            amount=placed.proposed_amount,
        ),
    )
    record_outcome(ctx, reserve.application, Outcome.APPROVED, placed.proposed_amount)
    begin_formed_strategy(ctx, reserve.round, reserve.application)
    freeze_letters(ctx, [reserve])
