"""A proposal changed by an uploaded table: the dry run's reading once more, and then all of it or nothing."""

from __future__ import annotations

from portal.core.context import Ctx
from portal.core.errors import Problem, RuleViolation
from portal.core.text import Msg, _l
from portal.reviewing.assignment_facts import facts_of
from portal.reviewing.assignment_models import Assignment
from portal.reviewing.assignment_table import Effect, Line, read_table
from portal.reviewing.commands.proposing import add_pair, refuse_stale, refuse_unless_proposed, remove_pair


def apply_table(ctx: Ctx, assignment: Assignment, text: str, version: int) -> list[Line]:
    """Make the proposal what the table says; return its lines.

    RuleViolation with the problems of every line, each with the line's number, or proposal-changed where the proposal
    is not the one of the dry run; IllegalTransition unless it lies there.
    """
    refuse_unless_proposed(assignment, "change")
    refuse_stale(assignment, version)
    facts = facts_of(assignment.round_id, ctx.now)
    lines = read_table(text, assignment, facts)
    problems = [_numbered(line, each) for line in lines for each in line.problems]
    if problems:
        raise RuleViolation(problems)
    held = {(each.application_id, each.reviewer_id): each for each in assignment.pairs}
    for line in lines:
        if line.pair is not None and line.effect is Effect.REMOVED:
            remove_pair(ctx, assignment, held[line.pair])
        elif line.pair is not None and line.effect is Effect.ADDED:
            add_pair(ctx, assignment, facts, line.pair)
    return lines


def _numbered(line: Line, problem: Problem) -> Problem:
    message = Msg(_l("Line %(number)s: %(problem)s"), {"number": str(line.number), "problem": problem.message})
    return Problem(problem.code, message, "table")
