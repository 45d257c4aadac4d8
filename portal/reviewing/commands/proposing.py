"""A case officer asks a proposal, changes it by hand, and discards it. Nobody is invited and nobody is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from portal.calls.models import Round
from portal.calls.rules import phase
from portal.calls.states import Phase
from portal.core.advance import advance
from portal.core.clock import brussels_day, machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import IllegalTransition, Problem, RuleViolation, explain_constraint, refuse_if
from portal.core.event_log import record
from portal.core.text import _l
from portal.core.waking import wake_after_commit
from portal.reviewing.assignment_facts import RoundFacts, facts_of, loads_with
from portal.reviewing.assignment_models import Assignment, AssignmentPair
from portal.reviewing.assignment_queries import find_live
from portal.reviewing.assignment_reasons import reason_by_hand
from portal.reviewing.assignment_states import AssignmentAction, AssignmentState, PairOrigin
from portal.reviewing.commands.assigning import conflict_problems
from portal.reviewing.events import (
    AssignmentPairAdded,
    AssignmentPairLocked,
    AssignmentPairRemoved,
    AssignmentPairUnlocked,
    AssignmentRequested,
)
from portal.reviewing.matching.problem import Pair

_ASKED = _l("A proposal for this round was asked for already.")
explain_constraint("uq_assignment_one_live", "already-requested", _ASKED, "wanted")
MOST_WANTED = 9


def request_assignment(ctx: Ctx, round_: Round, wanted: int, due_on: date) -> Assignment:
    """Ask a worker for a proposal of ``wanted`` reviewers for each admissible application, reviews due on ``due_on``.

    A proposal that lies there is discarded; its locked pairs go on into the new one. Raises IllegalTransition unless
    the round is closed and its results are not out, or while one is being made; RuleViolation with
    due-in-the-past, wanted-out-of-range.
    """
    if phase(round_, ctx.now) not in (Phase.CLOSED, Phase.IN_REVIEW):
        raise IllegalTransition("round", "review", str(phase(round_, ctx.now)), round_.results_published_at)
    refuse_if(_problems_with_request(ctx, wanted, due_on))
    before = find_live(round_.id, lock=True)
    locked: list[AssignmentPair] = []
    if before is not None:
        if before.state is not AssignmentState.PROPOSED:
            raise IllegalTransition("assignment", "request", str(before.state), before.requested_at)
        locked = [each for each in before.pairs if each.is_locked]
        advance(ctx, before, AssignmentAction.DISCARD)
        db.session.flush()
    made = Assignment(
        round_id=round_.id,
        wanted=wanted,
        due_on=due_on,
        seed=round_.code,
        requested_at=ctx.now,
        requested_by_id=ctx.actor.person_id,
        lease_until=machine_now(),
        shortfalls=[],
        alternates={},
        pairs=[_kept(each) for each in locked],
    )
    db.session.add(made)
    db.session.flush()
    record(ctx, AssignmentRequested(assignment_id=made.id, round_id=round_.id, wanted=wanted))
    wake_after_commit("reviewing.make_assignment", queue="files")
    return made


def _kept(pair: AssignmentPair) -> AssignmentPair:
    return AssignmentPair(
        application_id=pair.application_id,
        reviewer_id=pair.reviewer_id,
        origin=pair.origin,
        is_locked=True,
        reason=pair.reason,
    )


def discard_assignment(ctx: Ctx, assignment: Assignment) -> None:
    """Set the proposal aside, or stop one that is being made; IllegalTransition once it was released."""
    advance(ctx, assignment, AssignmentAction.DISCARD)


def lock_pair(ctx: Ctx, pair: AssignmentPair, *, is_locked: bool) -> None:
    """Keep the pair through a new proposal, or let it go again; doing it twice changes nothing."""
    refuse_unless_proposed(pair.assignment, "lock")
    if pair.is_locked == is_locked:
        return
    pair.is_locked = is_locked
    pair.assignment.version += 1
    event = AssignmentPairLocked if is_locked else AssignmentPairUnlocked
    record(ctx, event(pair.assignment_id, pair.application_id, pair.reviewer_id))


def replace_pair(ctx: Ctx, pair: AssignmentPair, person_id: int) -> AssignmentPair:
    """Put another reviewer in the pair's place, and lock it: a new proposal keeps what a person chose.

    RuleViolation, at the field ``reviewer``, with not-a-reviewer, already-there, asked-before, over-load or the
    conflicts; IllegalTransition unless the proposal lies there.
    """
    assignment = pair.assignment
    refuse_unless_proposed(assignment, "replace")
    facts = facts_of(assignment.round_id, ctx.now)
    others = [each for each in assignment.pairs if each is not pair]
    refuse_if(problems_with_pair(facts, others, (pair.application_id, person_id)))
    remove_pair(ctx, assignment, pair)
    return add_pair(ctx, assignment, facts, (pair.application_id, person_id))


def problems_with_pair(facts: RoundFacts, others: list[AssignmentPair], pair: Pair) -> Iterator[Problem]:
    """Yield why the pair cannot stand beside ``others``, the rest of the proposal."""
    application, person = pair
    reviewer = facts.reviewers.get(person)
    if reviewer is None:
        yield Problem("not-a-reviewer", _l("Choose a reviewer of the pool."), "reviewer")
        return
    name = reviewer.person.name
    if pair in facts.standing or any((each.application_id, each.reviewer_id) == pair for each in others):
        yield Problem("already-there", _l("%(name)s reviews this application already.", name=name), "reviewer")
    elif pair in facts.reviews:
        message = _l("%(name)s was asked before for this application, and declined or was taken off.", name=name)
        yield Problem("asked-before", message, "reviewer")
    elif loads_with(facts, others)[person] >= reviewer.maximum_load:
        message = _l(
            "%(name)s takes on at most %(most)s reviews in this round.", name=name, most=str(reviewer.maximum_load)
        )
        yield Problem("over-load", message, "reviewer")
    yield from conflict_problems(reviewer.person, facts.conflicts.get(application, {}).get(person, ()))


def add_pair(ctx: Ctx, assignment: Assignment, facts: RoundFacts, pair: Pair) -> AssignmentPair:
    """Add a pair that a person chose, locked; its problems were looked at before."""
    application, person = pair
    made = AssignmentPair(
        application_id=application,
        reviewer_id=person,
        origin=PairOrigin.BY_HAND,
        is_locked=True,
        reason=reason_by_hand(facts, application, person),
    )
    assignment.pairs.append(made)
    assignment.version += 1
    record(ctx, AssignmentPairAdded(assignment.id, application, person))
    return made


def remove_pair(ctx: Ctx, assignment: Assignment, pair: AssignmentPair) -> None:
    """Take a pair out of the proposal."""
    assignment.pairs.remove(pair)
    assignment.version += 1
    record(ctx, AssignmentPairRemoved(assignment.id, pair.application_id, pair.reviewer_id))


def refuse_unless_proposed(assignment: Assignment, action: str) -> None:
    """Raise IllegalTransition unless the proposal lies there, neither released nor discarded."""
    if assignment.state is not AssignmentState.PROPOSED:
        raise IllegalTransition("assignment", action, str(assignment.state))


def refuse_stale(assignment: Assignment, version: int) -> None:
    """Raise RuleViolation (proposal-changed) where the proposal is not the one that was shown."""
    if assignment.version != version:
        message = _l("Somebody changed the proposal since you opened this page. Look at it again.")
        raise RuleViolation([Problem("proposal-changed", message)])


def _problems_with_request(ctx: Ctx, wanted: int, due_on: date) -> Iterator[Problem]:
    if not 1 <= wanted <= MOST_WANTED:
        message = _l("Ask 1 to %(most)s reviewers for each application.", most=str(MOST_WANTED))
        yield Problem("wanted-out-of-range", message, "wanted")
    if due_on <= brussels_day(ctx.now):
        yield Problem("due-in-the-past", _l("Choose a day that lies ahead."), "due_on")
