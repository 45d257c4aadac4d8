"""Following an award up: its conditions are judged, and who has not answered is reminded."""

from __future__ import annotations

from datetime import timedelta

from portal.core.clock import brussels_day
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import IllegalTransition, NotFound
from portal.core.event_log import record
from portal.decisions import queries
from portal.decisions.events import AnswerDue, ConditionJudged
from portal.decisions.models import Condition
from portal.decisions.states import DECISION

DAYS = (7, 1, 0)


def judge_condition(ctx: Ctx, condition: Condition, *, is_met: bool) -> None:
    """Say whether a condition of a standing award is met; a later judgement replaces the earlier.

    IllegalTransition where the award is not published, or stands no more.
    """
    decision = condition.decision
    if ctx.actor.person_id is None:
        raise NotFound
    if decision.state not in queries.STANDING:
        since = getattr(decision, f"{decision.state}_at", None)
        raise IllegalTransition(DECISION.name, "judge-condition", str(decision.state), since)
    condition.is_met = is_met
    condition.judged_at, condition.judged_by_id = ctx.now, ctx.actor.person_id
    db.session.flush()
    record(ctx, ConditionJudged(decision_id=decision.id, condition_id=condition.id, is_met=is_met))


def tell_answer_due(ctx: Ctx) -> int:
    """Record AnswerDue for awards to be answered within 7 days or 1 day, and once the last day has passed.

    Only the nearest warning of each is recorded, once; return how many were new.
    """
    today, told = brussels_day(ctx.now), 0
    for number, due_on in queries.list_unanswered(today + timedelta(days=max(DAYS))):
        left = (due_on - today).days
        days = 0 if left < 0 else min(each for each in DAYS if each >= max(left, 1))
        event = AnswerDue(decision_id=number, answer_due_on=due_on, days=days)
        told += record(ctx, event, natural_key=f"answer-due:{number}:{due_on.isoformat()}:{days}d") is not None
    return told
