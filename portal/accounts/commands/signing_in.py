"""Sessions: begun with a password, looked up by the digest of a token, ended one by one or all at once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

import sqlalchemy as sa

from portal.accounts.events import PasswordChanged, SignedIn, SignedOutEverywhere, SignInFailed
from portal.accounts.models import Person, SignIn
from portal.accounts.passwords import Passwords
from portal.accounts.queries import find_person_by_email
from portal.accounts.rules import lock_after, problems_with_password
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import apart, db
from portal.core.errors import NotFound, Problem, RuleViolation, refuse_if
from portal.core.event_log import record, record_apart
from portal.core.text import _l

# One sentence for a wrong address, a wrong password and a locked account: a stranger learns nothing of who is here.
WRONG = Problem(
    "sign-in-wrong",
    _l(
        "The e-mail address or the password is not right. After five wrong passwords an account is locked for a while; "
        "asking for a new password lifts that."
    ),
    "password",
)
NOT_CURRENT = Problem(
    "password-not-current",
    _l("This is not your present password. After five wrong passwords an account is locked for a while."),
    "current",
)
UNCONFIRMED = Problem(
    "email-unconfirmed", _l("Open the link in the mail we sent you first, or ask for a new one below."), "email"
)


def token_digest(token: str) -> str:
    """Return what the database keeps of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(
    ctx: Ctx, *, email: str, password: str, device: str, lifetime: timedelta, passwords: Passwords
) -> tuple[Person, str]:
    """Begin a session; return the person and the session's token, which only the browser keeps.

    Raises RuleViolation: one sentence for a wrong address, a wrong password and a locked account; the lock grows from
    the fifth failure on. A failure is counted apart, since the refusal rolls everything else back.
    """
    person = find_person_by_email(email)
    fits = passwords.fits(password, person.password_hash if person else None)
    if person is None:
        raise RuleViolation([WRONG])
    if person.locked_until is not None and person.locked_until > machine_now():
        raise RuleViolation([WRONG])
    if not fits:
        _count_failure(ctx, person.id)
        raise RuleViolation([WRONG])
    if person.email_confirmed_at is None:
        raise RuleViolation([UNCONFIRMED])
    person.failed_sign_ins, person.locked_until = 0, None
    return person, begin_session(ctx, person, device=device, lifetime=lifetime)


def change_password(ctx: Ctx, person: Person, *, current: str, new: str, passwords: Passwords) -> None:
    """Replace the password of somebody who is signed in and knows it; every session ends, for whoever else knew it.

    RuleViolation at ``current`` for a wrong one, which counts as a failure to sign in, and while the account is locked;
    at ``password`` for a new one that will not do.
    """
    refuse_unless_known(ctx, person, current, passwords)
    refuse_if(problems_with_password(new, email=person.email, name=person.name))
    person.password_hash = passwords.hash(new)
    person.failed_sign_ins, person.locked_until = 0, None
    record(ctx, PasswordChanged(person_id=person.id))
    sign_out_everywhere(ctx, person.id)


def refuse_unless_known(ctx: Ctx, person: Person, current: str, passwords: Passwords) -> None:
    """RuleViolation at ``current`` for a wrong password, which counts as a failure to sign in, and for a locked account."""
    is_locked = person.locked_until is not None and person.locked_until > machine_now()
    fits = passwords.fits(current, person.password_hash)
    if is_locked or not fits:
        if not is_locked:
            _count_failure(ctx, person.id)
        raise RuleViolation([NOT_CURRENT])


def begin_session(ctx: Ctx, person: Person, *, device: str, lifetime: timedelta) -> str:
    """Begin a session of somebody who is known already; return its token."""
    token = secrets.token_urlsafe(32)
    now = machine_now()
    row = SignIn(
        person_id=person.id,
        token_sha256=token_digest(token),
        device=device[:200],
        started_at=now,
        seen_at=now,
        expires_at=now + lifetime,
    )
    db.session.add(row)
    db.session.flush()
    record(ctx, SignedIn(person_id=person.id, sign_in_id=row.id))
    return token


def _count_failure(ctx: Ctx, person_id: int) -> None:
    with apart() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is not None:
            person.failed_sign_ins += 1
            wait = lock_after(person.failed_sign_ins)
            person.locked_until = machine_now() + wait if wait else None
    record_apart(ctx, SignInFailed(person_id=person_id))


def end_session(person_id: int, sign_in_id: int) -> None:
    """End one of the person's own sessions; NotFound for another's."""
    row = db.session.get(SignIn, sign_in_id, with_for_update=True)
    if row is None or row.person_id != person_id:
        raise NotFound
    row.ended_at = row.ended_at or machine_now()


def sign_out_everywhere(ctx: Ctx, person_id: int) -> None:
    """End every session of the person, this one too; the log says whether they did so or an administrator."""
    stmt = sa.update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    db.session.execute(stmt.values(ended_at=machine_now()))
    record(ctx, SignedOutEverywhere(person_id=person_id))


def act_for(sign_in_id: int, organisation_id: int | None) -> None:
    """Choose for which organisation one acts in this session."""
    row = db.session.get(SignIn, sign_in_id, with_for_update=True)
    if row is None:
        raise NotFound
    row.acting_for_id = organisation_id
