"""Reading people, organisations, claims and rights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import CalendarAddress, Claim, Membership, Organisation, Person, SignIn
from portal.accounts.states import ClaimState
from portal.accounts.tokens import Purpose, is_valid, row_id_in
from portal.core.actor import Actor, Mandate, Right, Role
from portal.core.clock import machine_now
from portal.core.db import db, find_one, get_one
from portal.core.errors import NotFound
from portal.core.files import StoredFile
from portal.core.paging import Page, page


def get_person(person_id: int, *, lock: bool = False) -> Person:
    """Return the person; NotFound where there is none."""
    return get_one(sa.select(Person).where(Person.id == person_id), lock=lock)


def find_person_by_email(email: str) -> Person | None:
    """Return the person with this address, whatever its capitals."""
    return find_one(sa.select(Person).where(Person.email == email.strip().lower()))


def find_person_by_token(token: str, key: str, purpose: Purpose, now: datetime, *, lock: bool = False) -> Person | None:
    """Return the person whose link this is; None for one that is not right, was used, or expired at machine ``now``."""
    row_id = row_id_in(token)
    if row_id is None:
        return None
    stmt = sa.select(Person).where(Person.id == row_id)
    try:
        person = get_one(stmt, lock=lock)
    except NotFound:
        return None
    return person if is_valid(token, key, purpose, person.id, person.nonce, now=now) else None


_MANDATE = (Membership.organisation_id, Membership.right, Organisation.confirmed_at, Organisation.frozen_at)
_MANDATES = (
    sa.select(*_MANDATE)
    .join(Organisation, Organisation.id == Membership.organisation_id)
    .where(Membership.person_id == sa.bindparam("person_id"), Membership.ended_at.is_(None))
    .order_by(Membership.organisation_id)
)
# Written once: every page of somebody who is signed in asks it.
_SIGNED_IN = (
    sa.select(SignIn, *_MANDATE)
    .outerjoin(Membership, sa.and_(Membership.person_id == SignIn.person_id, Membership.ended_at.is_(None)))
    .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    .where(SignIn.token_sha256 == sa.bindparam("token_sha256"))
    .order_by(Membership.organisation_id)
    .options(joinedload(SignIn.person))
)


def actor_of(person: Person) -> Actor:
    """Return the actor that ``person`` is: roles, and one mandate per organisation (one statement)."""
    return _actor(person, db.session.execute(_MANDATES, {"person_id": person.id}))


def find_signed_in(token_sha256: str) -> tuple[SignIn, Actor] | None:
    """Return the session, whatever its state, and who acts in it (one statement); the caller looks at the clock."""
    rows = db.session.execute(_SIGNED_IN, {"token_sha256": token_sha256}).all()
    if not rows:
        return None
    sign_in: SignIn = rows[0][0]
    mandates = [mandate for _, *mandate in rows if mandate[0] is not None]
    return sign_in, _actor(sign_in.person, mandates, chosen=sign_in.acting_for_id)


def _actor(person: Person, mandates: Iterable[Sequence[Any]], chosen: int | None = None) -> Actor:
    held = tuple(
        Mandate(organisation_id, Right(right), confirmed_at is not None, frozen_at is not None)
        for organisation_id, right, confirmed_at, frozen_at in mandates
    )
    return Actor(
        person_id=person.id,
        name=person.name,
        roles=frozenset(Role(each) for each in person.roles),
        mandates=held,
        acting_for=chosen if any(each.organisation_id == chosen for each in held) else None,
        language=person.language,
    )


def list_sign_ins(person_id: int) -> list[SignIn]:
    """Return the sessions that have not ended, the latest seen first."""
    is_open = sa.and_(SignIn.ended_at.is_(None), SignIn.expires_at > machine_now())
    stmt = sa.select(SignIn).where(SignIn.person_id == person_id, is_open)
    return list(db.session.scalars(stmt.order_by(SignIn.seen_at.desc())))


def get_organisation(number: str, *, lock: bool = False) -> Organisation:
    """Return the organisation with this enterprise number (ten digits)."""
    return get_one(sa.select(Organisation).where(Organisation.enterprise_number == number), lock=lock)


def find_organisation(number: str) -> Organisation | None:
    """Return the organisation with this enterprise number, or None."""
    return find_one(sa.select(Organisation).where(Organisation.enterprise_number == number))


def list_organisations(organisation_ids: Iterable[int]) -> list[Organisation]:
    """Return these organisations by name."""
    stmt = sa.select(Organisation).where(Organisation.id.in_(list(organisation_ids)))
    return list(db.session.scalars(stmt.order_by(Organisation.name)))


def list_members(organisation_id: int) -> list[Membership]:
    """Return the present members with their person, leads first."""
    order = sa.case((Membership.right == Right.LEAD, 0), (Membership.right == Right.STAFF, 1), else_=2)
    stmt = (
        sa.select(Membership)
        .where(Membership.organisation_id == organisation_id, Membership.ended_at.is_(None))
        .options(joinedload(Membership.person))
        .order_by(order, Membership.id)
    )
    return list(db.session.scalars(stmt))


def get_membership(number: str, member: int, *, lock: bool = False) -> Membership:
    """Return one present right in the organisation, with both ends; the lock is the organisation's. NotFound otherwise."""
    organisation = get_organisation(number, lock=lock)
    found = next((each for each in list_members(organisation.id) if each.id == member), None)
    if found is None:
        raise NotFound
    found.organisation = organisation
    return found


def list_leads(organisation_ids: Iterable[int]) -> list[Person]:
    """Return everybody who may bind one of the organisations."""
    stmt = (
        sa.select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id.in_(list(organisation_ids)),
            Membership.right == Right.LEAD,
            Membership.ended_at.is_(None),
        )
        .distinct()
        .order_by(Person.id)
    )
    return list(db.session.scalars(stmt))


def list_lead_ids(organisation_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return the people who may bind each of these organisations; one without any is not in it."""
    stmt = sa.select(Membership.organisation_id, Membership.person_id).where(
        Membership.organisation_id.in_(list(organisation_ids)),
        Membership.right == Right.LEAD,
        Membership.ended_at.is_(None),
    )
    found: dict[int, set[int]] = {}
    for organisation_id, person_id in db.session.execute(stmt):
        found.setdefault(organisation_id, set()).add(person_id)
    return {number: frozenset(people) for number, people in found.items()}


def list_unreachable(organisation_ids: Iterable[int] | None = None) -> list[Organisation]:
    """Return the organisations (of these) in which messages come back to everybody who may bind it, by name."""
    leads = (
        sa.select(Membership.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.right == Right.LEAD, Membership.ended_at.is_(None))
        .group_by(Membership.organisation_id)
        .having(sa.func.bool_and(Person.unreachable_since.is_not(None)))
    )
    stmt = sa.select(Organisation).where(Organisation.id.in_(leads)).order_by(Organisation.name)
    if organisation_ids is not None:
        stmt = stmt.where(Organisation.id.in_(list(organisation_ids)))
    return list(db.session.scalars(stmt))


def find_membership(organisation_id: int, person_id: int) -> Membership | None:
    """Return the person's present right in the organisation, or None."""
    stmt = sa.select(Membership).where(
        Membership.organisation_id == organisation_id, Membership.person_id == person_id, Membership.ended_at.is_(None)
    )
    return find_one(stmt)


def count_other_leads(membership: Membership) -> int:
    """Return how many others may bind the organisation of ``membership``."""
    stmt = (
        sa.select(sa.func.count())
        .select_from(Membership)
        .where(
            Membership.organisation_id == membership.organisation_id,
            Membership.right == Right.LEAD,
            Membership.ended_at.is_(None),
            Membership.id != membership.id,
        )
    )
    return db.session.scalar(stmt) or 0


def get_claim(number: int, *, lock: bool = False) -> Claim:
    """Return the claim with its organisation and person."""
    stmt = sa.select(Claim).where(Claim.id == number)
    return get_one(stmt.options(joinedload(Claim.organisation), joinedload(Claim.person)), lock=lock)


def find_claim_file(claim: Claim) -> StoredFile | None:
    """Return the proof that came with a claim, or None."""
    return db.session.get(StoredFile, claim.evidence_file_id) if claim.evidence_file_id else None


def find_standing_claim(organisation_id: int) -> Claim | None:
    """Return the claim that gives the right to bind: claimed, confirmed, or disputed."""
    stmt = sa.select(Claim).where(Claim.organisation_id == organisation_id, Claim.state != ClaimState.REFUSED)
    return db.session.scalars(stmt.order_by(Claim.id.desc()).limit(1)).one_or_none()


def page_claims(state: ClaimState, cursor: str | None) -> Page[Claim]:
    """Return claims in ``state``, the oldest first, with organisation and person."""
    stmt = (
        sa.select(Claim).where(Claim.state == state).options(joinedload(Claim.organisation), joinedload(Claim.person))
    )
    return page(stmt, by=[(Claim.id, False)], key=lambda claim: [claim.id], cursor=cursor, size=25)


def page_people(search: str, cursor: str | None) -> Page[Person]:
    """Return people whose name or address holds ``search``, by address."""
    stmt = sa.select(Person)
    if search:
        stmt = stmt.where(
            sa.or_(Person.name.icontains(search, autoescape=True), Person.email.icontains(search, autoescape=True))
        )
    return page(stmt, by=[(Person.email, False)], key=lambda person: [person.email], cursor=cursor, size=25)


def list_people_with_role(role: Role) -> list[Person]:
    """Return everybody who holds ``role``."""
    return list(db.session.scalars(sa.select(Person).where(Person.roles.contains([str(role)])).order_by(Person.id)))


def find_calendar_address(person_id: int) -> CalendarAddress | None:
    """Return the person's calendar address, or None."""
    return find_one(sa.select(CalendarAddress).where(CalendarAddress.person_id == person_id))


def get_calendar_address(token: str, key: str, *, lock: bool = False) -> CalendarAddress:
    """Return the address whose token this is, with its person; NotFound for one that is not right or works no more."""
    row_id = row_id_in(token)
    if row_id is None:
        raise NotFound
    stmt = sa.select(CalendarAddress).where(CalendarAddress.id == row_id).options(joinedload(CalendarAddress.person))
    address = get_one(stmt, lock=lock)
    if not is_valid(token, key, Purpose.CALENDAR, address.id, address.nonce):
        raise NotFound
    return address
