"""The demo's strategies: registered by partnerships that existed, or handed in as the result of a formation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.core.clock import brussels_moment
from portal.core.context import Ctx
from portal.core.files import Storage, store_upload
from portal.demo.people import DemoPartnership
from portal.demo.strategy_texts import BUDGET_AND_PLANNING, TOPICS, pdf
from portal.demo.world_people import Crowd
from portal.partnerships.commands import (
    attach_agreement,
    attach_evidence,
    hand_in_strategy,
    recognise_strategy,
    register_strategy,
    return_strategy,
    save_strategy,
)
from portal.partnerships.models import Partnership, Strategy
from portal.partnerships.queries import present_strategy

RECOGNISED = "De strategie behandelt de zeven thema's en de partners werkten aantoonbaar al samen."
FORMED = "Het resultaat van het voortraject is volledig: overeenkomst, zeven thema's, begroting en planning."
RETURNED = "Werk de nulmeting uit: de strategie zegt niet wie ze uitvoert."


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a formation: handed in on a day, and recognised, sent back, or not judged yet."""

    partnership: str
    handed_in_on: date
    recognised_on: date | None = None
    returned_on: date | None = None


# The formations of A-2021-1 end on 31 May 2022. One of the twelve has not handed in its result yet.
RESULTS = (
    Result("noordheide", date(2022, 5, 12), date(2022, 5, 19)),
    Result("mijnlaan", date(2022, 5, 16), date(2022, 5, 24)),
    Result("demerbocht", date(2022, 5, 17), date(2022, 5, 24)),
    Result("netebroek", date(2022, 5, 18), date(2022, 5, 30)),
    Result("bosheide", date(2022, 5, 23), date(2022, 6, 2)),
    Result("zilverheide", date(2022, 5, 27), date(2022, 6, 8)),
    Result("maasbeemd", date(2022, 5, 30), date(2022, 6, 9)),
    Result("vaartdal", date(2022, 5, 30), date(2022, 6, 10)),
    Result("kleinbeek", date(2022, 5, 31), returned_on=date(2022, 6, 13)),
    Result("rupelrand", date(2022, 5, 31)),
    Result("vaartzicht", date(2022, 5, 31)),
)


def register_existing(
    crowd: Crowd, partnership: Partnership, each: DemoPartnership, storage: Storage, at: datetime
) -> None:
    """Register the strategy of a partnership that existed before, recognised four days later."""
    lead = crowd.ctx(crowd.lead_of[each.promotor], at)
    strategy = register_strategy(lead, partnership)
    _write(lead, strategy, each)
    evidence = pdf(f"Jaarverslag {each.name}")
    attach_evidence(lead, strategy, store_upload(lead, storage, "jaarverslag-2020.pdf", evidence))
    _hand_in(lead, strategy, each, storage)
    recognise_strategy(crowd.ctx("stijn", at + timedelta(days=4)), strategy, RECOGNISED)


def hand_in_result(
    crowd: Crowd, partnership: Partnership, each: DemoPartnership, storage: Storage, result: Result
) -> None:
    """Write and hand in what the formation led to; the case officer judges it where the result says so."""
    strategy = present_strategy(partnership.id)
    if strategy is None:
        raise ValueError(f"{each.key} forms no strategy")
    lead = crowd.ctx(crowd.lead_of[each.promotor], brussels_moment(result.handed_in_on, 15))
    _write(lead, strategy, each)
    _hand_in(lead, strategy, each, storage)
    if result.recognised_on:
        recognise_strategy(crowd.ctx("stijn", brussels_moment(result.recognised_on, 11)), strategy, FORMED)
    elif result.returned_on:
        return_strategy(crowd.ctx("stijn", brussels_moment(result.returned_on, 11)), strategy, RETURNED)


def _write(lead: Ctx, strategy: Strategy, each: DemoPartnership) -> None:
    partners = 1 + len(each.core) + len(each.network)
    topics = {key: text.format(name=each.name, count=partners) for key, text in TOPICS.items()}
    save_strategy(lead, strategy, topics=topics, budget_and_planning=BUDGET_AND_PLANNING, base_version=strategy.version)


def _hand_in(lead: Ctx, strategy: Strategy, each: DemoPartnership, storage: Storage) -> None:
    agreement = pdf(f"Samenwerkingsovereenkomst {each.name}")
    attach_agreement(lead, strategy, store_upload(lead, storage, "samenwerkingsovereenkomst.pdf", agreement))
    hand_in_strategy(lead, strategy)
