"""The demo's partnerships with their partners, service areas and registered strategies."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from portal.calls.models import Programme
from portal.core.clock import brussels_moment
from portal.core.context import Ctx
from portal.core.files import Storage, store_upload
from portal.demo import cast
from portal.demo.people import DemoPartnership
from portal.demo.roster import load_roster
from portal.demo.strategy_texts import BUDGET_AND_PLANNING, TOPICS, pdf
from portal.demo.world_people import Crowd
from portal.partnerships.commands import (
    add_partner,
    attach_agreement,
    attach_evidence,
    begin_partnership,
    hand_in_strategy,
    recognise_strategy,
    register_strategy,
    return_strategy,
    save_strategy,
    set_service_area,
)
from portal.partnerships.models import Partnership, Strategy
from portal.partnerships.states import PartnerRole

FIRST = brussels_moment(date(2021, 9, 20), 10)
LATELY = brussels_moment(date(2022, 6, 7), 10)
SUMMARY = "Toestellen lenen, digitaal leren en hulp dichtbij, in {count} gemeenten."
RECOGNISED = "De strategie behandelt de zeven thema's en de partners werkten aantoonbaar al samen."
RETURNED = "Werk de nulmeting uit: de strategie zegt niet wie ze uitvoert."
# Partnerships that existed before the programme and registered their own strategy, the first of the roster. The cast's
# own is recognised, so that its application leans on it.
RECOGNISED_ONES, HANDED_IN, SENT_BACK, IN_THE_MAKING = 24, 3, 1, 2


def load_partnerships(crowd: Crowd, programme: Programme, storage: Storage) -> dict[str, Partnership]:
    """Begin every partnership of the roster, and register the strategies of those that existed before."""
    begun: dict[str, Partnership] = {}
    for serial, each in enumerate(cast.PARTNERSHIPS + load_roster().partnerships):
        at = FIRST + timedelta(hours=5 * serial)
        begun[each.key] = _begin(crowd, programme, each, at)
        registered = at + timedelta(days=3) if serial < RECOGNISED_ONES else LATELY + timedelta(hours=5 * serial)
        if serial < RECOGNISED_ONES + HANDED_IN + SENT_BACK + IN_THE_MAKING:
            lead = crowd.ctx(crowd.lead_of[each.promotor], registered)
            strategy = register_strategy(lead, begun[each.key])
            if _write(lead, strategy, each, is_whole=serial < RECOGNISED_ONES + HANDED_IN + SENT_BACK):
                _hand_in(lead, strategy, each, storage)
                _judge(crowd, strategy, serial, registered + timedelta(days=4))
    return begun


def _begin(crowd: Crowd, programme: Programme, each: DemoPartnership, at: datetime) -> Partnership:
    lead = crowd.ctx(crowd.lead_of[each.promotor], at)
    partnership = begin_partnership(
        lead,
        programme=programme,
        promotor=crowd.organisations[each.promotor],
        name=each.name,
        summary=SUMMARY.format(count=len(each.service_area)),
    )
    for keys, role in ((each.core, PartnerRole.CORE), (each.network, PartnerRole.NETWORK)):
        for key in keys:
            add_partner(lead, partnership, crowd.organisations[key], role)
    set_service_area(lead, partnership, each.service_area)
    return partnership


def _write(lead: Ctx, strategy: Strategy, each: DemoPartnership, *, is_whole: bool) -> bool:
    """Write the topics, all of them or the first three; return whether the strategy can be handed in."""
    partners = 1 + len(each.core) + len(each.network)
    topics = {key: text.format(name=each.name, count=partners) for key, text in TOPICS.items()}
    written = topics if is_whole else dict(list(topics.items())[:3])
    planning = BUDGET_AND_PLANNING if is_whole else ""
    save_strategy(lead, strategy, topics=written, budget_and_planning=planning, base_version=strategy.version)
    return is_whole


def _hand_in(lead: Ctx, strategy: Strategy, each: DemoPartnership, storage: Storage) -> None:
    agreement = pdf(f"Samenwerkingsovereenkomst {each.name}")
    attach_agreement(lead, strategy, store_upload(lead, storage, "samenwerkingsovereenkomst.pdf", agreement))
    attach_evidence(
        lead, strategy, store_upload(lead, storage, "jaarverslag-2020.pdf", pdf(f"Jaarverslag {each.name}"))
    )
    hand_in_strategy(lead, strategy)


def _judge(crowd: Crowd, strategy: Strategy, serial: int, at: datetime) -> None:
    if serial < RECOGNISED_ONES:
        recognise_strategy(crowd.ctx("stijn", at), strategy, RECOGNISED)
    elif serial >= RECOGNISED_ONES + HANDED_IN:
        return_strategy(crowd.ctx("stijn", at), strategy, RETURNED)
