"""Who is told what happens to a review. No message names another reviewer, and none holds a word of an application."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.accounts.queries import get_person, list_people_with_role
from portal.applications.models import Application
from portal.core.actor import Role
from portal.core.db import db, find_one, get_one
from portal.core.event_log import EventRow
from portal.core.text import _l
from portal.notifications import variables as v
from portal.notifications.catalogue import reviewing_sentences as sentences
from portal.notifications.categories import Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient, Reminding, to_person
from portal.reviewing.models import Assessment, Review
from portal.reviewing.states import UNDER_WAY, ReviewState
from portal.reviewing.visibility import Level

_REASON = _l("You receive this because you are a reviewer in this round.")


_ANSWER_BY = v.sentence("antwoorden_voor", "answer_by", _l("By which day to answer, where a day was set"))
_ALTERNATE = v.sentence("plaatsvervanger", "next_step", _l("Who is invited instead, or that nobody is"))


def _reviews() -> sa.Select[Review]:
    application = joinedload(Review.application)
    return sa.select(Review).options(
        joinedload(Review.reviewer),
        joinedload(Review.visibility),
        application.joinedload(Application.partnership),
        application.joinedload(Application.round),
    )


def _review(event: EventRow) -> Review:
    return get_one(_reviews().where(Review.id == event.subject_id))


def _named(review: Review) -> dict[str, Any]:
    """Name the application as its reviewer knows it: in a blind round without its partnership."""
    return {
        "reference": review.shown_reference,
        "partnership": "" if review.is_blind else review.shown_name,
        "round": review.application.round.code,
    }


class _ToDiscuss(Notification):
    """The reviewers of a file whose consensus is open are told of its discussion; nobody who was taken off is."""

    reason = _l("You receive this because you reviewed this application.")
    category = Category.REVIEWING
    is_digestible = True
    variables = (v.REFERENCE, v.PARTNERSHIP, v.ROUND, v.LINK)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        stmt = (
            sa.select(Review)
            .join(Review.assessment)
            .where(
                Review.application_id == event.payload["application_id"],
                Review.state == ReviewState.SUBMITTED,
                Assessment.needs_consensus,
            )
            .options(joinedload(Review.reviewer), joinedload(Review.visibility))
        )
        found = db.session.scalars(stmt.order_by(Review.id))
        return [to_person(each.reviewer) for each in found if each.matrix.reviews is not Level.NEVER]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        own = _reviews().where(
            Review.application_id == event.payload["application_id"], Review.reviewer_id == delivery.person_id
        )
        review = get_one(own)
        return {**_named(review), "link": links.to("reviewing.discuss", review_id=review.id)}


class ConsensusAsked(_ToDiscuss):
    """The reviews lie too far apart: their writers discuss the file."""

    name = "consensus-asked"
    topics = ("consensus.asked",)


class ConsensusProposed(_ToDiscuss):
    """The case officer proposes scores and a text: the reviewers vote."""

    name = "consensus-proposed"
    topics = ("proposal.made",)


class ReviewerInvited(Notification):
    """A reviewer is asked to accept or decline a review."""

    name = "reviewer-invited"
    topics = ("review.invited",)
    reason = _REASON
    category = Category.REVIEW_INVITATIONS
    variables = (v.REFERENCE, v.PARTNERSHIP, v.ROUND, v.DUE_ON, v.SENTENCE, _ANSWER_BY, v.LINK)
    needed = (v.SENTENCE, _ANSWER_BY)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        review = _review(event)
        return [to_person(review.reviewer)] if review.state is ReviewState.INVITED else []

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        review = _review(event)
        due_on = date.fromisoformat(event.payload["due_on"])
        return {
            **_named(review),
            "sentence": sentences.asked(review, due_on),
            "answer_by": sentences.answer_by(review.answer_due_on),
            "due_on": due_on,
            "link": links.to("reviewing.invitation", review_id=review.id),
        }


class ReviewDue(Reminding):
    """A review that is not submitted yet is due soon; whoever submitted or was taken off meanwhile is not told."""

    name = "review-due"
    topics = ("review.due",)
    reason = _REASON
    deadline = "due_on"
    category = Category.REVIEWING
    variables = (v.REFERENCE, v.PARTNERSHIP, v.ROUND, v.SENTENCE, v.DUE_ON, v.DAYS, v.LINK)
    needed = (v.SENTENCE,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        review = _review(event)
        waits = review.state in {ReviewState.INVITED, *UNDER_WAY}
        return [to_person(review.reviewer)] if waits else []

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        review = _review(event)
        page = "reviewing.invitation" if review.state is ReviewState.INVITED else "reviewing.review"
        due_on = date.fromisoformat(event.payload["due_on"])
        return {
            **_named(review),
            "sentence": sentences.not_submitted(review, due_on),
            "due_on": due_on,
            "days": event.payload["days"],
            "link": links.to(page, review_id=review.id),
        }


class ReviewerInConflict(Notification):
    """A reviewer who was asked already turns out to have a conflict: the case officer who asked looks for another."""

    name = "reviewer-in-conflict"
    topics = ("conflict.confirmed",)
    reason = _l("You receive this because you invited this reviewer.")
    category = Category.DESK
    is_digestible = True
    variables = (v.REFERENCE, v.PARTNERSHIP, v.ROUND, v.NAME, v.LINK)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        review = self._found(event)
        if review is None or review.invited_by_id is None or review.invited_by_id == event.actor_id:
            return []
        return [to_person(get_person(review.invited_by_id))]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        review = get_one(_reviews().where(*_between(event)))
        link = links.to("reviewing.assign", ref=review.application.reference)
        return {**_named(review), "name": review.reviewer.name, "link": link}

    def _found(self, event: EventRow) -> Review | None:
        return find_one(sa.select(Review).where(*_between(event)))


def _between(event: EventRow) -> tuple[sa.ColumnElement[bool], ...]:
    payload = event.payload
    return Review.application_id == payload["application_id"], Review.reviewer_id == payload["person_id"]


class InvitationExpired(Notification):
    """A reviewer who did not answer is told that nothing is asked any more."""

    name = "invitation-expired"
    topics = ("review.expired",)
    reason = _REASON
    category = Category.REVIEW_INVITATIONS
    variables = (v.REFERENCE, v.ROUND, v.ANSWER_DUE_ON, v.LINK)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return [to_person(_review(event).reviewer)]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        review = _review(event)
        return {**_named(review), "answer_due_on": review.answer_due_on, "link": links.to("reviewing.queue")}


class ReviewerDidNotAnswer(Notification):
    """The case officer who asked a reviewer is told that the invitation expired, and who is asked instead.

    All case officers where nobody did, or where that person is none any more.
    """

    name = "reviewer-did-not-answer"
    topics = ("review.expired",)
    reason = _l("You receive this because you are a case officer of the department.")
    category = Category.DESK
    is_digestible = True
    variables = (v.REFERENCE, v.PARTNERSHIP, v.ROUND, v.REVIEWER, _ALTERNATE, v.LINK)
    needed = (_ALTERNATE,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        officers = list_people_with_role(Role.CASE_OFFICER)
        asked_by_id = _review(event).invited_by_id
        asking = [each for each in officers if each.id == asked_by_id]
        return [to_person(each) for each in asking or officers]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        review = _review(event)
        following = db.session.get(Review, event.payload["next_review_id"] or 0)
        reviewer = db.session.get(Person, following.reviewer_id) if following else None
        return {
            "reference": review.application.reference,
            "partnership": review.application.partnership.name,
            "round": review.application.round.code,
            "reviewer": review.reviewer.name,
            "next_step": sentences.next_step(following, reviewer),
            "link": links.to("reviewing.assign", ref=review.application.reference),
        }
