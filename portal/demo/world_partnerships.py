"""The demo's partnerships with their partners, service areas and registered strategies."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from portal.calls.models import Programme
from portal.core.clock import brussels_moment
from portal.core.files import Storage
from portal.demo import cast
from portal.demo.people import DemoPartnership
from portal.demo.roster import load_roster
from portal.demo.world_people import Crowd
from portal.demo.world_strategies import register_existing
from portal.partnerships.commands import add_partner, begin_partnership, set_service_area
from portal.partnerships.models import Partnership
from portal.partnerships.states import PartnerRole

FIRST = brussels_moment(date(2021, 9, 20), 10)
# Two that the cast began in the demo's own month.
LATELY = {"leieboord": brussels_moment(date(2022, 6, 14), 10), "kanaalkom": brussels_moment(date(2022, 6, 20), 9)}
# Partnerships that worked together before the programme and registered their own strategy; the others form theirs.
EXISTED_BEFORE = frozenset(
    [
        "ieperboog",
        "noorderpolder",
        "reiekant",
        "westerkouter",
        "haspenveld",
        "getekouter",
        "dijlepoort",
        "leiekant",
        "kanaaldok",
        "waasbeemd",
        "schelde-aan-zet",
        "zandkouter",
        "meetjesbos",
        "dendermeers",
        "scheldebocht",
        "zwalmrand",
        "duinlicht",
        "polderzicht",
        "ijzervlakte",
        "mandelhoek",
        "houtkant",
        "gaverbeek",
    ]
)
SUMMARY = "Toestellen lenen, digitaal leren en hulp dichtbij, in {count} gemeenten."


def load_partnerships(crowd: Crowd, programme: Programme, storage: Storage) -> dict[str, Partnership]:
    """Begin every partnership of the roster, and register the strategies of those that worked together before."""
    begun: dict[str, Partnership] = {}
    for serial, each in enumerate(all_partnerships()):
        at = LATELY.get(each.key) or FIRST + timedelta(hours=5 * serial)
        begun[each.key] = _begin(crowd, programme, each, at)
        if each.key in EXISTED_BEFORE:
            register_existing(crowd, begun[each.key], each, storage, at + timedelta(days=3))
    return begun


def all_partnerships() -> tuple[DemoPartnership, ...]:
    """Return the partnerships of the cast and of the roster."""
    return cast.PARTNERSHIPS + load_roster().partnerships


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
