"""An application that is not admitted: it is judged so, and its letter is frozen, in one transaction."""

from __future__ import annotations

from portal.applications.commands.admissibility import refuse_admission
from portal.applications.models import Application
from portal.core.context import Ctx
from portal.decisions.commands.letters import freeze_refused_admission


def tell_inadmissible(ctx: Ctx, application: Application, reason: str) -> None:
    """Find the application inadmissible for ``reason``, and freeze the letter that says so; raises as refusing does."""
    refuse_admission(ctx, application, reason.strip())
    freeze_refused_admission(ctx, application)
