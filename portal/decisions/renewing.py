"""A new decision after an upheld request for review: when, by whom, and within what. Pure.

It stands outside the ranking, which stays as it was published. A review never takes away what the first decision gave
(ours: no source says so; an award is taken back by withdrawing it).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from portal.applications.states import AWARDS, Outcome
from portal.core.actor import Actor, Role
from portal.core.errors import Problem
from portal.core.money import ZERO
from portal.core.text import _l
from portal.decisions.deciding import NewCondition, problems_with_amount, problems_with_conditions
from portal.decisions.states import DecisionState, Ground, RequestState

if TYPE_CHECKING:
    from portal.decisions.models import Decision, ProposedDecision, ReviewRequest
    from portal.decisions.request_queries import DeskRequest

_STANDS = (DecisionState.PUBLISHED, DecisionState.ACCEPTED)
_WORTH = {Outcome.REFUSED: 0, Outcome.RESERVE: 1, Outcome.CONDITIONAL: 2, Outcome.APPROVED: 2}
_SUFFIX = "-H"  # herziening
PERSONS_NEEDED = 2  # one prepares, another confirms


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What somebody wants to decide; ``amount`` in euro, zero for what is no award."""

    outcome: Outcome
    amount: Decimal
    reason: str
    conditions: Sequence[NewCondition] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """Within what a new decision is taken. Amounts in euro.

    ``budget_left`` and ``envelope_left`` are of the round and its programme, with what the first decision gives back;
    ``province_left`` is of the province it counts for, None where the round sets nothing apart for that.
    """

    first_outcome: Outcome
    first_amount: Decimal
    requested_amount: Decimal
    minimum_amount: Decimal | None
    budget_left: Decimal
    envelope_left: Decimal
    province_left: Decimal | None = None

    @property
    def most(self) -> Decimal:
        """The highest amount that can be awarded; zero where less is left than the project can go on with."""
        least = self.requested_amount if self.minimum_amount is None else self.minimum_amount
        most = min(self.requested_amount, self.budget_left, self.envelope_left)
        most = most if self.province_left is None else min(most, self.province_left)
        return most if most >= least else ZERO


def may_renew(actor: Actor, found: DeskRequest) -> bool:
    """Return whether the actor prepares or confirms the new decision.

    An administrator whose organisation takes part in no application of the round; where the review is about the
    content, one who neither judged the application nor prepared, changed, confirmed or published the first decision.
    """
    if found.takes_part or not actor.has(Role.ADMINISTRATOR):
        return False
    return found.request.ground is Ground.TECHNICAL or actor.person_id not in found.involved_ids


def number_after_review(number: str) -> str:
    """Return the number of the decision that replaces the one of this number: B-2022-1/03 gives B-2022-1/03-H1."""
    first, _suffix, times = number.rpartition(_SUFFIX)
    return f"{first}{_SUFFIX}{int(times) + 1}" if first and times.isdecimal() else f"{number}{_SUFFIX}1"


def problems_before_renewing(request: ReviewRequest, decision: Decision) -> Iterator[Problem]:
    """Yield why no new decision can be taken after this request; ``decision`` is the one it is about."""
    if request.state is not RequestState.UPHELD:
        yield Problem("not-upheld", _l("A new decision is taken only after an upheld request for review."))
    elif decision.state == DecisionState.REPLACED:
        yield Problem("renewed", _l("The new decision after this review is taken already."))
    elif decision.state not in _STANDS:
        message = _l("The grant was declined, withdrawn or has lapsed: there is nothing left to decide anew.")
        yield Problem("stands-no-more", message)
    elif decision.withdrawal_asked_by_id is not None:
        message = _l("The withdrawal of this grant is proposed. Confirm or drop it first.")
        yield Problem("withdrawal-proposed", message)


def problems_before_proposing(
    request: ReviewRequest, decision: Decision, proposal: ProposedDecision | None
) -> Iterator[Problem]:
    """Yield why no new decision can be proposed now; the page shows the same."""
    yield from problems_before_renewing(request, decision)
    if proposal is not None:
        message = _l("A new decision is proposed already. Drop it to propose another.")
        yield Problem("new-decision-proposed", message)


def problems_before_confirming_new(
    request: ReviewRequest, decision: Decision, proposal: ProposedDecision | None, person_id: int | None
) -> Iterator[Problem]:
    """Yield why ``person_id`` cannot confirm the new decision; the page shows the same."""
    found = list(problems_before_renewing(request, decision))
    yield from found
    if not found and proposal is None:
        yield Problem("not-proposed", _l("No new decision is proposed."))
    elif proposal is not None and proposal.prepared_by_id == person_id:
        message = _l("You prepared this decision yourself. A second person confirms it.")
        yield Problem("same-person", message)


def problems_with_new_decision(new: NewDecision, room: Room, today: date) -> Iterator[Problem]:
    """Yield what is wrong with a new decision, down to the cent."""
    if new.outcome in AWARDS:
        yield from _problems_with_award(new, room)
    elif _WORTH[new.outcome] < _WORTH[room.first_outcome]:
        yield Problem("worse-than-first", _WORSE, "outcome")
    yield from problems_with_conditions(new.outcome, new.conditions, today)
    if not new.reason.strip():
        yield Problem("reason-missing", _l("Give the reason: the applicant reads it."), "reason")


_WORSE = _l("A review takes nothing away that the first decision gave. To take a grant back, withdraw it.")


def _problems_with_award(new: NewDecision, room: Room) -> Iterator[Problem]:
    found = list(problems_with_amount(new.amount, room.requested_amount, room.minimum_amount))
    yield from found
    if found:
        return
    if new.amount < room.first_amount:
        yield Problem("worse-than-first", _WORSE, "amount")
    if new.amount > room.budget_left:
        message = _l(
            "This is %(over)s more than the round’s budget has left, which is %(left)s.",
            over=new.amount - room.budget_left,
            left=max(ZERO, room.budget_left),
        )
        yield Problem("over-budget", message, "amount")
    if room.province_left is not None and new.amount > room.province_left:
        message = _l(
            "This is %(over)s more than the round has left for the province of this application, which is %(left)s.",
            over=new.amount - room.province_left,
            left=max(ZERO, room.province_left),
        )
        yield Problem("over-province", message, "amount")
    if new.amount > room.envelope_left:
        message = _l(
            "This is %(over)s more than the programme has left, which is %(left)s.",
            over=new.amount - room.envelope_left,
            left=max(ZERO, room.envelope_left),
        )
        yield Problem("over-envelope", message, "amount")
