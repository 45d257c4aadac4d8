"""Who is told of a change of partners: both sides what is asked and answered, all partners what is decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from portal.accounts.queries import list_leads
from portal.applications.change_models import ChangeRequest
from portal.applications.change_requests import get_change
from portal.applications.models import Application
from portal.applications.states import ChangeKind
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.core.text import Msg, _l
from portal.notifications import variables as v
from portal.notifications.audience import leads_of_partnerships
from portal.notifications.categories import Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient, to_person


def _change(event: EventRow) -> ChangeRequest:
    asked = sa.select(Application.reference).where(Application.id == event.payload["application_id"])
    return get_change(db.session.execute(asked).scalar_one(), event.subject_id)


def _sides(change: ChangeRequest) -> list[Recipient]:
    return [to_person(person) for person in list_leads([change.promotor_id, change.organisation_id])]


_NAMED = (v.REFERENCE, v.TITLE, v.SENTENCE, v.NEXT, v.LINK)


def _named(change: ChangeRequest, links: Links) -> dict[str, Any]:
    sentences = {
        ChangeKind.PROMOTOR: _l(
            "It is asked that %(organisation)s leads the application of %(partnership)s, instead of %(promotor)s.",
            organisation=change.organisation.name,
            partnership=change.application.partnership.name,
            promotor=change.promotor.name,
        ),
        ChangeKind.LEAVING: _l(
            "It is asked that %(organisation)s leaves the application of %(partnership)s.",
            organisation=change.organisation.name,
            partnership=change.application.partnership.name,
        ),
    }
    return {
        "reference": change.application.reference,
        "sentence": sentences[change.kind],
        "link": links.to("applications.change_requests", ref=change.application.reference),
    }


class ChangeAsked(Notification):
    """A change of lead partner, or a partner that leaves, is asked: both sides are told."""

    name = "change-asked"
    topics = ("change.asked",)
    reason = _l("You receive this because you may sign for one of the organisations that this change is about.")
    category = Category.PARTNERSHIPS
    variables = (*_NAMED, v.WHY)
    needed = (v.SENTENCE, v.NEXT)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return _sides(_change(event))

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        change = _change(event)
        reference = change.application.reference
        if change.kind is ChangeKind.LEAVING:
            title = _l("Asked for application %(reference)s: a partner leaves", reference=reference)
            follows = _l("A case officer decides. You get a message.")
        else:
            title = _l("Asked for application %(reference)s: another lead partner", reference=reference)
            answers = change.organisation if change.answers_id == change.organisation_id else change.promotor
            follows = _l(
                "Somebody who may sign for %(organisation)s agrees, or does not. Then a case officer decides.",
                organisation=answers.name,
            )
        return {**_named(change, links), "title": title, "why": change.reason, "next": follows}


class ChangeAnswered(Notification):
    """The other side agreed or did not, or the request was taken back: both sides are told."""

    name = "change-answered"
    topics = ("change.agreed", "change.declined", "change.withdrawn")
    reason = _l("You receive this because you may sign for one of the organisations that this change is about.")
    category = Category.PARTNERSHIPS
    variables = _NAMED
    needed = (v.SENTENCE, v.NEXT)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return _sides(_change(event))

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        change = _change(event)
        reference = change.application.reference
        said: dict[str, tuple[Msg, Msg]] = {
            "change.agreed": (
                _l("Both sides agree with the change in application %(reference)s", reference=reference),
                _l("A case officer decides now. You get a message."),
            ),
            "change.declined": (
                _l("The change in application %(reference)s is not agreed", reference=reference),
                _l("So nothing changes."),
            ),
            "change.withdrawn": (
                _l("The request for a change in application %(reference)s is withdrawn", reference=reference),
                _l("So nothing changes."),
            ),
        }
        title, follows = said[event.topic]
        return {**_named(change, links), "title": title, "next": follows}


class ChangeDecided(Notification):
    """A case officer granted or refused a change: everybody who may sign for a partner is told, also of one that left."""

    name = "change-decided"
    topics = ("change.granted", "change.refused")
    reason = _l("You receive this because you may sign for a partner of this application.")
    category = Category.PARTNERSHIPS
    variables = (*_NAMED, v.WHY)
    needed = (v.SENTENCE, v.NEXT, v.WHY)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        change = _change(event)
        return [*leads_of_partnerships([change.application.partnership_id]), *_sides(change)]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        change = _change(event)
        reference, organisation = change.application.reference, change.organisation.name
        if event.topic == "change.refused":
            title = _l("Change in application %(reference)s not granted", reference=reference)
            follows = _l("This is not granted: nothing changes.")
        else:
            title = _l("Change in application %(reference)s granted", reference=reference)
            follows = {
                ChangeKind.PROMOTOR: _l(
                    "This is granted: %(organisation)s leads from now on.", organisation=organisation
                ),
                ChangeKind.LEAVING: _l("This is granted: %(organisation)s left.", organisation=organisation),
            }[change.kind]
        home = links.to("applications.applications")
        return {**_named(change, links), "title": title, "next": follows, "why": change.judgement or "", "link": home}
