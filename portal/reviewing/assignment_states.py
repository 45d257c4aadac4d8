"""An assignment of reviewers to a round: asked for, computed by a worker, looked at, then released or discarded."""

from __future__ import annotations

from enum import StrEnum

from portal.core.text import Msg, _l
from portal.core.workflow import Tone, Words, Workflow, row
from portal.reviewing.events import (
    AssignmentBegun,
    AssignmentDiscarded,
    AssignmentFailed,
    AssignmentProposed,
    AssignmentReleased,
)


class AssignmentState(StrEnum):
    """``proposed``: nobody is invited yet, and nobody outside the department knows of it."""

    REQUESTED = "requested"
    RUNNING = "running"
    PROPOSED = "proposed"
    RELEASED = "released"
    DISCARDED = "discarded"
    FAILED = "failed"


class AssignmentAction(StrEnum):
    BEGIN = "begin"
    PROPOSE = "propose"
    FAIL = "fail"
    RELEASE = "release"
    DISCARD = "discard"


class Step(StrEnum):
    """How far the worker is, in this order."""

    READING = "reading"
    FITTING = "fitting"
    SOLVING = "solving"
    EXPLAINING = "explaining"


class AssignmentFailure(StrEnum):
    TOO_LONG = "too_long"  # the solver, or its worker, was stopped at its time limit
    FAULT = "fault"


class PairOrigin(StrEnum):
    """Who put a pair in the proposal."""

    PROPOSED = "proposed"
    BY_HAND = "by_hand"


LIVE = (AssignmentState.REQUESTED, AssignmentState.RUNNING, AssignmentState.PROPOSED)
UNDER_WAY = (AssignmentState.REQUESTED, AssignmentState.RUNNING)

STEPS: dict[Step, Msg] = {
    Step.READING: _l("Reading applications, reviewers and conflicts"),
    Step.FITTING: _l("Comparing expertise"),
    Step.SOLVING: _l("Looking for the best assignment"),
    Step.EXPLAINING: _l("Writing down the reasons"),
}

_S, _A = AssignmentState, AssignmentAction
ASSIGNMENT = Workflow(
    "assignment",
    _S.REQUESTED,
    (
        row(_A.BEGIN, {_S.REQUESTED}, _S.RUNNING, AssignmentBegun, _l("Begin")),
        row(_A.PROPOSE, {_S.RUNNING}, _S.PROPOSED, AssignmentProposed, _l("Propose")),
        row(_A.FAIL, {_S.RUNNING}, _S.FAILED, AssignmentFailed, _l("Fail")),
        row(_A.RELEASE, {_S.PROPOSED}, _S.RELEASED, AssignmentReleased, _l("Invite reviewers")),
        row(
            _A.DISCARD,
            {_S.REQUESTED, _S.RUNNING, _S.PROPOSED},
            _S.DISCARDED,
            AssignmentDiscarded,
            _l("Discard proposal"),
        ),
    ),
    {
        _S.REQUESTED: Words(_l("Asked for"), _l("In review"), Tone.WAIT),
        _S.RUNNING: Words(_l("Being made"), _l("In review"), Tone.PROGRESS),
        _S.PROPOSED: Words(_l("Proposal, not released"), _l("In review"), Tone.ATTENTION),
        _S.RELEASED: Words(_l("Released"), _l("In review"), Tone.DONE),
        _S.DISCARDED: Words(_l("Discarded"), _l("In review"), Tone.NONE),
        _S.FAILED: Words(_l("Failed"), _l("In review"), Tone.REFUSED),
    },
)
