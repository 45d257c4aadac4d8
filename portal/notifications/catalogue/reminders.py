"""Who is reminded of a sign-off, a completion or an invitation. Whoever did it meanwhile, to the second, is not told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.queries import list_leads
from portal.applications.closing import closes_at_for
from portal.applications.models import Application, CompletionRequest
from portal.applications.queries import get_application
from portal.applications.sign_offs import parts_to_sign
from portal.applications.states import State
from portal.calls.queries import terms_of
from portal.core.db import get_one
from portal.core.event_log import EventRow
from portal.core.text import _l
from portal.notifications import variables as v
from portal.notifications.catalogue.applications import SignOffAsked
from portal.notifications.categories import Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Recipient, Reminding, to_person
from portal.reviewing.models import Review
from portal.reviewing.states import ReviewState


def _application(event: EventRow) -> Application:
    stmt = sa.select(Application).where(Application.id == event.subject_id)
    return get_one(stmt.options(joinedload(Application.partnership), joinedload(Application.round)))


class SignOffDue(Reminding, SignOffAsked):
    """A draft closes soon and a partner has not signed off on its part."""

    name = "sign-off-due"
    topics = ("application.sign-off-due",)
    deadline = "closes_at"
    category = Category.DEADLINES

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        application = get_application(_application(event).reference)
        closes_at, number = datetime.fromisoformat(event.payload["closes_at"]), event.payload["organisation_id"]
        if application.state is not State.DRAFT or closes_at_for(application) != closes_at:
            return []
        missing = parts_to_sign(application, terms_of(application.round).sign_off, {number})
        return [to_person(each) for each in list_leads([number])] if missing else []


class CompletionDue(Reminding):
    """A completion that was asked is not handed in, and its last moment comes near."""

    name = "completion-due"
    topics = ("application.completion-due",)
    reason = _l("You receive this because you may sign for the lead applicant of this application.")
    deadline = "due_at"
    category = Category.DEADLINES
    variables = (v.REFERENCE, v.PARTNERSHIP, v.ROUND, v.LINK, v.DUE_AT, v.DAYS)
    needed = (v.DUE_AT,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        request, application = self._asked(event), _application(event)
        is_open = request.completed_at is None and application.state is State.RETURNED
        if not is_open or request.due_at != datetime.fromisoformat(event.payload["due_at"]):
            return []
        return [to_person(each) for each in list_leads([application.promotor_id])]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        application = _application(event)
        return {
            "reference": application.reference,
            "partnership": application.partnership.name,
            "round": application.round.code,
            "due_at": datetime.fromisoformat(event.payload["due_at"]),
            "days": event.payload["days"],
            "link": links.to("applications.application", ref=application.reference),
        }

    def _asked(self, event: EventRow) -> CompletionRequest:
        stmt = sa.select(CompletionRequest).where(CompletionRequest.id == event.payload["completion_request_id"])
        return get_one(stmt)


class InvitationDue(Reminding):
    """A reviewer has not answered an invitation, and its last day comes near."""

    name = "invitation-due"
    topics = ("review.answer-due",)
    reason = _l("You receive this because you are a reviewer in this round.")
    deadline = "answer_due_on"
    category = Category.REVIEW_INVITATIONS
    variables = (v.REFERENCE, v.ROUND, v.ANSWER_DUE_ON, v.DAYS, v.LINK)
    needed = (v.ANSWER_DUE_ON,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        review, day = self._review(event), date.fromisoformat(event.payload["answer_due_on"])
        waits = review.state is ReviewState.INVITED and review.answer_due_on == day
        return [to_person(review.reviewer)] if waits else []

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        review = self._review(event)
        return {
            "reference": review.shown_reference,
            "round": review.application.round.code,
            "answer_due_on": date.fromisoformat(event.payload["answer_due_on"]),
            "days": event.payload["days"],
            "link": links.to("reviewing.invitation", review_id=review.id),
        }

    def _review(self, event: EventRow) -> Review:
        application = joinedload(Review.application)
        stmt = sa.select(Review).where(Review.id == event.subject_id)
        return get_one(
            stmt.options(
                joinedload(Review.reviewer),
                joinedload(Review.visibility),
                application.joinedload(Application.partnership),
                application.joinedload(Application.round),
            )
        )
