"""The worker's half of an assignment: leased by one at a time, told step by step, proposed or failed."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from portal.core.advance import advance
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db, get_one
from portal.core.leasing import LEASE, make_leased
from portal.reviewing.assignment_facts import facts_of, question_digest, question_of
from portal.reviewing.assignment_models import Assignment, AssignmentPair
from portal.reviewing.assignment_reasons import plain_reason, plain_shortfall
from portal.reviewing.assignment_states import (
    UNDER_WAY,
    AssignmentAction,
    AssignmentFailure,
    AssignmentState,
    PairOrigin,
    Step,
)
from portal.reviewing.matching.assigning import assign, solver_version
from portal.reviewing.matching.model import NoAnswer
from portal.reviewing.matching.problem import Answer, Origin, Question

MOST_ATTEMPTS = 2  # a second for a machine that stopped; a solver that took too long takes too long again


def make_next(ctx: Ctx) -> bool:
    """Make the next assignment that was asked for, and commit; return whether there was one. A failure is noted."""
    note = partial(_note_failure, ctx)
    return make_leased(_claim_next(ctx, machine_now()), partial(_make, ctx), note, what="assignment")


def make_now(ctx: Ctx, assignment: Assignment) -> None:
    """Make one that was just asked for, in this transaction: for a world that is loaded, where no worker runs."""
    advance(ctx, assignment, AssignmentAction.BEGIN)
    question = question_of(assignment, facts_of(assignment.round_id, ctx.now), ctx.now)
    _keep(ctx, assignment.id, question, assign(question))


def _claim_next(ctx: Ctx, at: datetime) -> Assignment | None:
    """Lease the next one that is due at machine time ``at``; another worker skips it."""
    stmt = (
        sa.select(Assignment)
        .where(Assignment.state.in_(UNDER_WAY), Assignment.lease_until <= at)
        .order_by(Assignment.lease_until, Assignment.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = db.session.scalar(stmt)
    if found is not None:
        found.attempts += 1
        found.lease_until = at + LEASE
        found.step = Step.READING
        if found.state is AssignmentState.REQUESTED:
            advance(ctx, found, AssignmentAction.BEGIN)
    return found


def _make(ctx: Ctx, number: int, attempts: int) -> None:
    if attempts > MOST_ATTEMPTS:
        raise NoAnswer(f"assignment {number} ended its worker {MOST_ATTEMPTS} times")
    found = _get(number)
    question = question_of(found, facts_of(found.round_id, ctx.now), ctx.now)
    db.session.rollback()  # nothing is held while the solver works
    answer = assign(question, told=lambda step: _tell(number, step))
    _keep(ctx, number, question, answer)


def _tell(number: int, step: str) -> None:
    """Write down apart how far it is, so that the page shows it meanwhile."""
    stmt = sa.update(Assignment).where(Assignment.id == number).values(step=Step(step))
    with Session(db.engine, join_transaction_mode="create_savepoint") as session:
        session.execute(stmt)
        session.commit()


def _keep(ctx: Ctx, number: int, question: Question, answer: Answer) -> None:
    """Propose what was found. One that was discarded meanwhile stays discarded."""
    found = _get(number, lock=True)
    if found.state is not AssignmentState.RUNNING:
        return
    held = {(each.application_id, each.reviewer_id): each for each in found.pairs}
    for place in answer.places:
        if place.origin is Origin.STANDING:
            continue
        pair = held.pop((place.application, place.person), None)
        if pair is None:
            pair = AssignmentPair(
                application_id=place.application, reviewer_id=place.person, origin=PairOrigin.PROPOSED
            )
            found.pairs.append(pair)
        pair.reason = plain_reason(place)
    for pair in held.values():  # locked, and not possible any more
        found.pairs.remove(pair)
    found.inputs_sha256, found.solver = question_digest(question), solver_version()
    found.is_optimal = answer.is_optimal
    found.shortfalls = [plain_shortfall(each) for each in answer.shortfalls]
    found.alternates = {
        str(application): [{"person": each.person} | plain_reason(each) for each in others]
        for application, others in answer.alternates.items()
    }
    db.session.flush()
    advance(
        ctx,
        found,
        AssignmentAction.PROPOSE,
        pairs=len(found.pairs),
        shortfalls=len(answer.shortfalls),
        sha256=found.inputs_sha256,
        solver=found.solver,
    )


def _note_failure(ctx: Ctx, number: int, fault: Exception) -> None:
    failure = AssignmentFailure.TOO_LONG if isinstance(fault, NoAnswer) else AssignmentFailure.FAULT
    found = _get(number, lock=True)
    if found.state is AssignmentState.RUNNING:
        found.failure = failure
        advance(ctx, found, AssignmentAction.FAIL, failure=str(failure))


def _get(number: int, *, lock: bool = False) -> Assignment:
    stmt = sa.select(Assignment).where(Assignment.id == number).options(selectinload(Assignment.pairs))
    return get_one(stmt, lock=lock)
