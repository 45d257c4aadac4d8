"""Reading the board: a page of the latest ranking, who was passed over in it, and what it gives each province."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Organisation
from portal.applications.models import Application
from portal.applications.states import Outcome
from portal.calls.states import RankingPolicy
from portal.core.db import db
from portal.core.money import ZERO
from portal.core.paging import Page, page
from portal.decisions.models import Decision, Ranking, RankingRow
from portal.decisions.queries import IS_PRESENT
from portal.decisions.states import DecisionState, Place
from portal.partnerships.models import Partnership
from portal.places.provinces import PROVINCES, Province
from portal.reviewing.models import Assessment

ROWS_ON_A_PAGE = 60  # a round of the size that the programme has, whole


class BoardRow(NamedTuple):
    """One row of the board, with the stored figures beside it; nothing here is aggregated.

    ``criteria``, ``totals`` and ``spread`` are the assessment's; what begins with ``decision`` is None before one is
    proposed.
    """

    position: int
    rank: int | None
    total: Decimal
    place: Place
    requested_amount: Decimal
    proposed_amount: Decimal
    cumulative_amount: Decimal
    decided_by: str
    reason: dict[str, Any]
    application_id: int
    reference: str
    partnership: str
    promotor: str
    criteria: dict[str, str]
    totals: list[str]
    spread: Decimal | None
    decision_id: int | None
    decision_ranking_id: int | None
    decision_outcome: Outcome | None
    decision_state: DecisionState | None


# Written once, and in the order of `BoardRow`: sixty rows with all that belongs to them would cost more than asking.
_BOARD = (
    sa.select(
        RankingRow.position,
        RankingRow.rank,
        RankingRow.total,
        RankingRow.place,
        RankingRow.requested_amount,
        RankingRow.proposed_amount,
        RankingRow.cumulative_amount,
        RankingRow.decided_by,
        RankingRow.reason,
        RankingRow.application_id,
        Application.reference,
        Partnership.name,
        Organisation.name,
        Assessment.criteria,
        Assessment.totals,
        Assessment.spread,
        Decision.id,
        Decision.ranking_id,
        Decision.outcome,
        Decision.state,
    )
    .join(Application, Application.id == RankingRow.application_id)
    .join(Application.partnership)
    .join(Application.promotor)
    .join(Assessment, Assessment.application_id == RankingRow.application_id)
    .outerjoin(Decision, sa.and_(Decision.application_id == RankingRow.application_id, IS_PRESENT))
)


def page_ranking_rows(ranking: Ranking, cursor: str | None) -> Page[BoardRow]:
    """Return one page of a ranking: stored rows and figures, one statement whatever the number of rows."""
    found = page(
        _BOARD.where(RankingRow.ranking_id == ranking.id),
        by=[(RankingRow.position, False)],
        key=lambda each: [each.position],
        cursor=cursor,
        size=ROWS_ON_A_PAGE,
        scalars=False,
    )
    return Page([BoardRow(*each) for each in found.rows], found.next_cursor)


@dataclass(frozen=True, slots=True)
class ProvinceSums:
    """A province's part of a ranking, in euro: what the round sets apart for it, what is asked, and what is proposed."""

    province: Province
    budget: Decimal
    requested: Decimal
    proposed: Decimal

    @property
    def left(self) -> Decimal:
        return self.budget - self.proposed


def list_province_sums(ranking: Ranking) -> list[ProvinceSums]:
    """Return the sums of each province that has a budget, in the order of lists; nothing is asked where none has."""
    if not ranking.province_budgets:
        return []
    code = RankingRow.reason["province"].astext
    fundable = sa.func.sum(RankingRow.requested_amount).filter(RankingRow.place != Place.NOT_FUNDABLE)
    stmt = (
        sa.select(code, sa.func.coalesce(fundable, ZERO), sa.func.sum(RankingRow.proposed_amount))
        .where(RankingRow.ranking_id == ranking.id)
        .group_by(code)
    )
    sums = {province: (requested, proposed) for province, requested, proposed in db.session.execute(stmt)}
    budgets = ranking.province_budgets
    return [
        ProvinceSums(each, budgets[each.code], *sums.get(each.code, (ZERO, ZERO)))
        for each in PROVINCES
        if each.code in budgets
    ]


def list_outranked(ranking: Ranking) -> list[RankingRow]:
    """Return the rows that were passed over: above a row that is funded, and not funded themselves, in order.

    Only a policy that skips passes anybody over, and a province's budget that ends first: else nothing is asked.
    """
    if ranking.policy is not RankingPolicy.SKIP and not ranking.province_budgets:
        return []
    stmt = (
        sa.select(RankingRow)
        .where(
            RankingRow.ranking_id == ranking.id,
            RankingRow.position < ranking.line_position,
            RankingRow.place == Place.RESERVE,
        )
        .options(joinedload(RankingRow.application).joinedload(Application.partnership))
        .order_by(RankingRow.position)
    )
    return list(db.session.scalars(stmt))
