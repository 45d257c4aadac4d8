"""The banner of the last hours: on every page of a draft, for those who apply, from a day before its deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.applications import policies
from portal.applications.closing import NEAR_WORDS, OVER_WORDS, Nearness, closes_at_for, nearness
from portal.applications.models import Application
from portal.applications.states import State
from portal.applications.views.blueprint import bp
from portal.core.text import Msg
from portal.core.web import arrived_at, current_actor


@dataclass(frozen=True, slots=True)
class LastHours:
    """What the banner says: ``near`` is None while the deadline is still more than a day away, and then it is hidden,
    for a script to show when the page stays open until it is near.
    """

    reference: str
    closes_at: datetime
    near: Nearness | None
    may_submit: bool
    words = NEAR_WORDS
    over: Msg = OVER_WORDS


@bp.app_template_global("last_hours_of")
def last_hours_of(application: Any) -> LastHours | None:
    """Return the banner of an application's page; None where nobody has to hurry, or on the desk's side."""
    if not isinstance(application, Application) or application.state is not State.DRAFT:
        return None
    actor, at = current_actor(), arrived_at()
    closes_at = closes_at_for(application)
    if at > closes_at or not policies.is_applicant(actor, application):
        return None
    may_submit = policies.SUBMIT.allows(actor, application)
    return LastHours(application.reference, closes_at, nearness(closes_at, at), may_submit)
