"""What decisions tell an application: its outcome, the amount, and what the applicant may read of the assessment."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from portal.applications.events import OutcomeRecorded
from portal.applications.models import Application
from portal.applications.states import AWARDS, WORKFLOW, Outcome, State
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import IllegalTransition
from portal.core.event_log import record


def record_outcome(
    ctx: Ctx,
    application: Application,
    outcome: Outcome,
    amount: Decimal | None,
    feedback: Mapping[str, Any] | None = None,
) -> None:
    """Write a published outcome on the application: in ``decisions.publish_round`` and when an award changes after it.

    ``amount`` is the awarded grant and is dropped for an outcome that is no award. ``feedback`` is added to what stands
    there: ``criteria`` (code to score), ``total``, ``missed``, ``text`` (the consensus text) and ``reviews`` (strengths
    and weaknesses, without names). IllegalTransition for an application that is not admissible.
    """
    if State(application.state) is not State.ADMISSIBLE:
        since = getattr(application, f"{application.state}_at", None)
        raise IllegalTransition(WORKFLOW.name, "decide", application.state, since)
    application.outcome = outcome
    application.outcome_at = ctx.now
    application.awarded_amount = amount if outcome in AWARDS else None
    if feedback:
        application.feedback = {**(application.feedback or {}), **feedback}
    db.session.flush()
    record(
        ctx,
        OutcomeRecorded(application_id=application.id, outcome=str(outcome), amount=application.awarded_amount),
    )
