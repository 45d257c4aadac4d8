"""Ending a partner of a partnership, where none of its applications is being judged."""

from __future__ import annotations

from datetime import date

from portal.applications.change_requests import find_under_way
from portal.core.context import Ctx
from portal.core.errors import Problem, RuleViolation
from portal.core.text import _l
from portal.partnerships import commands as partnerships
from portal.partnerships.models import Partner


def end_partner(ctx: Ctx, partner: Partner, ended_on: date) -> None:
    """End a partner on ``ended_on``, as `partnerships.commands.end_partner` does; RuleViolation ``application-under-way``
    where the partnership waits for a decision: then a case officer decides whether it can leave.
    """
    application = find_under_way(partner.partnership_id)
    if application is not None:
        message = _l(
            "Application %(reference)s is handed in and not decided. Ask on its page for this partner to leave.",
            reference=application.reference,
        )
        raise RuleViolation([Problem("application-under-way", message)])
    partnerships.end_partner(ctx, partner, ended_on)
