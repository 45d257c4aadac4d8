"""When a change of the partnership can be asked and granted, and what it does to the rules. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from portal.applications.admissibility import Asked
from portal.applications.beginning import problems_with_partnership
from portal.applications.checklist import RuleState, rule_states
from portal.applications.closing import closes_at_for
from portal.applications.dossier import Dossier, Part
from portal.applications.states import ChangeKind, Outcome, ShareGoes, State
from portal.core.errors import Problem
from portal.core.text import _l
from portal.partnerships.states import PartnerRole

if TYPE_CHECKING:
    from portal.applications.change_models import ChangeRequest
    from portal.applications.models import Application
    from portal.calls.definitions import CallDefinition
    from portal.partnerships.models import Partner

UNDER_WAY = (State.SUBMITTED, State.RETURNED, State.ADMISSIBLE)
LONGEST_REASON = 1500


def problems_with_moment(application: Application, at: datetime) -> Iterator[Problem]:
    """Yield why nothing of the partnership can change by request at ``at``: only between the deadline and the award.

    Whoever stands on the reserve list has no award yet.
    """
    if application.state is State.DRAFT or (application.state in UNDER_WAY and at <= closes_at_for(application)):
        message = _l("Until the deadline you change this yourselves: in the draft, or after reopening the application.")
        yield Problem("round-still-open", message)
    elif application.state not in UNDER_WAY:
        yield Problem("not-under-way", _l("This application is not judged any further."))
    elif application.outcome not in (None, Outcome.RESERVE):
        yield Problem("already-decided", _l("The decision on this application is published."))


def candidates_of(application: Application, kind: ChangeKind) -> list[Partner]:
    """Return the partners that could lead (core partners), or leave (all but who leads)."""
    others = [
        each
        for each in application.partnership.partners
        if each.ended_on is None and each.organisation_id != application.promotor_id
    ]
    if kind is ChangeKind.PROMOTOR:
        return [each for each in others if each.role != PartnerRole.NETWORK]
    return [each for each in others if each.role != PartnerRole.PROMOTOR]


def problems_before_asking_change(
    application: Application,
    kind: ChangeKind,
    organisation_id: int,
    reason: str,
    at: datetime,
    *,
    has_open: bool,
) -> Iterator[Problem]:
    """Yield why this change cannot be asked; ``has_open``: another one of its kind waits."""
    yield from problems_with_moment(application, at)
    if has_open:
        message = _l("Such a change is asked already. Withdraw that request, or wait until it is decided.")
        yield Problem("change-open", message)
    if organisation_id not in {each.organisation_id for each in candidates_of(application, kind)}:
        yield Problem("not-a-candidate", _l("Choose a partner from the list."), "organisation")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        message = _l("Give a reason, in at most %(limit)s characters.", limit=LONGEST_REASON)
        yield Problem("reason-missing", message, "reason")


def problems_before_granting(
    change: ChangeRequest,
    terms: Iterable[tuple[Application, CallDefinition]],
    led: Collection[Application],
    at: datetime,
) -> Iterator[Problem]:
    """Yield why a change cannot be granted now. ``terms`` are those of each application that would change its lead
    partner; ``led`` are the applications of others that the new one leads.
    """
    yield from problems_with_moment(change.application, at)
    if change.waits_for_agreement:
        yield Problem("not-agreed", _l("The other organisation has not agreed yet."))
    if change.organisation_id not in {each.organisation_id for each in candidates_of(change.application, change.kind)}:
        yield Problem("not-a-candidate", _l("This organisation no longer has the role that the request speaks of."))
    elif change.kind is ChangeKind.PROMOTOR:
        if change.organisation.confirmed_at is None:
            message = _l("The right to sign for the new lead partner is not confirmed yet. Judge the claim first.")
            yield Problem("claim-unconfirmed", message)
        for application, asked in terms:
            beside = [each for each in led if each.round_id == application.round_id]
            partnership = change.application.partnership
            yield from problems_with_partnership(application.round, asked, partnership, change.organisation_id, beside)


def after(dossier: Dossier, change: ChangeRequest) -> Dossier:
    """Return what the rules would read once the change is granted."""
    number = change.organisation_id
    if change.kind is ChangeKind.LEAVING:
        parts = tuple(each for each in dossier.parts if each.organisation_id != number)
        kept = replace(dossier, parts=parts)
        return kept.without_costs_of(number) if change.share_goes is ShareGoes.GIVEN_UP else kept
    parts = tuple(_with_role(each, number, dossier.promotor_id) for each in dossier.parts)
    return replace(dossier, parts=parts, promotor_id=number)


def _with_role(part: Part, leads: int, led: int) -> Part:
    roles = {leads: PartnerRole.PROMOTOR, led: PartnerRole.CORE}
    return replace(part, role=str(roles.get(part.organisation_id, part.role)))


@dataclass(frozen=True, slots=True)
class Consequence:
    """One admissibility rule that a change would make the portal judge differently."""

    before: RuleState
    after: RuleState


def consequences_of(dossier: Dossier, change: ChangeRequest, asked: Asked) -> list[Consequence]:
    """Return the rules whose machine half would find something else after the change, in the call's order."""
    pairs = zip(rule_states(dossier, asked), rule_states(after(dossier, change), asked), strict=True)
    return [Consequence(old, new) for old, new in pairs if _found(old) != _found(new)]


def _found(state: RuleState) -> tuple[str, frozenset[str]]:
    return state.machine, frozenset(str(each.message) for each in state.problems)
