"""Who is told what happens to an application."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Organisation
from portal.accounts.queries import get_person, list_leads
from portal.applications.closing import closes_at_for
from portal.applications.completion import Askable, asked_of
from portal.applications.dossiers import dossier_of, open_request
from portal.applications.extensions import Extension
from portal.applications.models import Application, CompletionRequest
from portal.applications.queries import get_application
from portal.applications.states import State
from portal.core.db import get_one
from portal.core.event_log import EventRow
from portal.core.text import _l
from portal.core.web import translate
from portal.notifications import variables as v
from portal.notifications.audience import leads_of_partnerships
from portal.notifications.categories import Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient, Reminding, to_person


def _application(event: EventRow) -> Application:
    stmt = sa.select(Application).where(Application.id == event.subject_id)
    return get_one(stmt.options(joinedload(Application.partnership), joinedload(Application.round)))


_NAMED = (v.REFERENCE, v.PARTNERSHIP, v.ROUND, v.LINK)


def _named(application: Application, links: Links) -> dict[str, Any]:
    return {
        "reference": application.reference,
        "partnership": application.partnership.name,
        "round": application.round.code,
        "link": links.to("applications.application", ref=application.reference),
    }


class SubmissionReceipt(Notification):
    """The receipt of a submission, to whoever submitted and to everybody who may sign for a partner."""

    name = "submission-receipt"
    topics = ("application.submitted",)
    reason = _l("You receive this because you submitted this application or may sign for one of its partners.")
    category = Category.APPLICATIONS
    variables = (*_NAMED, v.SUBMITTED_AT, v.DIGEST, v.VERIFY_LINK)
    needed = (v.SUBMITTED_AT,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        told = leads_of_partnerships([_application(event).partnership_id])
        return [*told, to_person(get_person(event.actor_id))] if event.actor_id is not None else told

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        application, sha256 = _application(event), event.payload["snapshot_sha256"]
        facts = {
            "submitted_at": event.occurred_at,
            "sha256": sha256,
            "link": links.to("applications.receipt", ref=application.reference),
            "verify_link": links.to("public.verify", reference=application.reference, sha256=sha256),
        }
        return {**_named(application, links), **facts}


class CompletionAsked(Notification):
    """A case officer asks to complete an application before a day."""

    name = "completion-asked"
    topics = ("application.returned",)
    reason = _l("You receive this because you may sign for the lead applicant of this application.")
    category = Category.APPLICATIONS
    variables = (*_NAMED, v.DUE_AT, v.ASKED, v.MESSAGE)
    needed = (v.DUE_AT, v.ASKED, v.MESSAGE)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return [to_person(person) for person in list_leads([_application(event).promotor_id])]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        stmt = sa.select(CompletionRequest).where(CompletionRequest.id == event.payload["completion_request_id"])
        request = get_one(stmt)
        application = get_application(_application(event).reference)
        asked = asked_of(dossier_of(application), request.asked)
        lines = [f"{_part(item)}: {text}" for item, text in asked]
        told = {"due_at": request.due_at, "message": request.message, "asked": asked, "asked_lines": lines}
        return {**_named(application, links), **told}


def _part(item: Askable) -> str:
    named = f"{item.section.code} {translate(item.label)}"
    return f"{named}, {item.organisation}" if item.organisation else named


class DeadlineNear(Reminding):
    """A draft is not submitted yet, and its round closes soon."""

    name = "deadline-near"
    topics = ("application.deadline-near",)
    reason = _l("You receive this because you may sign for a partner in an application that is not submitted yet.")
    deadline = "closes_at"
    category = Category.DEADLINES
    variables = (*_NAMED, v.CLOSES_AT, v.DAYS)
    needed = (v.CLOSES_AT,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        application, closes_at = _application(event), datetime.fromisoformat(event.payload["closes_at"])
        # Submitted, withdrawn or given another deadline since the clock was read, be it within the same second.
        if application.state is not State.DRAFT or closes_at_for(application) != closes_at:
            return []
        return leads_of_partnerships([application.partnership_id])

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        closes_at = datetime.fromisoformat(event.payload["closes_at"])
        return {**_named(_application(event), links), "closes_at": closes_at, "days": event.payload["days"]}


def _of_partner(event: EventRow, links: Links) -> dict[str, Any]:
    application, number = _application(event), event.payload["organisation_id"]
    request = open_request(application) if application.state is State.RETURNED else None
    organisation = get_one(sa.select(Organisation).where(Organisation.id == number))
    return {
        **_named(application, links),
        "organisation": organisation.name,
        "until": request.due_at if request else closes_at_for(application),
        "link": links.to("applications.sign_part", ref=application.reference, organisation_id=number),
    }


class SignOffAsked(Notification):
    """The lead partner asks a partner to sign off on its part."""

    name = "sign-off-asked"
    topics = ("application.sign-off-asked",)
    reason = _l("You receive this because you may sign for a partner of this application.")
    category = Category.COLLABORATION
    variables = (*_NAMED, v.ORGANISATION, v.UNTIL)
    needed = (v.ORGANISATION, v.UNTIL)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return [to_person(person) for person in list_leads([event.payload["organisation_id"]])]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        return _of_partner(event, links)


class SignOffCancelled(SignOffAsked):
    """What a partner had signed off on was changed, so that its sign-off holds no more."""

    name = "sign-off-cancelled"
    topics = ("application.sign-off-cancelled",)


class DraftHandedOver(Notification):
    """Somebody left an organisation, and what hung on that person in an application passed to a colleague."""

    name = "draft-handed-over"
    topics = ("application.handed-over",)
    reason = _l("You receive this because a colleague left your organisation and you were chosen to take over.")
    category = Category.COLLABORATION
    is_digestible = True
    variables = (*_NAMED, v.ORGANISATION, v.PERSON)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        heir_id = event.payload["to_person_id"]
        return [] if event.actor_id == heir_id else [to_person(get_person(heir_id))]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        organisation = get_one(sa.select(Organisation).where(Organisation.id == event.payload["organisation_id"]))
        left = get_person(event.payload["from_person_id"])
        return {**_named(_application(event), links), "organisation": organisation.name, "person": left.name}


class ApplicationExtended(Notification):
    """An administrator gave one application more time, for a reason its applicants read."""

    name = "application-extended"
    topics = ("application.extended",)
    reason = _l("You receive this because you may sign for a partner in an application that is not submitted yet.")
    category = Category.APPLICATIONS
    variables = (*_NAMED, v.NEW_CLOSES_AT, v.OLD_CLOSES_AT, v.WHY)
    needed = (v.NEW_CLOSES_AT,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return leads_of_partnerships([_application(event).partnership_id])

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        extension = get_one(sa.select(Extension).where(Extension.id == event.payload["extension_id"]))
        facts = {"old_closes_at": extension.old_closes_at, "new_closes_at": extension.new_closes_at}
        return {**_named(_application(event), links), **facts, "why": extension.reason}


class NotSubmitted(Notification):
    """A draft's deadline passed before it was submitted; what was written stays."""

    name = "not-submitted"
    topics = ("application.not-submitted",)
    reason = _l("You receive this because you may sign for a partner in an application that was not submitted.")
    category = Category.APPLICATIONS
    variables = (*_NAMED, v.CLOSES_AT, v.PAPERS_LINK)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return leads_of_partnerships([_application(event).partnership_id])

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        application, closes_at = _application(event), datetime.fromisoformat(event.payload["closes_at"])
        papers_link = links.to("applications.papers", ref=application.reference)
        return {**_named(application, links), "closes_at": closes_at, "papers_link": papers_link}
