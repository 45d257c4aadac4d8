"""The demo's ten rounds, drafted by one administrator and announced by the other; the portal's rules check each date."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from portal.calls.commands.catalogue import load_programmes
from portal.calls.commands.rounds import RoundPlan, announce_round, draft_round, tell_round_moments
from portal.calls.models import Round
from portal.calls.queries import get_call, get_round
from portal.calls.states import RankingPolicy
from portal.core.actor import system_actor
from portal.core.clock import brussels_moment
from portal.core.context import Ctx
from portal.demo.clock import START
from portal.demo.world_people import STAFF_BEGIN, Crowd

PROGRAMME = "digibanken"
FORMATION, EXECUTION = "formation", "execution"
OPENS, CLOSES = 9, 12  # the hour in Brussels


class DemoRound(NamedTuple):
    code: str
    call: str
    announced: str
    opens: str
    closes: str
    decision: str
    projects: str
    budget: int


ROUNDS = (
    DemoRound("A-2021-1", FORMATION, "2021-09-20", "2021-10-04", "2021-11-15", "2022-01-21", "2022-02-01", 180_000),
    DemoRound("B-2021-1", EXECUTION, "2021-09-20", "2021-10-04", "2021-11-15", "2022-01-21", "2022-02-01", 3_000_000),
    DemoRound("A-2022-1", FORMATION, "2022-01-24", "2022-02-14", "2022-03-31", "2022-05-20", "2022-06-01", 103_000),
    DemoRound("B-2022-1", EXECUTION, "2022-01-24", "2022-02-14", "2022-03-31", "2022-06-17", "2022-09-01", 2_600_000),
    DemoRound("B-2022-2", EXECUTION, "2022-03-28", "2022-04-19", "2022-05-31", "2022-08-23", "2022-10-01", 3_000_000),
    DemoRound("A-2022-2", FORMATION, "2022-05-23", "2022-06-13", "2022-07-29", "2022-10-14", "2022-11-01", 150_000),
    DemoRound("B-2022-3", EXECUTION, "2022-05-23", "2022-06-13", "2022-07-29", "2022-10-21", "2022-11-01", 4_000_000),
    DemoRound("B-2022-4", EXECUTION, "2022-06-07", "2022-08-16", "2022-09-16", "2022-12-09", "2023-01-01", 4_000_000),
    DemoRound("B-2022-5", EXECUTION, "2022-06-07", "2022-10-03", "2022-10-28", "2022-12-23", "2023-01-01", 4_000_000),
    DemoRound("A-2024-1", FORMATION, "2022-06-07", "2024-02-05", "2024-03-29", "2024-06-14", "2024-07-01", 150_000),
)


def load_rounds(crowd: Crowd) -> dict[str, Round]:
    """Load the programmes, draft and announce the ten rounds, and tell what the clock did to them; return them by code."""
    load_programmes(Ctx(STAFF_BEGIN, system_actor("cli")))
    rounds = {each.code: _announced(crowd, each) for each in ROUNDS}
    moments = {at for each in rounds.values() for at in (each.opens_at, each.closes_at + timedelta(minutes=1))}
    for at in sorted(moments):
        if at <= START:
            tell_round_moments(Ctx(at, system_actor("clock")))
    return {code: get_round(code, lock=True) for code in rounds}  # read anew, with the form that announcing froze


def _announced(crowd: Crowd, each: DemoRound) -> Round:
    """Return the round, announced; RuleViolation where the table breaks a rule of the portal."""
    announced = brussels_moment(date.fromisoformat(each.announced), 10)
    plan = RoundPlan(
        opens_at=brussels_moment(date.fromisoformat(each.opens), OPENS),
        closes_at=brussels_moment(date.fromisoformat(each.closes), CLOSES),
        decision_due_on=date.fromisoformat(each.decision),
        projects_start_on=date.fromisoformat(each.projects),
        budget_amount=Decimal(each.budget),
        ranking_policy=RankingPolicy.PARTIAL,
    )
    drafted = crowd.ctx("sofie", announced - timedelta(days=4))
    round_ = draft_round(drafted, get_call(PROGRAMME, each.call), plan)
    if round_.code != each.code:
        raise ValueError(f"{each.code} was numbered {round_.code}")
    announce_round(crowd.ctx("dirk", announced), round_)
    return round_
