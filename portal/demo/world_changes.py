"""The change of partners that waits in the demo: a partner that wants to leave while its application is reviewed."""

from __future__ import annotations

from datetime import date

from portal.applications.change_models import ChangeRequest
from portal.applications.changing import candidates_of
from portal.applications.commands.change import ask_leaving
from portal.applications.models import Application
from portal.applications.states import ChangeKind, ShareGoes
from portal.core.clock import brussels_moment
from portal.demo.world_people import Crowd
from portal.partnerships.states import PartnerRole

REASON = (
    "Deze partner verliest zijn digihelper en kan de lessen niet meer geven. De andere partners nemen zijn groepen over; "
    "de plaatsen en de aantallen blijven zoals ze ingediend zijn."
)


def ask_one_to_leave(crowd: Crowd, application: Application) -> ChangeRequest:
    """Let the lead partner ask that the core partner it took in last leaves."""
    asking = crowd.ctx(crowd.lead_by_id[application.promotor_id], brussels_moment(date(2022, 6, 16), 10, 25))
    core = [each for each in candidates_of(application, ChangeKind.LEAVING) if each.role == PartnerRole.CORE]
    return ask_leaving(asking, application, core[-1].organisation_id, ShareGoes.TAKEN_OVER, REASON)
