"""Registering, confirming an address, choosing a password, and roles."""

from __future__ import annotations

import secrets

from portal.accounts.events import (
    ConfirmationRequested,
    EmailConfirmed,
    PasswordChanged,
    PasswordResetRequested,
    PersonRegistered,
    RoleGranted,
    RoleTaken,
)
from portal.accounts.models import Person
from portal.accounts.passwords import Passwords
from portal.accounts.queries import find_person_by_email
from portal.accounts.rules import problems_with_password
from portal.core.actor import Role
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import explain_constraint, refuse_if
from portal.core.event_log import record
from portal.core.text import _l

explain_constraint(
    "uq_person_email",
    "email-known",
    _l("There is an account with this address already. Sign in, or ask for a new password."),
    "email",
)


def register_person(
    ctx: Ctx, *, email: str, name: str, password: str, language: str, passwords: Passwords
) -> Person | None:
    """Register a person, whose address is confirmed by a link in a mail.

    Returns None for an address that has an account already: that person is told by mail, so that the page tells a
    stranger nothing. Raises RuleViolation for a password that will not do.
    """
    email = email.strip().lower()
    refuse_if(problems_with_password(password, email=email, name=name))
    hashed = passwords.hash(password)  # before the look-up, so that a known address takes as long as a new one
    known = find_person_by_email(email)
    if known is not None:
        record(ctx, PasswordResetRequested(person_id=known.id))
        return None
    return create_person(ctx, email=email, name=name, language=language, password_hash=hashed)


def create_person(
    ctx: Ctx,
    *,
    email: str,
    name: str,
    language: str = "nl",
    password_hash: str | None = None,
    roles: tuple[Role, ...] = (),
    is_confirmed: bool = False,
) -> Person:
    """Add a person; on the console also with roles and an address that needs no link."""
    person = Person(
        email=email.strip().lower(),
        name=name.strip(),
        language=language,
        password_hash=password_hash,
        roles=[str(role) for role in roles],
        nonce=secrets.token_hex(8),
        registered_at=ctx.now,
        email_confirmed_at=ctx.now if is_confirmed else None,
        failed_sign_ins=0,
    )
    db.session.add(person)
    db.session.flush()
    record(ctx, EmailConfirmed(person_id=person.id) if is_confirmed else PersonRegistered(person_id=person.id))
    return person


def confirm_email(ctx: Ctx, person: Person) -> None:
    """Take note that the person reads mail at this address; the link that said so works no more."""
    person.nonce = secrets.token_hex(8)
    if person.email_confirmed_at is None:
        person.email_confirmed_at = ctx.now
        record(ctx, EmailConfirmed(person_id=person.id))


def request_confirmation(ctx: Ctx, email: str) -> None:
    """Ask for another link that confirms an address; says nothing of whether the address is known, or confirmed."""
    person = find_person_by_email(email)
    if person is not None and person.email_confirmed_at is None:
        record(ctx, ConfirmationRequested(person_id=person.id))


def request_password_reset(ctx: Ctx, email: str) -> None:
    """Ask for a link to choose a new password; says nothing of whether the address is known."""
    person = find_person_by_email(email)
    if person is not None:
        record(ctx, PasswordResetRequested(person_id=person.id))


def reset_password(ctx: Ctx, person: Person, password: str, passwords: Passwords) -> None:
    """Choose a new password by a link: the address is proven by it, the lock is lifted, and the link is used."""
    refuse_if(problems_with_password(password, email=person.email, name=person.name))
    person.password_hash = passwords.hash(password)
    person.nonce = secrets.token_hex(8)
    person.failed_sign_ins, person.locked_until = 0, None
    person.email_confirmed_at = person.email_confirmed_at or ctx.now
    record(ctx, PasswordChanged(person_id=person.id))


def change_profile(ctx: Ctx, person: Person, *, name: str, language: str, home_nis: str | None = None) -> None:
    """Change the person's own name and language, and of a reviewer the municipality of residence (None: not said)."""
    del ctx  # nothing to tell anybody
    person.name, person.language = name.strip(), language
    person.home_nis = home_nis if Role.REVIEWER in person.roles else None


def choose_language(ctx: Ctx, person: Person, language: str) -> None:
    """Choose the language of the messages to the person: ``nl`` or ``en``."""
    del ctx  # nothing to tell anybody
    person.language = language


def set_roles(ctx: Ctx, person: Person, roles: frozenset[Role]) -> None:
    """Give the person exactly ``roles``; each one granted or taken is an event."""
    held = frozenset(Role(each) for each in person.roles)
    person.roles = sorted(str(role) for role in roles)
    for role in sorted(roles - held):
        record(ctx, RoleGranted(person_id=person.id, role=str(role)))
    for role in sorted(held - roles):
        record(ctx, RoleTaken(person_id=person.id, role=str(role)))
