"""Who is told what is decided: after the publication is committed, and never before."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.queries import list_people_with_role
from portal.applications.models import Application
from portal.applications.states import Outcome
from portal.core.actor import Role
from portal.core.db import get_one
from portal.core.event_log import EventRow
from portal.core.text import _l
from portal.decisions.models import Decision
from portal.notifications.audience import leads_of_partnerships
from portal.notifications.categories import Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient, to_person

AWARDS = (Outcome.APPROVED, Outcome.CONDITIONAL)
_REASON = _l("You receive this because you may sign for a partner in this application.")


def _decision(event: EventRow) -> Decision:
    stmt = sa.select(Decision).where(Decision.id == event.subject_id)
    application = joinedload(Decision.application)
    return get_one(
        stmt.options(application.joinedload(Application.partnership), application.joinedload(Application.round))
    )


def _named(decision: Decision, links: Links) -> dict[str, Any]:
    application = decision.application
    return {
        "reference": application.reference,
        "partnership": application.partnership.name,
        "round": application.round.code,
        "number": decision.number,
        "is_after_review": decision.replaces_id is not None,
        "answer_due_on": decision.answer_due_on,
        "link": links.to("decisions.decision", ref=application.reference),
    }


class DecisionPublished(Notification):
    """The decision on an application, to everybody who may sign for one of its partners."""

    name = "decision-published"
    topics = ("decision.published",)
    reason = _REASON
    category = Category.DECISIONS

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return leads_of_partnerships([_decision(event).application.partnership_id])

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        outcome = Outcome(event.payload["outcome"])
        facts = {"outcome": outcome, "is_award": outcome in AWARDS, "amount": Decimal(str(event.payload["amount"]))}
        return {**_named(_decision(event), links), **facts}


class ReservePromoted(Notification):
    """Another award was declined, and this reserve takes its place."""

    name = "reserve-promoted"
    topics = ("decision.promoted",)
    reason = _REASON
    category = Category.DECISIONS

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return leads_of_partnerships([_decision(event).application.partnership_id])

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        return {**_named(_decision(event), links), "amount": Decimal(str(event.payload["amount"]))}


class AwardDeclined(Notification):
    """A promotor declined its grant: those who look after the round learn it, and what became of the reserve list."""

    name = "award-declined"
    topics = ("decision.declined",)
    reason = _l("You receive this because you are a case officer of the department.")
    category = Category.DESK
    is_digestible = True

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return [to_person(person) for person in list_people_with_role(Role.CASE_OFFICER)]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        decision = _decision(event)
        named = _named(decision, links)
        link = links.to("decisions.board", code=decision.application.round.code)
        return {**named, "amount": Decimal(str(event.payload["amount"])), "link": link}
