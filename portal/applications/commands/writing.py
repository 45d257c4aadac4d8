"""Whether an application may be written at the moment of the request; what was typed too late is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.applications.closing import closes_at_for
from portal.applications.commands.unsent import keep_unsent_text
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


def refuse_late_text(ctx: Ctx, application: Application, code: str, typed: Mapping[str, Any]) -> None:
    """RuleViolation ``round-closed`` where the time to write is over; ``typed`` is then kept for its author.

    ``code`` says where it was typed: a section's code, ``budget`` or ``part:<organisation_id>``; ``typed`` are plain
    JSON values, of whatever type they came.
    """
    if is_late(ctx, application):
        keep_unsent_text(ctx, application.id, code, typed)
        raise RuleViolation(
            [Problem("round-closed", _l("The deadline has passed. Your text was kept, but is not in the application."))]
        )


def refuse_unless_being_written(application: Application) -> None:
    """IllegalTransition unless the application is a draft or was returned to be completed."""
    if application.state not in (State.DRAFT, State.RETURNED):
        raise IllegalTransition(WORKFLOW.name, "save", application.state)


def is_late(ctx: Ctx, application: Application) -> bool:
    """Return whether the request came after the round closed, or after the completion was due."""
    if ctx.is_overdue:
        return True
    if application.state == State.DRAFT:
        return ctx.now > closes_at_for(application)
    request = open_request(application)
    return request is None or ctx.now > request.due_at
