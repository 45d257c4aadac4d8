"""The department takes an award back: one administrator proposes it with the reason, a second one confirms it."""

from __future__ import annotations

from portal.applications.states import Outcome
from portal.core.advance import advance
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound, Problem, RuleViolation, refuse_if
from portal.core.event_log import record
from portal.core.text import _l
from portal.decisions.commands.answering import free_award, refuse_no_award
from portal.decisions.deciding import problems_before_proposing_withdrawal, problems_before_withdrawing, takes_part
from portal.decisions.events import WithdrawalDropped, WithdrawalProposed
from portal.decisions.locks import lock_envelope
from portal.decisions.models import Decision
from portal.decisions.states import DecisionAction


def propose_withdrawal(ctx: Ctx, decision: Decision, reason: str) -> None:
    """Propose to withdraw a standing award. The award stands until a second person confirms it.

    IllegalTransition where nothing is awarded or the award stands no more; RuleViolation ``withdrawal-proposed``,
    ``reason-missing`` or ``conflicted``.
    """
    person = _person(ctx, decision)
    refuse_no_award(decision, DecisionAction.WITHDRAW)
    refuse_if(problems_before_proposing_withdrawal(decision))
    if not reason.strip():
        raise RuleViolation([Problem("reason-missing", _l("Give the reason: the applicant reads it."), "reason")])
    decision.withdrawal_asked_at, decision.withdrawal_asked_by_id = ctx.now, person
    decision.withdraw_reason = reason.strip()
    record(ctx, WithdrawalProposed(decision_id=decision.id))


def drop_withdrawal(ctx: Ctx, decision: Decision) -> None:
    """Drop a proposed withdrawal: the award stands as before. RuleViolation ``not-proposed`` where there is none."""
    _person(ctx, decision)
    refuse_no_award(decision, DecisionAction.WITHDRAW)
    refuse_if(problems_before_withdrawing(decision, None))
    decision.withdrawal_asked_at = decision.withdrawal_asked_by_id = decision.withdraw_reason = None
    db.session.flush()
    record(ctx, WithdrawalDropped(decision_id=decision.id))


def confirm_withdrawal(ctx: Ctx, decision: Decision) -> None:
    """Withdraw the award for good; what it frees goes to the reserve list in order.

    IllegalTransition where the award stands no more; RuleViolation ``not-proposed``, ``same-person`` or ``conflicted``.
    """
    person = _person(ctx, decision)
    refuse_no_award(decision, DecisionAction.WITHDRAW)
    refuse_if(problems_before_withdrawing(decision, person))
    lock_envelope(decision.round)
    decision.withdrawn_by_id = person
    advance(ctx, decision, DecisionAction.WITHDRAW, amount=decision.amount)
    free_award(ctx, decision, Outcome.WITHDRAWN)


def _person(ctx: Ctx, decision: Decision) -> int:
    if ctx.actor.person_id is None:
        raise NotFound
    if takes_part(ctx.actor, decision.application):
        message = _l("You take part in the partnership that this is about. Somebody else decides on it.")
        raise RuleViolation([Problem("conflicted", message)])
    return ctx.actor.person_id
