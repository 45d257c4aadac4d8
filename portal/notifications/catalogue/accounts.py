"""Who is told what happens to accounts and organisations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Claim, Person
from portal.accounts.queries import get_person
from portal.accounts.tokens import Purpose, link_token
from portal.core.clock import machine_now
from portal.core.db import db, get_one
from portal.core.event_log import EventRow
from portal.core.text import Msg, _l
from portal.notifications import variables as v
from portal.notifications.categories import Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient, to_person


class _LinkToSelf(Notification):
    """A link that stands for a person until it is used: derived when the message is made, and stored nowhere."""

    category = Category.ACCOUNT
    carries_token = True
    is_urgent = True
    is_of_programme = False
    variables = (v.NAME, v.LINK)
    purpose: ClassVar[Purpose]
    page: ClassVar[str]

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return [to_person(get_person(event.subject_id))]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        person = get_person(event.subject_id)
        token = link_token(links.key, self.purpose, person.id, person.nonce, now=machine_now())
        return {"name": person.name, "link": links.to(self.page, token=token)}


class AccountConfirmation(_LinkToSelf):
    """The link that proves the address of a new account."""

    name = "account-confirmation"
    topics = ("person.registered", "person.confirmation-requested")
    reason = _l("You receive this because somebody made an account with this e-mail address.")
    purpose, page = Purpose.CONFIRM_EMAIL, "accounts.confirm_email"


class PasswordReset(_LinkToSelf):
    """The link to choose a new password; good for one use."""

    name = "password-reset"
    topics = ("person.password-reset-requested",)
    reason = _l("You receive this because somebody asked for a new password for this e-mail address.")
    purpose, page = Purpose.RESET_PASSWORD, "accounts.reset_password"


class AddressConfirmation(_LinkToSelf):
    """The link that confirms a person's new address, sent to that address alone."""

    name = "address-confirmation"
    topics = ("person.address-change-asked",)
    reason = _l("You receive this because this address was given for an account of the portal.")
    purpose, page = Purpose.CHANGE_ADDRESS, "accounts.confirm_address"

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        person = get_person(event.subject_id)
        return [replace(to_person(person), address=person.new_email)] if person.new_email else []


class AddressChangeAsked(Notification):
    """Tells the present address that another one was given, in case its owner knows of nothing."""

    name = "address-change-asked"
    topics = ("person.address-change-asked",)
    reason = _l("You receive this because another address was given for your account.")
    category = Category.ACCOUNT
    is_of_programme = False
    variables = (v.NAME, v.LINK)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return [to_person(get_person(event.subject_id))]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        return {"name": get_person(event.subject_id).name, "link": links.to("public.help")}


def _claim(event: EventRow) -> Claim:
    stmt = sa.select(Claim).where(Claim.id == event.subject_id)
    return get_one(stmt.options(joinedload(Claim.organisation), joinedload(Claim.person)))


def _page(claim: Claim, links: Links) -> str:
    return links.to("accounts.organisation", number=claim.organisation.enterprise_number)


class ClaimConfirmed(Notification):
    """A case officer confirmed that this person may bind the organisation."""

    name = "claim-confirmed"
    topics = ("claim.confirmed",)
    reason = _l("You receive this because you registered this organisation.")
    category = Category.ACCOUNT
    is_of_programme = False
    variables = (v.ORGANISATION, v.NAME, v.LINK)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return [to_person(_claim(event).person)]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        claim = _claim(event)
        return {"organisation": claim.organisation.name, "name": claim.person.name, "link": _page(claim, links)}


class ClaimDisputed(Notification):
    """Two people say that they may bind the organisation; both are told, and the right rests meanwhile."""

    name = "claim-disputed"
    topics = ("claim.disputed",)
    reason = _l("You receive this because you or somebody else said to be responsible for this organisation.")
    category = Category.ACCOUNT
    is_of_programme = False
    variables = (v.ORGANISATION, v.SENTENCE, v.LINK)
    needed = (v.SENTENCE,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        claim = _claim(event)
        told = [to_person(claim.person)]
        other = db.session.get(Person, claim.disputed_by_id) if claim.disputed_by_id else None
        return [*told, to_person(other)] if other is not None else told

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        claim = _claim(event)
        return {
            "organisation": claim.organisation.name,
            "sentence": _disputed(claim.organisation.name, is_holder=delivery.person_id == claim.person_id),
            "link": _page(claim, links),
        }


def _disputed(organisation: str, *, is_holder: bool) -> Msg:
    if is_holder:
        return _l(
            "Somebody else says to be responsible for %(organisation)s. Until a case officer has decided, nobody can submit or sign for the organisation. You can go on drafting.",
            organisation=organisation,
        )
    return _l(
        "You said that you are responsible for %(organisation)s. Somebody had registered the organisation before. A case officer decides; until then nobody can submit or sign for it.",
        organisation=organisation,
    )
