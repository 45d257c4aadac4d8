"""Computing a round's ranking: stored whole, with the digest of its rows; the latest stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any

import sqlalchemy as sa

from portal.calls.models import Round
from portal.calls.rules import phase
from portal.calls.states import RankingPolicy
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import refuse_if
from portal.core.event_log import record
from portal.core.money import ZERO, total
from portal.decisions import candidates, queries
from portal.decisions.deciding import problems_before_ranking
from portal.decisions.digest import digest, keys_of, row_placed
from portal.decisions.events import RankingComputed
from portal.decisions.locks import lock_envelope, lock_ranking
from portal.decisions.models import Ranking, RankingRow
from portal.decisions.rules import Placed, TieKey, draw_line, rank

TIES = (TieKey.CRITERION, TieKey.COVERAGE, TieKey.TIME)


def compute_ranking(ctx: Ctx, round_: Round) -> Ranking:
    """Rank the round's admissible applications and draw the line; computing again makes a new number.

    RuleViolation while the round is not closed, admissibility or a review or a consensus is open, or once the results
    are published.
    """
    lock_ranking(round_)
    lock_envelope(round_)
    refuse_if(problems_before_ranking(phase(round_, ctx.now), candidates.readiness_of(round_, ctx.now)))
    envelope_left = queries.envelope_left(round_.call.programme)
    placed = place_rows(round_, envelope_left, ctx.now)
    ranking = _header(ctx, round_, placed, envelope_left)
    db.session.add(ranking)
    db.session.flush()
    if placed:
        db.session.execute(sa.insert(RankingRow), _rows(ranking.id, placed))
    record(ctx, RankingComputed(ranking_id=ranking.id, round_id=round_.id, sha256=ranking.sha256))
    return ranking


def place_rows(round_: Round, envelope_left: Decimal, at: datetime) -> tuple[Placed, ...]:
    """Return the ranking as it would be computed at ``at``, unstored: publishing compares its digest."""
    policy = RankingPolicy(round_.ranking_policy)
    ranked = rank(candidates.list_candidates(round_, at))
    return draw_line(ranked, round_.budget_amount, envelope_left, policy, round_.province_budgets)


def digest_of(round_: Round, placed: Sequence[Placed]) -> str:
    """Return the SHA-256 of the ranking's canonical rows."""
    rows = (row_placed(each) for each in placed)
    return digest(round_.code, str(round_.ranking_policy), round_.budget_amount, rows, round_.province_budgets)


def _header(ctx: Ctx, round_: Round, placed: Sequence[Placed], envelope_left: Decimal) -> Ranking:
    latest = queries.find_ranking(round_.id)
    fundable = [each for each in placed if each.candidate.is_fundable]
    awards = [each for each in placed if each.proposed_amount > ZERO]
    return Ranking(
        round_id=round_.id,
        number=latest.number + 1 if latest else 1,
        computed_at=ctx.now,
        computed_by_id=ctx.actor.person_id,
        policy=RankingPolicy(round_.ranking_policy),
        budget_amount=round_.budget_amount,
        province_budgets=round_.province_budgets,
        requested_amount=total(each.candidate.requested_amount for each in fundable),
        awarded_amount=total(each.proposed_amount for each in awards),
        row_count=len(placed),
        fundable_count=len(fundable),
        award_count=len(awards),
        line_position=awards[-1].ranked.position if awards else 0,
        envelope_left_amount=envelope_left,
        sha256=digest_of(round_, placed),
    )


def _rows(ranking_id: int, placed: Sequence[Placed]) -> list[dict[str, Any]]:
    asked = [each.candidate.requested_amount if each.candidate.is_fundable else ZERO for each in placed]
    return [
        {
            "ranking_id": ranking_id,
            "application_id": each.candidate.application_id,
            "position": each.ranked.position,
            "rank": each.ranked.rank,
            "total": each.candidate.total,
            "place": each.place,
            "requested_amount": each.candidate.requested_amount,
            "proposed_amount": each.proposed_amount,
            "cumulative_amount": cumulative,
            "decided_by": str(each.ranked.decided_by),
            "reason": _reason(placed, at),
        }
        for at, (each, cumulative) in enumerate(zip(placed, accumulate(asked), strict=True))
    ]


def _reason(placed: Sequence[Placed], at: int) -> dict[str, Any]:
    """Return why a row stands where it stands: code and figures, its tie keys, and those of a neighbour it ties with."""
    each = placed[at]
    reason: dict[str, Any] = {
        "code": str(each.code),
        **{name: str(amount) for name, amount in each.figures.items()},
        "keys": keys_of(each),
    }
    if each.limit is not None:
        reason["limit"] = str(each.limit)
    if each.candidate.province is not None:
        reason["province"] = each.candidate.province
    if each.candidate.missed:
        reason["missed"] = list(each.candidate.missed)
    if each.ranked.decided_by in TIES:
        reason["above"] = _neighbour(placed[at - 1])
    if at + 1 < len(placed) and placed[at + 1].ranked.decided_by in TIES:
        reason["below"] = {**_neighbour(placed[at + 1]), "key": str(placed[at + 1].ranked.decided_by)}
    return reason


def _neighbour(each: Placed) -> dict[str, Any]:
    return {"rank": each.ranked.rank, **keys_of(each)}
