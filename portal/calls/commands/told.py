"""What higher domains tell a round: its review began, its results are out."""

from __future__ import annotations

from portal.calls.events import ResultsPublished, RoundInReview
from portal.calls.models import Round
from portal.calls.rules import phase
from portal.calls.states import Phase
from portal.core.context import Ctx
from portal.core.errors import IllegalTransition
from portal.core.event_log import record


def mark_in_review(ctx: Ctx, round_: Round) -> None:
    """Note that reviewing began, once; IllegalTransition for a round that has not closed."""
    if round_.in_review_at is not None:
        return
    if phase(round_, ctx.now) is not Phase.CLOSED:
        raise IllegalTransition("round", "review", str(phase(round_, ctx.now)))
    round_.in_review_at = ctx.now
    record(ctx, RoundInReview(round_id=round_.id))


def mark_results_published(ctx: Ctx, round_: Round) -> None:
    """Note that the round's results are out; IllegalTransition for one that is not in review, or was published."""
    now = phase(round_, ctx.now)
    if now is not Phase.IN_REVIEW:
        raise IllegalTransition("round", "publish", str(now), round_.results_published_at)
    round_.results_published_at = ctx.now
    record(ctx, ResultsPublished(round_id=round_.id))
