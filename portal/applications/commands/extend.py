"""More time for one application, with a reason that its applicants and the department read."""

from __future__ import annotations

from datetime import datetime

from portal.applications.closing import closes_at_for, problems_before_extending
from portal.applications.events import ApplicationExtended
from portal.applications.extensions import Extension
from portal.applications.models import Application
from portal.applications.states import WORKFLOW, State
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import Forbidden, IllegalTransition, Problem, RuleViolation, refuse_if
from portal.core.event_log import record
from portal.core.text import _l


def extend_deadline(ctx: Ctx, application: Application, *, closes_at: datetime, reason: str) -> Extension:
    """Let a draft be handed in until ``closes_at``, also where the round's deadline has passed.

    IllegalTransition for an application that was handed in or withdrawn; RuleViolation without a reason, for a moment
    that does not lie after the present deadline and within the programme, and once the results are published.
    """
    if ctx.actor.person_id is None:
        raise Forbidden("application.extend")
    refuse_unless_draft(application)
    if not reason.strip():
        raise RuleViolation([Problem("reason-missing", _l("Give a reason: the applicants read it."), "reason")])
    refuse_if(problems_before_extending(application, closes_at, ctx.now))
    extension = Extension(
        application_id=application.id,
        old_closes_at=closes_at_for(application),
        new_closes_at=closes_at,
        reason=reason.strip(),
        granted_at=ctx.now,
        granted_by_id=ctx.actor.person_id,
    )
    application.extended_until = closes_at
    db.session.add(extension)
    db.session.flush()
    facts = {"old_closes_at": extension.old_closes_at, "new_closes_at": closes_at}
    record(ctx, ApplicationExtended(application_id=application.id, extension_id=extension.id, **facts))
    return extension


def refuse_unless_draft(application: Application) -> None:
    """IllegalTransition for an application that is no draft: what was handed in needs no more time."""
    if application.state is not State.DRAFT:
        since = getattr(application, f"{application.state}_at", None)
        raise IllegalTransition(WORKFLOW.name, "extend", application.state, since)
