"""Decisions before anybody outside knows them: proposed from the ranking, changed, confirmed by a second person."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa

from portal.applications.states import AWARDS, Outcome
from portal.calls.models import Round
from portal.calls.rules import phase
from portal.calls.states import Phase
from portal.core.advance import advance
from portal.core.clock import brussels_day
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import IllegalTransition, NotFound, Problem, RuleViolation, explain_constraint, refuse_if
from portal.core.event_log import record
from portal.core.money import ZERO
from portal.core.text import _l
from portal.decisions import queries
from portal.decisions.deciding import (
    OUTCOMES,
    Change,
    NewCondition,
    problems_before_confirming,
    problems_with_change,
    sort_for_confirming,
    takes_part,
)
from portal.decisions.events import DecisionChanged, DecisionPrepared
from portal.decisions.locks import lock_ranking
from portal.decisions.models import Condition, Decision, Ranking, RankingRow
from portal.decisions.states import DECISION, DecisionAction, DecisionState, Place

explain_constraint(
    "ck_decision_two_persons",
    "same-person",
    _l("You prepared these decisions yourself. A second person confirms them."),
)


def prepare_decisions(ctx: Ctx, round_: Round, ranking: Ranking) -> list[Decision]:
    """Propose a decision for every row of the round's latest ranking; return those that are new or proposed anew.

    What already rests on this ranking stays as it is, changes included. An application of a partnership in which the
    actor takes part is left to somebody else. RuleViolation ``ranking-old``, ``decisions-confirmed`` (take them back
    first) or ``results-published``.
    """
    person = _person(ctx)
    lock_ranking(round_)
    _refuse_published(ctx, round_)
    latest = queries.find_ranking(round_.id)
    if latest is None or latest.id != ranking.id:
        raise RuleViolation([Problem("ranking-old", _l("The ranking was computed again. Look at the latest one."))])
    known = {each.application_id: each for each in queries.list_decisions(round_.id, lock=True)}
    if any(each.ranking_id != ranking.id and each.state != DecisionState.PENDING for each in known.values()):
        message = _l("Confirmed decisions rest on an earlier ranking. Take them back before you prepare them again.")
        raise RuleViolation([Problem("decisions-confirmed", message)])
    rows = queries.list_ranking_rows(ranking.id)
    _drop_unranked(known, {row.application_id for row in rows})
    proposed = [
        _propose(ctx, person, row, known.get(row.application_id), round_.id)
        for row in rows
        if not takes_part(ctx.actor, row.application) and _is_to_propose(known.get(row.application_id), ranking)
    ]
    db.session.flush()
    for each in proposed:
        record(ctx, DecisionPrepared(decision_id=each.id, outcome=str(each.outcome), amount=each.amount))
    return proposed


def change_decision(
    ctx: Ctx,
    decision: Decision,
    *,
    outcome: Outcome,
    amount: Decimal,
    reason: str,
    conditions: Sequence[NewCondition] = (),
) -> None:
    """Decide otherwise than proposed, or set conditions; from now on the actor is the one who prepared it.

    ``amount`` (euro) counts for an award only. IllegalTransition once it is confirmed; RuleViolation ``conflicted`` or
    any code of ``rules.problems_with_change``.
    """
    person = _person(ctx)
    if decision.state != DecisionState.PENDING:
        since = getattr(decision, f"{decision.state}_at", None)
        raise IllegalTransition(DECISION.name, "change", str(decision.state), since)
    _refuse_conflicted(ctx, decision)
    row = queries.get_ranking_row(decision)
    change = Change(
        outcome=outcome,
        amount=amount if outcome in AWARDS else ZERO,
        reason=reason,
        conditions=conditions,
        place=Place(row.place),
        proposed_amount=row.proposed_amount,
        requested_amount=row.requested_amount,
        minimum_amount=decision.application.minimum_amount,
    )
    refuse_if(problems_with_change(change, brussels_day(ctx.now)))
    decision.outcome, decision.amount, decision.reason = outcome, change.amount, reason.strip()
    decision.prepared_by_id, decision.prepared_at = person, ctx.now
    _replace_conditions(decision, conditions)
    record(ctx, DecisionChanged(decision_id=decision.id, outcome=str(outcome), amount=change.amount))


def confirm_decisions(ctx: Ctx, round_: Round) -> list[Decision]:
    """Confirm every pending decision that somebody else prepared; return them.

    One's own, and those of a partnership in which one takes part, stay pending for another person. RuleViolation
    ``same-person``, ``conflicted`` or ``nothing-to-confirm`` where nothing can be confirmed.
    """
    person = _person(ctx)
    lock_ranking(round_)
    found = sort_for_confirming(queries.list_decisions(round_.id, lock=True), ctx.actor)
    refuse_if(problems_before_confirming(found))
    for each in found.confirmable:
        each.confirmed_by_id = person
        advance(ctx, each, DecisionAction.CONFIRM)
    return list(found.confirmable)


def recall_decision(ctx: Ctx, decision: Decision) -> None:
    """Take a confirmed decision back to change it. IllegalTransition unless it is confirmed and unpublished."""
    _person(ctx)
    _refuse_conflicted(ctx, decision)
    advance(ctx, decision, DecisionAction.RECALL)
    decision.confirmed_at = decision.confirmed_by_id = None
    db.session.flush()


def _propose(ctx: Ctx, person: int, row: RankingRow, known: Decision | None, round_id: int) -> Decision:
    decision = known or Decision(application_id=row.application_id, round_id=round_id, conditions=[])
    decision.ranking_id = row.ranking_id
    decision.outcome = OUTCOMES[Place(row.place)]
    decision.amount, decision.reason = row.proposed_amount, ""
    decision.prepared_at, decision.prepared_by_id = ctx.now, person
    decision.conditions.clear()
    db.session.add(decision)
    return decision


def _is_to_propose(known: Decision | None, ranking: Ranking) -> bool:
    return known is None or known.ranking_id != ranking.id


def _drop_unranked(known: dict[int, Decision], ranked: set[int]) -> None:
    """Drop the proposals on applications that were withdrawn since; nobody outside ever knew of them."""
    gone = [each.id for each in known.values() if each.application_id not in ranked]
    db.session.execute(sa.delete(Condition).where(Condition.decision_id.in_(gone)))
    db.session.execute(sa.delete(Decision).where(Decision.id.in_(gone)))


def _replace_conditions(decision: Decision, conditions: Sequence[NewCondition]) -> None:
    decision.conditions.clear()
    db.session.flush()
    decision.conditions.extend(Condition(text=each.text.strip(), due_on=each.due_on) for each in conditions)
    db.session.flush()


def _refuse_conflicted(ctx: Ctx, decision: Decision) -> None:
    if takes_part(ctx.actor, decision.application):
        message = _l("You take part in the partnership that this is about. Somebody else decides on it.")
        raise RuleViolation([Problem("conflicted", message)])


def _refuse_published(ctx: Ctx, round_: Round) -> None:
    if phase(round_, ctx.now) is Phase.RESULTS:
        message = _l("The results of this round are published: its ranking stands.")
        raise RuleViolation([Problem("results-published", message)])


def _person(ctx: Ctx) -> int:
    if ctx.actor.person_id is None:
        raise NotFound
    return ctx.actor.person_id
