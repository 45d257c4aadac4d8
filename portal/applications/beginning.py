"""Why a partnership cannot begin an application in a round: the same answer for the page and for the command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from portal.calls.rules import is_open
from portal.core.errors import Problem
from portal.core.text import _l

if TYPE_CHECKING:
    from portal.applications.models import Application
    from portal.calls.definitions import CallDefinition
    from portal.calls.models import Round
    from portal.partnerships.models import Partnership


def problems_with_round(round_: Round, at: datetime) -> Iterator[Problem]:
    """Yield why nobody can begin an application in the round at ``at``."""
    if not is_open(round_, at):
        yield Problem("round-closed", _l("This round is not open."), "round")


def problems_with_partnership(
    round_: Round, terms: CallDefinition, partnership: Partnership, promotor_id: int | None, live: Iterable[Application]
) -> Iterator[Problem]:
    """Yield why the partnership cannot apply in the round; ``live`` are the round's applications that stand."""
    standing, kinds = list(live), terms.applicant_kinds
    if kinds and promotor_id is not None and _kind_of(partnership, promotor_id) not in kinds:
        message = _l("Only another kind of organisation can apply in this call.")
        yield Problem("applicant-of-other-kind", message, "partnership")
    if promotor_id is None:
        yield Problem("no-promotor", _l("The partnership has no lead partner."), "partnership")
    if partnership.programme_id != round_.call.programme_id:
        yield Problem("other-programme", _l("The partnership belongs to another programme."), "partnership")
    if any(each.partnership_id == partnership.id for each in standing):
        yield Problem("application-exists", _l("This partnership applies in this round already."), "partnership")
    elif any(each.promotor_id == promotor_id for each in standing):
        message = _l("The lead partner leads another application in this round.")
        yield Problem("promotor-applies-already", message, "partnership")


def _kind_of(partnership: Partnership, organisation_id: int) -> str:
    return next(str(each.organisation.kind) for each in partnership.partners if each.organisation_id == organisation_id)
