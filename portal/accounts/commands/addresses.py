"""Addresses: messages that come back from one, and another one in its place, which a link in a mail to it confirms."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from portal.accounts.events import AddressChangeAsked, AddressChanged, PersonReachable, PersonUnreachable
from portal.accounts.models import Person
from portal.accounts.queries import find_person_by_email
from portal.core.context import Ctx
from portal.core.db import find_one
from portal.core.errors import Problem, RuleViolation
from portal.core.event_log import record
from portal.core.text import _l

KNOWN = Problem("email-known", _l("Somebody has an account with this address already."), "email")
THE_SAME = Problem("email-same", _l("This is the present address."), "email")


def mark_unreachable(ctx: Ctx, person_id: int, address: str, status: str) -> None:
    """Note that a message to ``address`` came back, where that is the person's present one; once until it is cleared."""
    stmt = sa.select(Person).where(Person.id == person_id, Person.email == address, Person.unreachable_since.is_(None))
    person = find_one(stmt.with_for_update(key_share=True))
    if person is None:
        return
    person.unreachable_since, person.unreachable_status = ctx.now, status
    record(ctx, PersonUnreachable(person_id=person.id, code=status))


def mark_reachable(ctx: Ctx, person: Person) -> None:
    """Note that messages arrive again at the person's address."""
    if person.unreachable_since is None:
        return
    person.unreachable_since, person.unreachable_status = None, None
    record(ctx, PersonReachable(person_id=person.id))


def ask_address_change(ctx: Ctx, person: Person, email: str) -> None:
    """Have another address confirmed by a link sent to it; until then the present one stands, and is told.

    Links that were sent before work no more. RuleViolation for the present address and for one with an account.
    """
    email = email.strip().lower()
    if email == person.email:
        raise RuleViolation([THE_SAME])
    if find_person_by_email(email) is not None:
        raise RuleViolation([KNOWN])
    person.new_email, person.nonce = email, secrets.token_hex(8)
    record(ctx, AddressChangeAsked(person_id=person.id))


def confirm_address(ctx: Ctx, person: Person) -> None:
    """Put the confirmed address in the place of the present one; RuleViolation where somebody took it meanwhile."""
    if person.new_email is None:
        raise RuleViolation([Problem("address-gone", _l("No address waits to be confirmed."))])
    if find_person_by_email(person.new_email) is not None:
        raise RuleViolation([KNOWN])
    person.email, person.new_email, person.nonce = person.new_email, None, secrets.token_hex(8)
    person.email_confirmed_at = ctx.now
    record(ctx, AddressChanged(person_id=person.id))
    mark_reachable(ctx, person)
