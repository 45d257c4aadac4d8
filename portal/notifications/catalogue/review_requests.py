"""Who is told that a review of a decision is asked, waits for an answer, and is answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.accounts.models import Person
from portal.accounts.queries import actor_of, list_people_with_role
from portal.core.actor import Actor, Role
from portal.core.event_log import EventRow
from portal.core.text import Msg, _l
from portal.decisions.contesting import may_answer
from portal.decisions.models import ReviewRequest
from portal.decisions.policies import READ_REVIEW
from portal.decisions.renewing import PERSONS_NEEDED
from portal.decisions.request_queries import DeskRequest, get_desk_request, list_renewers
from portal.decisions.states import GROUND_WORDS
from portal.notifications import variables as v
from portal.notifications.audience import leads_of_partnerships
from portal.notifications.categories import Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient, to_person

_SIGNS = _l("You receive this because you may sign for a partner in this application.")


def _found(event: EventRow, actor: Actor | None = None) -> DeskRequest:
    """Return the request as ``actor`` meets it."""
    mine = [each.organisation_id for each in actor.mandates] if actor else []
    return get_desk_request(event.payload["review_request_id"], mine)


def _request(event: EventRow) -> ReviewRequest:
    return _found(event).request


def _leads(event: EventRow) -> list[Recipient]:
    return leads_of_partnerships([_request(event).decision.application.partnership_id])


def _named(request: ReviewRequest) -> dict[str, Any]:
    application = request.decision.application
    return {
        "reference": application.reference,
        "partnership": application.partnership.name,
        "ground": GROUND_WORDS[request.ground],
        "asked_at": request.asked_at,
        "due_on": request.answer_due_on,
        "sentence": _answered(request),
        "answer": request.answer,
    }


def _answered(request: ReviewRequest) -> Msg:
    application = request.decision.application
    named = {"reference": application.reference, "partnership": application.partnership.name}
    if request.upheld_at is not None:
        return _l(
            "The request for review of the decision on application %(reference)s (%(partnership)s) is upheld. The decision stays as it is until the department takes another. The department gives these reasons:",
            **named,
        )
    return _l(
        "The request for review of the decision on application %(reference)s (%(partnership)s) is dismissed: the decision stands. The department gives these reasons:",
        **named,
    )


def _for_partners(event: EventRow, links: Links) -> dict[str, Any]:
    named = _named(_request(event))
    return {**named, "link": links.to("decisions.decision", ref=named["reference"])}


def _for_desk(event: EventRow, links: Links) -> dict[str, Any]:
    request = _request(event)
    return {**_named(request), "link": links.to("decisions.review_request", number=request.id)}


class ReviewReceived(Notification):
    """A review was asked: the receipt, to everybody who may sign for a partner."""

    name = "review-received"
    topics = ("application.review-asked",)
    reason = _SIGNS
    category = Category.DECISIONS
    variables = (v.REFERENCE, v.PARTNERSHIP, v.ASKED_AT, v.DUE_ON, v.LINK)
    needed = (v.ASKED_AT,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return _leads(event)

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        return _for_partners(event, links)


class ReviewToAnswer(Notification):
    """A review was asked: to those of the department who may answer this one."""

    name = "review-to-answer"
    topics = ("application.review-asked",)
    reason = _l("You receive this because you may answer this request for the department.")
    category = Category.DESK
    is_digestible = True
    variables = (v.REFERENCE, v.PARTNERSHIP, v.GROUND, v.DUE_ON, v.LINK)
    needed = (v.DUE_ON,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return [to_person(person) for person in _desk() if _may_answer(event, actor_of(person))]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        return _for_desk(event, links)


class ReviewAnswered(Notification):
    """A request for review was upheld or dismissed, with the reasons."""

    name = "review-answered"
    topics = ("application.review-upheld", "application.review-dismissed")
    reason = _SIGNS
    category = Category.DECISIONS
    variables = (v.REFERENCE, v.PARTNERSHIP, v.SENTENCE, v.ANSWER, v.LINK)
    needed = (v.SENTENCE, v.ANSWER)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return _leads(event)

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        return _for_partners(event, links)


class ReviewToFollowUp(Notification):
    """A request for review was upheld: to the administrators who may take the new decision."""

    name = "review-to-follow-up"
    topics = ("application.review-upheld",)
    reason = _l("You receive this because you are an administrator of the department.")
    category = Category.DESK
    is_digestible = True
    variables = (v.REFERENCE, v.PARTNERSHIP, v.LINK)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        able = list_renewers(event.payload["review_request_id"])
        if len(able) >= PERSONS_NEEDED:
            return [to_person(person) for person in able]
        # Too few may decide: whoever reads the request can make somebody else an administrator.
        people = [(person, actor_of(person)) for person in list_people_with_role(Role.ADMINISTRATOR)]
        return [to_person(person) for person, actor in people if READ_REVIEW.allows(actor, _found(event, actor))]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        able = len(list_renewers(event.payload["review_request_id"]))
        return {**_for_desk(event, links), "lacking": max(0, PERSONS_NEEDED - able)}


def _desk() -> list[Person]:
    people = [*list_people_with_role(Role.CASE_OFFICER), *list_people_with_role(Role.ADMINISTRATOR)]
    return list({person.id: person for person in people}.values())


def _may_answer(event: EventRow, actor: Actor) -> bool:
    return may_answer(actor, _found(event, actor))
