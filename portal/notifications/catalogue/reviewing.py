"""Who is told what happens to a review. No message names another reviewer, and none holds a word of an application."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.applications.models import Application
from portal.core.db import get_one
from portal.core.event_log import EventRow
from portal.core.text import _l
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient, to_person
from portal.reviewing.models import Review
from portal.reviewing.states import UNDER_WAY, ReviewState

_REASON = _l("You receive this because you are a reviewer in this round.")


def _review(event: EventRow) -> Review:
    stmt = sa.select(Review).where(Review.id == event.subject_id)
    application = joinedload(Review.application)
    return get_one(
        stmt.options(
            joinedload(Review.reviewer),
            joinedload(Review.visibility),
            application.joinedload(Application.partnership),
            application.joinedload(Application.round),
        )
    )


def _named(review: Review) -> dict[str, Any]:
    """Name the application as its reviewer knows it: in a blind round without its partnership."""
    return {
        "reference": review.shown_reference,
        "partnership": "" if review.is_blind else review.shown_name,
        "round": review.application.round.code,
    }


class ReviewerInvited(Notification):
    """A reviewer is asked to accept or decline a review."""

    name = "reviewer-invited"
    topics = ("review.invited",)
    reason = _REASON

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        review = _review(event)
        return [to_person(review.reviewer)] if review.state is ReviewState.INVITED else []

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        review = _review(event)
        link = links.to("reviewing.invitation", review_id=review.id)
        return {**_named(review), "due_on": date.fromisoformat(event.payload["due_on"]), "link": link}


class ReviewDue(Notification):
    """A review that is not submitted yet is due soon; whoever submitted or was taken off meanwhile is not told."""

    name = "review-due"
    topics = ("review.due",)
    reason = _REASON

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        review = _review(event)
        waits = review.state in {ReviewState.INVITED, *UNDER_WAY}
        return [to_person(review.reviewer)] if waits else []

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        review = _review(event)
        page = "reviewing.invitation" if review.state is ReviewState.INVITED else "reviewing.review"
        return {
            **_named(review),
            "due_on": date.fromisoformat(event.payload["due_on"]),
            "days": event.payload["days"],
            "link": links.to(page, review_id=review.id),
        }
