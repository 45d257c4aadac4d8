"""Whether an application may be written at the moment of the request."""

from __future__ import annotations

from portal.applications.dossiers import open_request
from portal.applications.models import Application
from portal.applications.states import WORKFLOW, State
from portal.core.context import Ctx
from portal.core.errors import IllegalTransition, Problem, RuleViolation
from portal.core.text import _l


def refuse_unless_writable(ctx: Ctx, application: Application) -> None:
    """IllegalTransition unless it is a draft or returned; RuleViolation ``round-closed`` where that time is over."""
    refuse_unless_being_written(application)
    if is_late(ctx, application):
        raise RuleViolation([Problem("round-closed", _l("The deadline has passed. Nothing was changed."))])


def refuse_unless_being_written(application: Application) -> None:
    """IllegalTransition unless the application is a draft or was returned to be completed."""
    if application.state not in (State.DRAFT, State.RETURNED):
        raise IllegalTransition(WORKFLOW.name, "save", application.state)


def is_late(ctx: Ctx, application: Application) -> bool:
    """Return whether the request came after the round closed, or after the completion was due."""
    if ctx.is_overdue:
        return True
    if application.state == State.DRAFT:
        return ctx.now > application.round.closes_at
    request = open_request(application)
    return request is None or ctx.now > request.due_at
