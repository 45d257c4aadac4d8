"""Taking an application back: reopen it before the deadline, or withdraw it with a reason."""

from __future__ import annotations

from portal.applications.closing import closes_at_for
from portal.applications.models import Application
from portal.applications.states import Action, Outcome
from portal.core.advance import advance
from portal.core.context import Ctx
from portal.core.errors import Problem, RuleViolation
from portal.core.text import _l


def reopen_application(ctx: Ctx, application: Application) -> None:
    """Make a submitted application a draft again; RuleViolation once the round has closed."""
    if ctx.now > closes_at_for(application):
        message = _l("The round has closed, so the application stays as you submitted it.")
        raise RuleViolation([Problem("round-closed", message)])
    advance(ctx, application, Action.REOPEN)
    application.submitted_at = application.submitted_by_id = None


def withdraw_application(ctx: Ctx, application: Application, reason: str) -> None:
    """Withdraw an application for good; the partnership may begin another in the round.

    RuleViolation ``already-decided`` once it is awarded or refused (an award is declined instead); whoever stands on
    the reserve list may still withdraw.
    """
    if application.outcome not in (None, Outcome.RESERVE):
        message = _l("The decision on this application is published. An award can be declined on the decision's page.")
        raise RuleViolation([Problem("already-decided", message)])
    advance(ctx, application, Action.WITHDRAW)
    application.withdraw_reason = reason
