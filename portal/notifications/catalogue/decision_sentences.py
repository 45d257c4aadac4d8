"""Sentences in messages about decisions that differ by case."""

from __future__ import annotations

from decimal import Decimal

from portal.applications.states import AWARDS, Outcome
from portal.core.clock import brussels_day
from portal.core.text import Msg, _l
from portal.decisions.contesting import is_contestable, last_day_to_ask
from portal.decisions.models import Decision


def title(decision: Decision) -> Msg:
    """Name the decision that is told."""
    reference = decision.application.reference
    if decision.replaces_id is not None:
        return _l("The new decision on application %(reference)s", reference=reference)
    return _l("The decision on application %(reference)s", reference=reference)


def replaces(decision: Decision) -> Msg | str:
    """Say that a decision takes the place of another; nothing where it is the first."""
    if decision.replaces_id is None:
        return ""
    return _l("After the request for review the department took a new decision. It takes the place of the first one.")


def news(decision: Decision, outcome: Outcome, amount: Decimal) -> Msg:
    """Say what was decided. ``amount`` in euro."""
    facts = {"reference": decision.application.reference, "partnership": decision.application.partnership.name}
    if outcome is Outcome.CONDITIONAL:
        return _l(
            "Application %(reference)s of %(partnership)s receives a grant of %(amount)s. Conditions are tied to it: read them in the portal.",
            amount=amount,
            **facts,
        )
    if outcome in AWARDS:
        return _l(
            "Application %(reference)s of %(partnership)s receives a grant of %(amount)s.", amount=amount, **facts
        )
    if outcome is Outcome.RESERVE:
        return _l("Application %(reference)s of %(partnership)s is on the reserve list.", **facts)
    return _l("Application %(reference)s of %(partnership)s does not receive a grant.", **facts)


def answer(decision: Decision) -> Msg | str:
    """Say who answers an award, and by when; nothing where there is nothing to answer."""
    if decision.outcome not in AWARDS or decision.answer_due_on is None:
        return ""
    return _l(
        "Who may sign for the lead partner accepts or declines the grant there, by %(day)s.",
        day=decision.answer_due_on,
    )


def review(decision: Decision) -> Msg | str:
    """Say until when a review can be asked; nothing where none can: the whole grant was given, or the time is over."""
    notice_at = decision.promoted_at or decision.published_at
    if notice_at is None or not is_contestable(decision):
        return ""
    return _l(
        "Do you not agree? Who may sign for the lead partner can ask for a review in the portal, once, until %(day)s at 23:59:59.",
        day=last_day_to_ask(brussels_day(notice_at)),
    )
