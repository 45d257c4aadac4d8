"""Publishing a round's decisions together: numbers, dates, signer, and what the lower domains are told."""

from __future__ import annotations

from datetime import datetime

from portal.applications.commands.outcome import record_outcome
from portal.applications.models import Application
from portal.applications.states import AWARDS, Outcome
from portal.calls.commands.told import mark_in_review, mark_results_published
from portal.calls.models import Round
from portal.calls.queries import terms_of
from portal.calls.rules import last_day, phase
from portal.calls.states import Phase
from portal.core.advance import advance
from portal.core.clock import brussels_day
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import Problem, RuleViolation, refuse_if
from portal.core.money import total
from portal.core.text import _l
from portal.decisions import candidates, queries
from portal.decisions.commands.letters import freeze_letters
from portal.decisions.commands.ranking import digest_of, place_rows
from portal.decisions.deciding import Publication, problems_before_publishing, problems_before_ranking
from portal.decisions.feedback import feedback_of
from portal.decisions.locks import lock_envelope, lock_ranking
from portal.decisions.models import Decision
from portal.decisions.rules import answer_due, overspent
from portal.decisions.states import DecisionAction, DecisionState
from portal.partnerships.commands import begin_strategy


def publish_round(ctx: Ctx, round_: Round, signed_by: str) -> list[Decision]:
    """Publish every decision of the round at once, under ``signed_by``; return them in the order of their numbers.

    An award is to be answered within thirty days; in a call that forms strategies it begins one. RuleViolation with
    everything that is missing: an unconfirmed decision, a changed ranking, a sum above the round's budget or above what
    the programme's envelope has left (under its lock), no signer.
    """
    lock_ranking(round_)
    lock_envelope(round_)
    refuse_if(problems_before_ranking(phase(round_, ctx.now), candidates.readiness_of(round_, ctx.now)))
    if not signed_by.strip():
        raise RuleViolation([Problem("signer-missing", _l("Write who signs the decisions."), "signed_by")])
    decisions = queries.list_decisions(round_.id, lock=True)
    refuse_if(problems_before_publishing(publication_of(round_, decisions, ctx.now)))
    if phase(round_, ctx.now) is Phase.CLOSED:
        mark_in_review(ctx, round_)  # nothing was admissible: no reviewer was ever assigned
    _number(ctx, round_, decisions, signed_by.strip())
    assessed, agreed = candidates.list_assessed(round_.id), candidates.list_consensus(round_.id)
    reviews = candidates.list_submitted_reviews(round_.id)
    for each in decisions:
        number = each.application_id
        feedback = feedback_of(assessed[number], agreed.get(number), reviews.get(number, ()))
        advance(
            ctx,
            each,
            DecisionAction.PUBLISH,
            application_id=number,
            outcome=str(each.outcome),
            amount=each.amount,
        )
        record_outcome(ctx, each.application, Outcome(each.outcome), each.amount, feedback)
        if each.outcome in AWARDS:
            begin_formed_strategy(ctx, round_, each.application)
    freeze_letters(ctx, decisions)
    mark_results_published(ctx, round_)
    return decisions


def publication_of(round_: Round, decisions: list[Decision], at: datetime) -> Publication:
    """Return what publishing the round rests on; the ranking is computed again and compared by its digest."""
    ranking = queries.find_ranking(round_.id)
    left = queries.envelope_left(round_.call.programme)
    placed = place_rows(round_, left, at)
    is_unchanged = (
        ranking is not None
        and digest_of(round_, placed) == ranking.sha256
        and all(each.ranking_id == ranking.id for each in decisions)
    )
    awards = [each for each in decisions if each.outcome in AWARDS]
    provinces = {each.candidate.application_id: each.candidate.province for each in placed}
    counted = ((provinces.get(each.application_id), each.amount) for each in awards)
    return Publication(
        is_ranked=ranking is not None,
        is_unchanged=is_unchanged,
        missing=max(0, (ranking.row_count if ranking else 0) - len(decisions)),
        pending=sum(each.state == DecisionState.PENDING for each in decisions),
        awarded_amount=total(each.amount for each in awards),
        budget_amount=round_.budget_amount,
        envelope_left=left,
        overspent=overspent(counted, round_.province_budgets),
    )


def begin_formed_strategy(ctx: Ctx, round_: Round, application: Application) -> None:
    """Begin the strategy that an award leads to, where the round's call forms strategies; due at the project's end."""
    terms = terms_of(round_)
    if not terms.forms_strategy:
        return
    due_on = application.ends_on or last_day(round_.projects_start_on, terms.maximum_months or 1)
    begin_strategy(ctx, application.partnership, application.reference, due_on)


def _number(ctx: Ctx, round_: Round, decisions: list[Decision], signed_by: str) -> None:
    """Give numbers in the order of the ranking, and reserve positions in that order."""
    today, reserves = brussels_day(ctx.now), 0
    for place, each in enumerate(decisions, start=1):
        each.number = f"{round_.code}/{place:02d}"
        each.decided_on, each.signed_by = today, signed_by
        each.answer_due_on = answer_due(today) if each.outcome in AWARDS else None
        if each.outcome == Outcome.RESERVE:
            reserves += 1
            each.reserve_position = reserves
        each.published_at = ctx.now
    db.session.flush()
