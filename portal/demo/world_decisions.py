"""How the demo's rounds were decided: ranked and prepared by one administrator, confirmed and published by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.applications.states import AWARDS, Outcome
from portal.calls.models import Round
from portal.core.clock import brussels_moment
from portal.decisions.commands.answering import accept_award
from portal.decisions.commands.preparing import change_decision, confirm_decisions, prepare_decisions
from portal.decisions.commands.publishing import publish_round
from portal.decisions.commands.ranking import compute_ranking
from portal.decisions.deciding import NewCondition
from portal.decisions.models import Decision
from portal.decisions.queries import list_decisions
from portal.demo.clock import START
from portal.demo.world_people import Crowd

SIGNER = "Dirk Lambrechts, afdelingshoofd"
CONDITION = "Bezorg het besluit waarmee elk bestuur van het werkingsgebied de kosten na de subsidie opneemt in zijn meerjarenplan."
UNDER_CONDITIONS = "De verankering na de subsidie is beloofd, maar nog niet door elk bestuur beslist."


@dataclass(frozen=True, slots=True)
class Decided:
    """When a round was ranked and published; ``conditional`` is the lead partner's award that got a condition."""

    ranked_on: date
    published_on: date
    conditional: str | None = None
    condition_due_on: date | None = None


DECIDED = {
    "A-2021-1": Decided(date(2022, 1, 10), date(2022, 1, 20)),
    "B-2021-1": Decided(date(2022, 1, 11), date(2022, 1, 21), "westerkouter", date(2022, 9, 30)),
    "A-2022-1": Decided(date(2022, 5, 11), date(2022, 5, 18)),
    "B-2022-1": Decided(date(2022, 6, 9), date(2022, 6, 17), "kanaaldok", date(2022, 12, 1)),
}


def decide_round(crowd: Crowd, round_: Round, conditional: int | None) -> None:
    """Rank the round, prepare, confirm and publish its decisions, and let the awards of long ago be accepted.

    ``conditional`` is the partnership whose award gets a condition.
    """
    plan = DECIDED[round_.code]
    ranked_at, published_at = brussels_moment(plan.ranked_on, 10), brussels_moment(plan.published_on, 10)
    preparing = crowd.ctx("sofie", ranked_at)
    prepare_decisions(preparing, round_, compute_ranking(preparing, round_))
    for each in list_decisions(round_.id):
        if each.application.partnership_id == conditional and plan.condition_due_on:
            _set_condition(crowd, each, ranked_at + timedelta(hours=3), plan.condition_due_on)
    confirm_decisions(crowd.ctx("dirk", published_at - timedelta(days=2)), round_)
    awards = [each for each in publish_round(crowd.ctx("dirk", published_at), round_, SIGNER) if each.outcome in AWARDS]
    for place, each in enumerate(awards):
        answered_at = published_at + timedelta(hours=3 + 26 * place)
        if answered_at < START:
            accept_award(crowd.ctx(crowd.lead_by_id[each.application.promotor_id], answered_at), each)


def _set_condition(crowd: Crowd, decision: Decision, at: datetime, due_on: date) -> None:
    change_decision(
        crowd.ctx("sofie", at),
        decision,
        outcome=Outcome.CONDITIONAL,
        amount=decision.amount,
        reason=UNDER_CONDITIONS,
        conditions=(NewCondition(CONDITION, due_on),),
    )
