"""A proposal becomes invitations: only here are reviews made, and only then is anybody told."""

from __future__ import annotations

from portal.core.advance import advance
from portal.core.context import Ctx
from portal.core.errors import IllegalTransition, Problem, RuleViolation, refuse_if
from portal.core.text import Msg, _l
from portal.reviewing.assignment_models import Assignment
from portal.reviewing.assignment_states import AssignmentAction
from portal.reviewing.commands.alternates import add_proposed
from portal.reviewing.commands.assigning import assign_reviewer
from portal.reviewing.commands.proposing import refuse_stale, refuse_unless_proposed
from portal.reviewing.models import Review

_NOT_UNDER_REVIEW = Problem("not-under-review", _l("It is not under review any more."))


def release_assignment(ctx: Ctx, assignment: Assignment, version: int) -> list[Review]:
    """Invite every reviewer of the proposal: all of them, or nobody. Its next best become alternates.

    Each pair is looked at anew by ``assign_reviewer``: role, state, conflicts. RuleViolation with every problem found,
    each naming its application; proposal-changed where ``version`` is not the proposal's; nothing-to-release.
    """
    refuse_unless_proposed(assignment, "release")
    refuse_stale(assignment, version)
    if not assignment.pairs:
        raise RuleViolation([Problem("nothing-to-release", _l("The proposal holds nobody who is not invited yet."))])
    made: list[Review] = []
    problems: list[Problem] = []
    for pair in assignment.pairs:
        try:
            made.append(assign_reviewer(ctx, pair.application, pair.reviewer, assignment.due_on))
        except RuleViolation as refusal:
            problems += [_named(each, pair.application.reference) for each in refusal.problems]
        except IllegalTransition:
            problems.append(_named(_NOT_UNDER_REVIEW, pair.application.reference))
    refuse_if(problems)
    add_proposed(ctx, assignment)
    assignment.released_by_id = ctx.actor.person_id
    advance(ctx, assignment, AssignmentAction.RELEASE, invited=len(made))
    return made


def _named(problem: Problem, reference: str) -> Problem:
    message = Msg(_l("%(reference)s: %(problem)s"), {"reference": reference, "problem": problem.message})
    return Problem(problem.code, message, None, problem.link)
