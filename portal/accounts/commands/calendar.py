"""The secret address of one's own calendar: made when it is asked for, renewed and withdrawn."""

from __future__ import annotations

import secrets

from portal.accounts.events import CalendarAddressMade, CalendarAddressWithdrawn
from portal.accounts.models import CalendarAddress, Person
from portal.accounts.queries import find_calendar_address
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.event_log import record


def make_calendar_address(ctx: Ctx, person: Person) -> CalendarAddress:
    """Make the person's calendar address, or a new one in the place of the old, which works no more from now on."""
    address = find_calendar_address(person.id)
    if address is None:
        address = CalendarAddress(person_id=person.id)
        db.session.add(address)
    address.nonce, address.made_at = secrets.token_hex(16), ctx.now
    record(ctx, CalendarAddressMade(person_id=person.id))
    return address


def withdraw_calendar_address(ctx: Ctx, person: Person) -> None:
    """Take the person's calendar address away; NotFound where there is none."""
    address = find_calendar_address(person.id)
    if address is None:
        raise NotFound
    db.session.delete(address)
    record(ctx, CalendarAddressWithdrawn(person_id=person.id))
