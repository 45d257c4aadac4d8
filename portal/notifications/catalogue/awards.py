"""Who is told that an award waits for an answer, got none, lapsed or was withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from portal.accounts.queries import list_leads, list_people_with_role
from portal.core.actor import Role
from portal.core.event_log import EventRow
from portal.core.text import _l
from portal.decisions.queries import get_decision
from portal.decisions.states import DecisionState
from portal.notifications import variables as v
from portal.notifications.audience import leads_of_partnerships
from portal.notifications.categories import Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient, Reminding, to_person


def _named(event: EventRow) -> dict[str, Any]:
    decision = get_decision(event.subject_id)
    application = decision.application
    return {
        "reference": application.reference,
        "partnership": application.partnership.name,
        "amount": decision.amount,
        "why": decision.lapse_reason or decision.withdraw_reason or "",
    }


def _is_overdue(event: EventRow) -> bool:
    return int(event.payload["days"]) == 0


class AwardAnswerDue(Reminding):
    """An award waits for the lead partner's answer, and its last day comes near."""

    name = "award-answer-due"
    topics = ("decision.answer-due",)
    reason = _l("You receive this because you may sign for the lead partner of this application.")
    deadline = "answer_due_on"
    category = Category.DECISIONS
    variables = (v.REFERENCE, v.PARTNERSHIP, v.AMOUNT, v.DUE_ON, v.LINK)
    needed = (v.DUE_ON,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        if _is_overdue(event):
            return []
        decision = get_decision(event.subject_id)
        if decision.state is not DecisionState.PUBLISHED:  # answered since the clock was read
            return []
        return [to_person(person) for person in list_leads([decision.application.promotor_id])]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        named = _named(event)
        link = links.to("decisions.decision", ref=named["reference"])
        return {**named, "link": link, "due_on": date.fromisoformat(event.payload["answer_due_on"])}


class AwardAnswerOverdue(Notification):
    """Nobody answered an award by its last day: a case officer decides what becomes of it."""

    name = "award-answer-overdue"
    topics = ("decision.answer-due",)
    reason = _l("You receive this because you are a case officer of the department.")
    category = Category.DESK
    is_digestible = True
    variables = (v.REFERENCE, v.PARTNERSHIP, v.AMOUNT, v.DUE_ON, v.LINK)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        if not _is_overdue(event):
            return []
        return [to_person(person) for person in list_people_with_role(Role.CASE_OFFICER)]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        link = links.to("decisions.award", number=event.subject_id)
        return {**_named(event), "link": link, "due_on": date.fromisoformat(event.payload["answer_due_on"])}


class _AwardTakenBack(Notification):
    """All partners learn that an award stands no more."""

    reason = _l("You receive this because you may sign for a partner in this application.")
    category = Category.DECISIONS
    variables = (v.REFERENCE, v.PARTNERSHIP, v.AMOUNT, v.WHY, v.LINK)
    needed = (v.WHY,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return leads_of_partnerships([get_decision(event.subject_id).application.partnership_id])

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        named = _named(event)
        return {**named, "link": links.to("decisions.decision", ref=named["reference"])}


class AwardLapsed(_AwardTakenBack):
    """A case officer let an award lapse, with the reason."""

    name = "award-lapsed"
    topics = ("decision.lapsed",)


class AwardWithdrawn(_AwardTakenBack):
    """The department took an award back, with the reason."""

    name = "award-withdrawn"
    topics = ("decision.withdrawn",)
