"""A new decision after an upheld request for review: one administrator prepares it, a second one confirms it.

Confirming publishes it: the first decision stays in the history as it was, and the new one takes its place.
"""

from __future__ import annotations

from datetime import date

from portal.applications.commands.outcome import record_outcome
from portal.applications.states import AWARDS, Outcome
from portal.core.advance import advance
from portal.core.clock import brussels_day
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound, Problem, RuleViolation, explain_constraint, refuse_if
from portal.core.event_log import record
from portal.core.money import ZERO
from portal.core.text import _l
from portal.decisions import queries
from portal.decisions.commands.letters import freeze_letters
from portal.decisions.commands.publishing import begin_formed_strategy
from portal.decisions.deciding import NewCondition
from portal.decisions.events import NewDecisionDropped, NewDecisionProposed
from portal.decisions.locks import lock_envelope
from portal.decisions.models import Condition, Decision, ProposedDecision
from portal.decisions.renewing import (
    NewDecision,
    may_renew,
    number_after_review,
    problems_before_confirming_new,
    problems_before_proposing,
    problems_with_new_decision,
)
from portal.decisions.request_queries import DeskRequest, find_proposal, room_for
from portal.decisions.rules import answer_due
from portal.decisions.states import DecisionAction

explain_constraint(
    "uq_proposed_decision_review_request_id",
    "new-decision-proposed",
    _l("A new decision is proposed already. Drop it to propose another."),
)


def propose_new_decision(ctx: Ctx, found: DeskRequest, new: NewDecision) -> ProposedDecision:
    """Propose the decision that takes the first one's place; return it. The first stands until a second person confirms.

    RuleViolation ``not-yours``, ``not-upheld``, ``renewed``, ``stands-no-more``, ``withdrawal-proposed``,
    ``new-decision-proposed``, or any code of ``renewing.problems_with_new_decision``.
    """
    person, decision = _person(ctx, found), queries.get_decision(found.request.decision_id, lock=True)
    refuse_if(problems_before_proposing(found.request, decision, find_proposal(found.id)))
    refuse_if(problems_with_new_decision(new, room_for(decision), brussels_day(ctx.now)))
    proposal = ProposedDecision(
        review_request_id=found.id,
        outcome=new.outcome,
        amount=new.amount if new.outcome in AWARDS else ZERO,
        reason=new.reason.strip(),
        conditions=[{"text": each.text.strip(), "due_on": each.due_on.isoformat()} for each in new.conditions],
        prepared_at=ctx.now,
        prepared_by_id=person,
    )
    db.session.add(proposal)
    event = NewDecisionProposed(
        decision_id=decision.id,
        review_request_id=found.id,
        outcome=str(new.outcome),
        amount=proposal.amount,
    )
    record(ctx, event)
    return proposal


def drop_new_decision(ctx: Ctx, found: DeskRequest) -> None:
    """Drop a proposed decision; another can be proposed. RuleViolation ``not-yours``, ``renewed`` or ``not-proposed``."""
    _person(ctx, found)
    decision, proposal = queries.get_decision(found.request.decision_id, lock=True), find_proposal(found.id)
    refuse_if(problems_before_confirming_new(found.request, decision, proposal, None))
    db.session.delete(proposal)
    record(ctx, NewDecisionDropped(decision_id=decision.id, review_request_id=found.id))


def confirm_new_decision(ctx: Ctx, found: DeskRequest, *, seen: int, signed_by: str) -> Decision:
    """Take the proposed decision under ``signed_by`` and publish it; return it. ``seen``: the proposal that was read.

    An award is to be answered within thirty days. RuleViolation ``same-person``, ``not-proposed``, ``proposal-changed``,
    ``signer-missing``, those of ``propose_new_decision``, and the budget again under the envelope's lock.
    """
    person, request = _person(ctx, found), found.request
    first, proposal = queries.get_decision(request.decision_id, lock=True), find_proposal(found.id)
    refuse_if(problems_before_confirming_new(request, first, proposal, person))
    if proposal is None or proposal.id != seen:
        message = _l("Another decision was proposed meanwhile. Read it before you confirm it.")
        raise RuleViolation([Problem("proposal-changed", message)])
    if not signed_by.strip():
        raise RuleViolation([Problem("signer-missing", _l("Write who signs the decisions."), "signed_by")])
    lock_envelope(first.round)
    refuse_if(problems_with_new_decision(as_new_decision(proposal), room_for(first), brussels_day(ctx.now)))
    advance(ctx, first, DecisionAction.REPLACE, application_id=first.application_id, review_request_id=found.id)
    new = _take(ctx, first, proposal, person)
    _publish(ctx, new, first, signed_by.strip())
    db.session.delete(proposal)
    db.session.flush()
    return new


def as_new_decision(proposal: ProposedDecision) -> NewDecision:
    """Return what a proposal says as the rules read it."""
    conditions = [NewCondition(each["text"], date.fromisoformat(each["due_on"])) for each in proposal.conditions]
    return NewDecision(Outcome(proposal.outcome), proposal.amount, proposal.reason, conditions)


def _take(ctx: Ctx, first: Decision, proposal: ProposedDecision, person: int) -> Decision:
    """Write the proposal down as a decision, confirmed by ``person``."""
    said = as_new_decision(proposal)
    made = Decision(
        application_id=first.application_id,
        round_id=first.round_id,
        ranking_id=first.ranking_id,
        outcome=said.outcome,
        amount=said.amount,
        reason=said.reason,
        prepared_at=proposal.prepared_at,
        prepared_by_id=proposal.prepared_by_id,
        replaces_id=first.id,
        conditions=[Condition(text=each.text, due_on=each.due_on) for each in said.conditions],
    )
    db.session.add(made)
    db.session.flush()
    new = queries.get_decision(made.id, lock=True)
    new.confirmed_by_id = person
    advance(ctx, new, DecisionAction.CONFIRM)
    return new


def _publish(ctx: Ctx, new: Decision, first: Decision, signed_by: str) -> None:
    """Number, date and publish it, tell the application, and begin the strategy that a first award leads to."""
    today, is_award = brussels_day(ctx.now), new.outcome in AWARDS
    new.number, new.decided_on = number_after_review(first.number or ""), today
    new.signed_by, new.published_at = signed_by, ctx.now
    new.answer_due_on = answer_due(today) if is_award else None
    if new.outcome == Outcome.RESERVE:
        new.reserve_position = first.reserve_position or queries.next_reserve_position(new.round_id)
    db.session.flush()
    advance(
        ctx,
        new,
        DecisionAction.PUBLISH,
        application_id=new.application_id,
        outcome=str(new.outcome),
        amount=new.amount,
    )
    record_outcome(ctx, new.application, Outcome(new.outcome), new.amount)
    if is_award and first.outcome not in AWARDS:
        begin_formed_strategy(ctx, new.round, new.application)
    freeze_letters(ctx, [new])


def _person(ctx: Ctx, found: DeskRequest) -> int:
    if ctx.actor.person_id is None:
        raise NotFound
    if not may_renew(ctx.actor, found):
        message = _l("You took part in the first decision or in its round. Somebody else takes the new one.")
        raise RuleViolation([Problem("not-yours", message)])
    return ctx.actor.person_id
