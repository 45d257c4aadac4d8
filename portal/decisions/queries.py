"""Reading what a ranking rests on, rankings, decisions, and what is left of the programme's envelope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from portal.applications.models import Application
from portal.applications.states import AWARDS, Outcome, State
from portal.calls.models import Call, Programme, Round
from portal.calls.queries import get_round as get_whole_round
from portal.calls.states import RoundState
from portal.core.clock import brussels_day
from portal.core.db import db, find_one, get_one
from portal.core.errors import NotFound
from portal.core.event_log import list_timeline
from portal.core.money import ZERO
from portal.decisions.events import ReserveKept
from portal.decisions.models import Condition, Decision, Ranking, RankingRow
from portal.decisions.states import DecisionState
from portal.partnerships.models import Partner, Partnership
from portal.reviewing.models import Assessment

STANDING = (DecisionState.PUBLISHED, DecisionState.ACCEPTED)
IS_PRESENT = Decision.state != DecisionState.REPLACED  # one for each application; what it replaced is history
PROPOSED_BY = sa.and_(
    RankingRow.ranking_id == Decision.ranking_id, RankingRow.application_id == Decision.application_id
)


@dataclass(frozen=True, slots=True)
class DeskRound:
    """A round as its ranking desk sees it: ``takes_part`` where the actor belongs to a partner of an application in it."""

    round: Round
    takes_part: bool

    __tablename__: ClassVar[str] = Round.__tablename__  # an auditor's reading of the desk is one of the round

    @property
    def id(self) -> int:
        return self.round.id


def get_desk_round(code: str, organisation_ids: Iterable[int], *, lock: bool = False) -> DeskRound:
    """Return the round with its call and programme, and whether one of the organisations takes part in it."""
    round_ = get_whole_round(code, lock=lock)
    mine = list(organisation_ids)
    if not mine:
        return DeskRound(round_, takes_part=False)
    partner = sa.exists().where(Partner.partnership_id == Application.partnership_id, Partner.organisation_id.in_(mine))
    stmt = sa.select(Application.id).where(
        Application.round_id == round_.id, sa.or_(Application.promotor_id.in_(mine), partner)
    )
    return DeskRound(round_, takes_part=db.session.scalar(stmt.limit(1)) is not None)


def find_ranking(round_id: int) -> Ranking | None:
    """Return the round's latest ranking, which stands, or None."""
    stmt = sa.select(Ranking).where(Ranking.round_id == round_id).order_by(Ranking.number.desc()).limit(1)
    return db.session.scalars(stmt).one_or_none()


def get_ranking(round_id: int) -> Ranking:
    """Return the round's latest ranking; NotFound where none was computed."""
    found = find_ranking(round_id)
    if found is None:
        raise NotFound
    return found


def list_ranking_rows(ranking_id: int) -> list[RankingRow]:
    """Return a ranking's rows with their application, partnership and partners, in order."""
    stmt = (
        sa.select(RankingRow)
        .where(RankingRow.ranking_id == ranking_id)
        .options(_with_partners(joinedload(RankingRow.application)))
        .order_by(RankingRow.position)
    )
    return list(db.session.scalars(stmt))


def get_ranking_row(decision: Decision) -> RankingRow:
    """Return the row that proposed a decision."""
    return get_one(
        sa.select(RankingRow).where(
            RankingRow.ranking_id == decision.ranking_id, RankingRow.application_id == decision.application_id
        )
    )


def _with_partners(load: Any) -> ORMOption:
    option: ORMOption = load.options(
        joinedload(Application.partnership).selectinload(Partnership.partners),
        joinedload(Application.promotor),
    )
    return option


def _decisions() -> sa.Select[Decision]:
    return sa.select(Decision).options(
        joinedload(Decision.round).joinedload(Round.call).joinedload(Call.programme),
        joinedload(Decision.round).joinedload(Round.form_version),
        _with_partners(joinedload(Decision.application)),
        joinedload(Decision.replaces),
        selectinload(Decision.conditions),
    )


def get_decision(number: int, *, lock: bool = False) -> Decision:
    """Return the decision with its round, application, partnership, partners and conditions."""
    return get_one(_decisions().where(Decision.id == number), lock=lock)


def get_published_decision(ref: str, *, lock: bool = False) -> Decision:
    """Return the decision on the application called ``ref``; NotFound before it is published, as if there were none."""
    stmt = _decisions().join(Application, Application.id == Decision.application_id)
    return get_one(stmt.where(Application.reference == ref, Decision.published_at.is_not(None), IS_PRESENT), lock=lock)


def get_condition(number: int, condition: int, *, lock: bool = False) -> Condition:
    """Return condition ``condition`` of decision ``number``, with all that ``get_decision`` loads."""
    stmt = sa.select(Condition).where(Condition.id == condition, Condition.decision_id == number)
    found = get_one(stmt, lock=lock)
    sa.orm.attributes.set_committed_value(found, "decision", get_decision(number, lock=lock))
    return found


def list_decisions(round_id: int, *, lock: bool = False) -> list[Decision]:
    """Return a round's decisions with application, partners and conditions, in the order they were ranked.

    Those that were replaced after a review are left out: ``list_replaced`` has them.
    """
    stmt = (
        _decisions()
        .outerjoin(RankingRow, PROPOSED_BY)
        .where(Decision.round_id == round_id, IS_PRESENT)
        .order_by(RankingRow.position, Decision.id)
    )
    if lock:
        stmt = stmt.with_for_update(of=Decision, key_share=True).execution_options(populate_existing=True)
    return list(db.session.scalars(stmt))


def list_replaced(round_id: int) -> list[Decision]:
    """Return a round's decisions that were replaced after a review, the first taken first."""
    stmt = sa.select(Decision).where(Decision.round_id == round_id, Decision.state == DecisionState.REPLACED)
    return list(db.session.scalars(stmt.order_by(Decision.id)))


def find_replacement(decision: Decision) -> Decision | None:
    """Return the decision that replaced this one after a review, or None."""
    return find_one(sa.select(Decision).where(Decision.replaces_id == decision.id))


def next_reserve_position(round_id: int) -> int:
    """Return the place after the last on the round's reserve list; places are not given twice."""
    stmt = sa.select(sa.func.max(Decision.reserve_position)).where(Decision.round_id == round_id)
    return int(db.session.scalar(stmt) or 0) + 1


def list_reserves(round_id: int, *, lock: bool = False) -> list[Decision]:
    """Return who stands on the round's published reserve list, in its order; a withdrawn application stands no more."""
    stmt = (
        _decisions()
        .join(Application, Application.id == Decision.application_id)
        .where(
            Decision.round_id == round_id,
            Decision.state == DecisionState.PUBLISHED,
            Decision.outcome == Outcome.RESERVE,
            Application.state == State.ADMISSIBLE,
        )
        .order_by(Decision.reserve_position, Decision.id)
    )
    if lock:
        stmt = stmt.with_for_update(of=Decision, key_share=True).execution_options(populate_existing=True)
    return list(db.session.scalars(stmt))


def _standing_awards() -> sa.Select[Any]:
    return sa.select(sa.func.coalesce(sa.func.sum(Decision.amount), 0)).where(
        Decision.state.in_(STANDING), Decision.outcome.in_(AWARDS)
    )


def envelope_left(programme: Programme) -> Decimal:
    """Return what is left of the programme's budget: published awards count, declined and lapsed ones do not.

    A caller that decides on it holds ``lock_envelope`` of the programme.
    """
    rounds = sa.select(Round.id).join(Call, Call.id == Round.call_id).where(Call.programme_id == programme.id)
    spent = db.session.scalar(_standing_awards().where(Decision.round_id.in_(rounds)))
    return programme.budget_amount - Decimal(spent or 0)


def budget_left(round_: Round) -> Decimal:
    """Return what the round's published awards leave of its budget."""
    spent = db.session.scalar(_standing_awards().where(Decision.round_id == round_.id))
    return round_.budget_amount - Decimal(spent or 0)


def provinces_left(round_: Round) -> dict[str, Decimal]:
    """Return what the round's published awards leave of its budget for each province that has one, by its code."""
    if not round_.province_budgets:
        return {}
    province = RankingRow.reason["province"].astext
    stmt = (
        sa.select(province, sa.func.sum(Decision.amount))
        .join(RankingRow, PROPOSED_BY)
        .where(Decision.round_id == round_.id, Decision.state.in_(STANDING), Decision.outcome.in_(AWARDS))
        .group_by(province)
    )
    spent = {code: amount for code, amount in db.session.execute(stmt)}  # noqa: C416  # a result has keys of its own
    return {code: budget - spent.get(code, ZERO) for code, budget in round_.province_budgets.items()}


def provinces_of_reserves(round_: Round) -> dict[int, str]:
    """Return the province that each of the round's reserves counts for, by application, where the round has budgets."""
    if not round_.province_budgets:
        return {}
    province = RankingRow.reason["province"].astext
    stmt = (
        sa.select(Decision.application_id, province)
        .join(RankingRow, PROPOSED_BY)
        .where(Decision.round_id == round_.id, Decision.outcome == Outcome.RESERVE, province.is_not(None))
    )
    return {application_id: code for application_id, code in db.session.execute(stmt)}  # noqa: C416  # as above


def next_results_on(round_: Round) -> date | None:
    """Return when the results of a later round of the call came out first, or None: then a reserve list ends."""
    stmt = sa.select(sa.func.min(Round.results_published_at)).where(
        Round.call_id == round_.call_id, Round.opens_at > round_.opens_at
    )
    found = db.session.scalar(stmt)
    return brussels_day(found) if found else None


def get_assessment(application_id: int) -> Assessment:
    """Return the stored figures of one application."""
    return get_one(sa.select(Assessment).where(Assessment.application_id == application_id))


def list_kept(decision: Decision) -> list[tuple[dict[str, Any], datetime]]:
    """Return each time a freed award did not fit this reserve: why, as a row's reason, and when."""
    minimum = {"minimum": str(decision.application.minimum_amount or 0)}
    rows = [each for each in list_timeline("decision", decision.id) if each.topic == ReserveKept.topic]
    return [
        (
            {
                "code": each.payload["code"],
                "left": each.payload["left_amount"],
                "limit": each.payload.get("limit"),  # events of before there were budgets for provinces have none
                "province": each.payload.get("province"),
                **minimum,
            },
            each.occurred_at,
        )
        for each in rows
    ]


def count_by_state(round_id: int) -> dict[DecisionState, int]:
    """Return how many of a round's decisions stand in each state."""
    stmt = sa.select(Decision.state, sa.func.count()).where(Decision.round_id == round_id).group_by(Decision.state)
    return {DecisionState(state): number for state, number in db.session.execute(stmt)}


def list_closed_rounds(at: datetime) -> list[tuple[Round, Ranking | None]]:
    """Return the rounds that closed before ``at`` with their latest ranking, the last to close first."""
    latest = sa.select(sa.func.max(Ranking.id)).group_by(Ranking.round_id)
    stmt = (
        sa.select(Round, Ranking)
        .outerjoin(Ranking, sa.and_(Ranking.round_id == Round.id, Ranking.id.in_(latest)))
        .where(Round.state == RoundState.ANNOUNCED, Round.closes_at < at)
        .options(joinedload(Round.call))
        .order_by(Round.closes_at.desc(), Round.code)
    )
    return [(round_, ranking) for round_, ranking in db.session.execute(stmt)]
