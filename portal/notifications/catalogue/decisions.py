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
from portal.notifications import variables as v
from portal.notifications.audience import leaderless_of, leads_of_partnerships
from portal.notifications.catalogue import decision_sentences as sentences
from portal.notifications.categories import Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient, to_person

_REPLACES = v.sentence("na_herziening", "replaces", _l("That it takes the place of an earlier decision, where it does"))
_NEWS = v.sentence("besluit", "news", _l("What was decided, in a sentence"))
_ANSWER = v.sentence(
    "antwoord_gevraagd", "answer", _l("Who accepts or declines the grant, and by when, where it is one")
)
_REVIEW = v.sentence("herziening", "review", _l("That a review can be asked, and until when, where it can"))
_REASON = _l("You receive this because you may sign for a partner in this application.")


_NAMED = (v.REFERENCE, v.PARTNERSHIP, v.ROUND, v.NUMBER, v.AMOUNT, v.LINK)


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
        "answer": sentences.answer(decision),
        "review": sentences.review(decision),
        "link": links.to("decisions.decision", ref=application.reference),
    }


class DecisionPublished(Notification):
    """The decision on an application, to everybody who may sign for one of its partners."""

    name = "decision-published"
    topics = ("decision.published",)
    reason = _REASON
    category = Category.DECISIONS
    variables = (*_NAMED, v.TITLE, _REPLACES, _NEWS, _ANSWER, _REVIEW)
    needed = (_REPLACES, _NEWS, _ANSWER, _REVIEW)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return leads_of_partnerships([_decision(event).application.partnership_id])

    def unreached(self, event: EventRow) -> Iterable[str]:
        return leaderless_of([_decision(event).application.partnership_id])

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        decision, amount = _decision(event), Decimal(str(event.payload["amount"]))
        facts = {
            "title": sentences.title(decision),
            "replaces": sentences.replaces(decision),
            "news": sentences.news(decision, Outcome(event.payload["outcome"]), amount),
            "amount": amount,
        }
        return {**_named(decision, links), **facts}


class ReservePromoted(Notification):
    """Another award was declined, and this reserve takes its place."""

    name = "reserve-promoted"
    topics = ("decision.promoted",)
    reason = _REASON
    category = Category.DECISIONS
    variables = (*_NAMED, _ANSWER, _REVIEW)
    needed = (v.AMOUNT, _ANSWER, _REVIEW)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return leads_of_partnerships([_decision(event).application.partnership_id])

    def unreached(self, event: EventRow) -> Iterable[str]:
        return leaderless_of([_decision(event).application.partnership_id])

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        return {**_named(_decision(event), links), "amount": Decimal(str(event.payload["amount"]))}


class AwardDeclined(Notification):
    """A promotor declined its grant: those who look after the round learn it, and what became of the reserve list."""

    name = "award-declined"
    topics = ("decision.declined",)
    reason = _l("You receive this because you are a case officer of the department.")
    category = Category.DESK
    is_digestible = True
    variables = _NAMED

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return [to_person(person) for person in list_people_with_role(Role.CASE_OFFICER)]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        decision = _decision(event)
        named = _named(decision, links)
        link = links.to("decisions.board", code=decision.application.round.code)
        return {**named, "amount": Decimal(str(event.payload["amount"])), "link": link}
