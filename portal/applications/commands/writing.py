"""Whether an application may be written at the moment of the request, and which part of it; what was typed too late, or
where nothing is asked, is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.applications.closing import closes_at_for
from portal.applications.commands.unsent import keep_unsent_text
from portal.applications.document_slots import document_key
from portal.applications.dossiers import infected_documents, open_request
from portal.applications.models import Application
from portal.applications.queries import complete
from portal.applications.states import WORKFLOW, State
from portal.core.context import Ctx
from portal.core.errors import IllegalTransition, Problem, RuleViolation
from portal.core.text import _l


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What is open: everything while ``keys`` is None, else the keys that a case officer asked to complete."""

    keys: frozenset[str] | None

    def holds(self, key: str) -> bool:
        """Return whether ``key`` (`completion.askables_of`) can be changed."""
        return self.keys is None or key in self.keys


def unlocked(application: Application) -> Unlocked:
    """Return what is open of an application: all of a draft; of a returned one what is asked, and each document that the
    scanner refused meanwhile, without which nothing could be handed in.
    """
    if application.state is not State.RETURNED:
        return Unlocked(None)
    complete(application)
    request = open_request(application)
    refused = {document_key(each.kind, each.organisation_id) for each in infected_documents(application)}
    return Unlocked(frozenset(request.asked if request else ()) | refused)


def refuse_unless_writable(ctx: Ctx, application: Application, key: str | None) -> None:
    """IllegalTransition unless it is a draft or returned; RuleViolation ``round-closed`` where that time is over, and
    ``not-asked`` where a completion is asked, but not of ``key`` (None: nothing of what is handed in).
    """
    refuse_unless_being_written(application)
    if is_late(ctx, application):
        raise RuleViolation([Problem("round-closed", _l("The deadline has passed. Nothing was changed."))])
    if key is not None and not unlocked(application).holds(key):
        message = _l("Only what the case officer asks to complete can be changed now. Nothing was changed.")
        raise RuleViolation([Problem("not-asked", message)])


def refuse_late_text(ctx: Ctx, application: Application, code: str, typed: Mapping[str, Any]) -> None:
    """RuleViolation ``round-closed`` where the time to write is over, ``not-asked`` where a completion asks something
    else; ``typed`` is then kept for its author.

    ``code`` says where it was typed: a section's code, ``budget`` or ``part:<organisation_id>``; ``typed`` are plain
    JSON values, of whatever type they came.
    """
    if is_late(ctx, application):
        keep_unsent_text(ctx, application.id, code, typed)
        raise RuleViolation(
            [Problem("round-closed", _l("The deadline has passed. Your text was kept, but is not in the application."))]
        )
    if not unlocked(application).holds(code):
        keep_unsent_text(ctx, application.id, code, typed)
        message = _l(
            "Only what the case officer asks to complete can be changed now. Your text was kept, but is not in the application."
        )
        raise RuleViolation([Problem("not-asked", message)])


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
