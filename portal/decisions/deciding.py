"""What must hold before a round is ranked, and its decisions are changed, confirmed, published or let lapse. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from portal.applications.states import AWARDS, Outcome
from portal.calls.states import Phase
from portal.core.actor import Actor
from portal.core.errors import Problem
from portal.core.money import ZERO
from portal.core.text import Msg, _l
from portal.decisions.rules import Overspent
from portal.decisions.states import DecisionState, Place
from portal.places.provinces import PROVINCES_BY_CODE

if TYPE_CHECKING:
    from portal.applications.models import Application
    from portal.decisions.models import Condition, Decision

MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far a round is from being ranked: each tuple names the applications that wait, by reference."""

    ready: int = 0  # admissible and assessed, with nothing missing
    unjudged: tuple[str, ...] = ()  # admissibility is not decided yet
    incomplete: tuple[str, ...] = ()  # admissible, and too few reviews are in
    consensus: tuple[str, ...] = ()  # consensus is asked and not recorded
    amount: tuple[str, ...] = ()  # no requested amount
    extended: tuple[str, ...] = ()  # a draft that still has time to be handed in

    @property
    def waiting(self) -> int:
        return sum(map(len, (self.unjudged, self.incomplete, self.consensus, self.amount, self.extended)))


@dataclass(frozen=True, slots=True)
class NewCondition:
    """A condition to set: what must be done, and the last day for it."""

    text: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants to decide, beside what the ranking proposes (its place and amount) and what was asked."""

    outcome: Outcome
    amount: Decimal
    reason: str
    conditions: Sequence[NewCondition]
    place: Place
    proposed_amount: Decimal
    requested_amount: Decimal
    minimum_amount: Decimal | None

    @property
    def departs(self) -> bool:
        """Whether it departs from the ranking. A condition alone does not: the place and the amount stay."""
        is_award = self.outcome in AWARDS
        same = is_award if OUTCOMES[self.place] in AWARDS else self.outcome is OUTCOMES[self.place]
        return not same or (is_award and self.amount != self.proposed_amount)


OUTCOMES: dict[Place, Outcome] = {
    Place.FUNDED: Outcome.APPROVED,
    Place.PARTIAL: Outcome.APPROVED,
    Place.RESERVE: Outcome.RESERVE,
    Place.NOT_FUNDABLE: Outcome.REFUSED,
}


def takes_part(actor: Actor, application: Application) -> bool:
    """Return whether the actor belongs to a partner of the application, past ones included (partners are loaded)."""
    partners = {each.organisation_id for each in application.partnership.partners}
    return actor.may_read_for({application.promotor_id, *partners})


def problems_before_ranking(phase: Phase, readiness: Readiness) -> Iterator[Problem]:
    """Yield everything that keeps a round from being ranked; the board shows the same list."""
    if phase is Phase.RESULTS:
        yield Problem("results-published", _l("The results of this round are published: its ranking stands."))
        return
    if phase not in (Phase.CLOSED, Phase.IN_REVIEW):
        yield Problem("round-not-closed", _l("A round is ranked after it has closed."))
        return
    yield from problems_with_readiness(readiness)


def problems_with_readiness(readiness: Readiness) -> Iterator[Problem]:
    """Yield what is missing on the applications of a closed round, one problem for each kind."""
    if readiness.unjudged:
        message = _l("Judge the admissibility of %(references)s first.", references=_named(readiness.unjudged))
        yield Problem("admissibility-open", message)
    if readiness.incomplete:
        message = _l("Reviews are missing of %(references)s.", references=_named(readiness.incomplete))
        yield Problem("reviews-missing", message)
    if readiness.consensus:
        message = _l("Consensus is asked and not recorded on %(references)s.", references=_named(readiness.consensus))
        yield Problem("consensus-open", message)
    if readiness.amount:
        yield Problem("amount-missing", _l("%(references)s asks for nothing.", references=_named(readiness.amount)))
    if readiness.extended:
        message = _l("%(references)s got more time and can still be handed in.", references=_named(readiness.extended))
        yield Problem("extension-running", message)


def _named(references: Sequence[str]) -> Msg | str:
    if len(references) <= MOST_NAMED:
        return ", ".join(references)
    first = ", ".join(references[:MOST_NAMED])
    return _l("%(first)s and %(count)s more", first=first, count=len(references) - MOST_NAMED)


def problems_with_change(change: Change, today: date) -> Iterator[Problem]:
    """Yield what is wrong with a decision that somebody wants to change."""
    if change.outcome in AWARDS:
        yield from _problems_with_award(change)
    yield from problems_with_conditions(change.outcome, change.conditions, today)
    if change.departs and not change.reason.strip():
        message = _l("This departs from the ranking. Give the reason: the applicant reads it.")
        yield Problem("reason-missing", message, "reason")


def _problems_with_award(change: Change) -> Iterator[Problem]:
    if change.place is Place.NOT_FUNDABLE:
        message = _l("This application misses a threshold, so it cannot be awarded a grant.")
        yield Problem("not-fundable", message, "outcome")
    yield from problems_with_amount(change.amount, change.requested_amount, change.minimum_amount)


def problems_with_conditions(outcome: Outcome, conditions: Sequence[NewCondition], today: date) -> Iterator[Problem]:
    """Yield what is wrong with the conditions of a decision."""
    if outcome not in AWARDS and conditions:
        yield Problem("conditions-without-award", _l("Only an award can have conditions."), "conditions")
    if outcome is Outcome.CONDITIONAL and not conditions:
        yield Problem("conditions-missing", _l("Write at least one condition, with its due date."), "conditions")
    if outcome is Outcome.APPROVED and conditions:
        message = _l("Choose approved under conditions, or remove the conditions.")
        yield Problem("conditions-not-announced", message, "conditions")
    for each in conditions:
        if not each.text.strip():
            yield Problem("condition-empty", _l("Write what the condition asks."), "conditions")
        if each.due_on <= today:
            yield Problem("condition-due-past", _l("A condition is due on a day that lies ahead."), "conditions")


def problems_with_amount(amount: Decimal, requested: Decimal, minimum: Decimal | None) -> Iterator[Problem]:
    """Yield why an award (euro) cannot have this amount: it lies between what the project needs and what it asks.

    Without a stated ``minimum`` the application takes no reduction (domain page §6, A7 and B13).
    """
    if amount <= ZERO:
        yield Problem("award-without-amount", _l("Write the awarded amount."), "amount")
    elif amount > requested:
        message = _l("The application asks for %(requested)s: no more can be awarded.", requested=requested)
        yield Problem("above-requested", message, "amount")
    elif minimum is None and amount < requested:
        message = _l(
            "The application takes no reduction: award the %(requested)s that it asks, or decide otherwise.",
            requested=requested,
        )
        yield Problem("no-reduction-accepted", message, "amount")
    elif minimum is not None and amount < minimum:
        message = _l("The project can go on with %(minimum)s or more: award no less.", minimum=minimum)
        yield Problem("below-minimum", message, "amount")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A round's pending decisions as one person meets them: a decision is confirmed by somebody who did not prepare
    it, and who has no part in the partnership.
    """

    confirmable: tuple[Decision, ...]
    own: tuple[Decision, ...]
    conflicted: tuple[Decision, ...]


def sort_for_confirming(decisions: Iterable[Decision], actor: Actor) -> Confirmation:
    """Return the pending ones of ``decisions`` by what the actor may do with them."""
    confirmable, own, conflicted = [], [], []
    for each in decisions:
        if each.state != DecisionState.PENDING:
            continue
        if takes_part(actor, each.application):
            conflicted.append(each)
        elif each.prepared_by_id == actor.person_id:
            own.append(each)
        else:
            confirmable.append(each)
    return Confirmation(tuple(confirmable), tuple(own), tuple(conflicted))


def problems_before_confirming(found: Confirmation) -> Iterator[Problem]:
    """Yield why nothing can be confirmed; as soon as one decision can be, the others simply stay pending."""
    if found.confirmable:
        return
    if found.own:
        message = _l("You prepared these decisions yourself. A second person confirms them.")
        yield Problem("same-person", message)
    if found.conflicted:
        message = _l("You take part in the partnership that this is about. Somebody else confirms it.")
        yield Problem("conflicted", message)
    if not found.own and not found.conflicted:
        yield Problem("nothing-to-confirm", _l("No decision waits for confirmation."))


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing a round rests on. Amounts in euro; ``envelope_left`` before this round's awards."""

    is_ranked: bool
    is_unchanged: bool  # the ranking gives the same rows when it is computed again, and every decision rests on it
    missing: int  # rows of the ranking without a decision
    pending: int
    awarded_amount: Decimal
    budget_amount: Decimal
    envelope_left: Decimal
    overspent: Sequence[Overspent] = ()  # provinces that get more than the round sets apart for them


def over_province(found: Overspent) -> Msg:
    """Return the sentence about a province whose awards are above its budget."""
    return _l(
        "%(province)s: the awards come to %(awarded)s; its budget in this round is %(budget)s.",
        province=PROVINCES_BY_CODE[found.province].name,
        awarded=found.awarded,
        budget=found.budget,
    )


def problems_before_publishing(found: Publication) -> Iterator[Problem]:
    """Yield everything that keeps a round's results from being published; the page shows the same list."""
    if not found.is_ranked:
        yield Problem("not-ranked", _l("Compute the ranking first."))
        return
    if not found.is_unchanged:
        message = _l("The ranking has changed since the decisions were prepared. Compute it and prepare them again.")
        yield Problem("ranking-changed", message)
    if found.missing:
        message = _l("%(count)s applications in the ranking have no decision yet.", count=found.missing)
        yield Problem("decisions-missing", message)
    if found.pending:
        message = _l("%(count)s decisions wait for confirmation by a second person.", count=found.pending)
        yield Problem("decisions-unconfirmed", message)
    if found.awarded_amount > found.budget_amount:
        message = _l(
            "The awards come to %(awarded)s; the round's budget is %(budget)s.",
            awarded=found.awarded_amount,
            budget=found.budget_amount,
        )
        yield Problem("over-budget", message)
    for each in found.overspent:
        yield Problem("over-province", over_province(each))
    if found.awarded_amount > found.envelope_left:
        message = _l(
            "The awards come to %(awarded)s; the programme has %(left)s left.",
            awarded=found.awarded_amount,
            left=found.envelope_left,
        )
        yield Problem("over-envelope", message)


def problems_before_lapsing(decision: Decision, conditions: Iterable[Condition], today: date) -> Iterator[Problem]:
    """Yield why an award cannot lapse: silence lasts past its last day, or an accepted one misses a condition."""
    if decision.state == DecisionState.PUBLISHED:
        if decision.answer_due_on is None or today <= decision.answer_due_on:
            message = _l("The lead partner can answer until %(day)s.", day=decision.answer_due_on)
            yield Problem("answer-not-overdue", message)
    elif not any(each.is_met is False for each in conditions):
        yield Problem("no-condition-unmet", _l("An accepted grant lapses only where a condition was not met."))


_NO_AWARD = Problem("no-award", _l("Only a grant that stands can be withdrawn."))


def _stands(decision: Decision) -> bool:
    return decision.outcome in AWARDS and decision.state in (DecisionState.PUBLISHED, DecisionState.ACCEPTED)


def problems_before_proposing_withdrawal(decision: Decision) -> Iterator[Problem]:
    """Yield why the withdrawal of an award cannot be proposed; the page shows the same."""
    if not _stands(decision):
        yield _NO_AWARD
    elif decision.withdrawal_asked_by_id is not None:
        yield Problem("withdrawal-proposed", _l("The withdrawal of this grant is proposed already."))


def problems_before_withdrawing(decision: Decision, person_id: int | None) -> Iterator[Problem]:
    """Yield why ``person_id`` cannot confirm the withdrawal of an award; None asks whether one is proposed at all."""
    if not _stands(decision):
        yield _NO_AWARD
    elif decision.withdrawal_asked_by_id is None:
        yield Problem("not-proposed", _l("No withdrawal of this grant is proposed."))
    elif decision.withdrawal_asked_by_id == person_id:
        yield Problem("same-person", _l("You proposed this withdrawal yourself. A second person confirms it."))
