"""Following an award up: its conditions are judged, and who has not answered is reminded."""

from __future__ import annotations

from portal.calls.reminders import remindings_of
from portal.calls.reminding import ReminderKind, end_of, newest_due
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import IllegalTransition, NotFound
from portal.core.event_log import record
from portal.decisions import queries
from portal.decisions.events import AnswerDue, ConditionJudged
from portal.decisions.models import Condition
from portal.decisions.reminding import list_awards_to_answer
from portal.decisions.states import DECISION


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
    """Record AnswerDue for awards of which a reminder is due, and once the last day has passed; return how many were new.

    Only the newest reminder of each is recorded, once.
    """
    remindings, told = remindings_of(ReminderKind.AWARD), 0
    for each, due_on in list_awards_to_answer(ctx.now):
        if ctx.now >= end_of(due_on):
            code, days = "0d", 0
        else:
            lead = newest_due(remindings.get(each.call_id, ()), due_on, each.since, ctx.now)
            if lead is None:
                continue
            code, days = lead.code, lead.days
        event = AnswerDue(decision_id=each.subject_id, answer_due_on=due_on, days=days)
        key = f"answer-due:{each.subject_id}:{due_on.isoformat()}:{code}"
        told += record(ctx, event, natural_key=key) is not None
    return told
