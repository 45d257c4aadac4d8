"""Passwords, enterprise numbers, lockout, and who may leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from stdnum.be import vat

from portal.core.errors import Problem
from portal.core.text import _l

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
FREE_FAILURES = 5
LONGEST_LOCK = timedelta(hours=1)
COMMON = frozenset(
    {"password1234", "123456789012", "qwertyuiopas", "wachtwoord123", "welkom123456", "azertyuiop12", "administrator"}
)


def problems_with_password(password: str, *, email: str, name: str) -> Iterator[Problem]:
    """Yield why ``password`` will not do: too short, too long, too common, or the person's own name or address."""
    if len(password) < SHORTEST_PASSWORD:
        yield Problem("password-too-short", _l("Choose a password of at least 12 characters."), "password")
        return
    if len(password) > LONGEST_PASSWORD:
        yield Problem("password-too-long", _l("Choose a password of at most 200 characters."), "password")
    folded = password.casefold()
    own = {email.casefold(), email.casefold().partition("@")[0], name.casefold()}
    if folded in COMMON or len(set(folded)) < 4 or folded in own:
        yield Problem("password-too-common", _l("This password is easy to guess. Choose another one."), "password")


def lock_after(failures: int) -> timedelta:
    """Return how long to lock after ``failures`` wrong passwords in a row: nothing for five, then doubling to an hour."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    return min(timedelta(minutes=2 ** (min(failures, 20) - FREE_FAILURES)), LONGEST_LOCK)


def enterprise_number_digits(typed: str) -> str:
    """Return the ten digits in ``typed``, without dots, spaces or ``BE``; not checked yet."""
    compact = "".join(each for each in typed.upper().removeprefix("BE") if each.isdigit())
    return compact.zfill(10) if len(compact) == 9 else compact


def problems_with_enterprise_number(digits: str) -> Iterator[Problem]:
    """Yield why ``digits`` is no enterprise number: ten digits, the last two 97 − (first eight mod 97) (KBO)."""
    if len(digits) != 10 or digits[0] not in "01":
        yield Problem(
            "enterprise-number-malformed",
            _l("An enterprise number has ten digits and begins with 0 or 1, such as 0123.456.789."),
            "enterprise_number",
        )
    elif not vat.is_valid(digits):
        yield Problem(
            "enterprise-number-wrong",
            _l("This enterprise number is not right: its last two digits do not fit. Look for a typing mistake."),
            "enterprise_number",
        )


def problems_with_leaving(leads_left: int, *, is_lead: bool) -> Iterator[Problem]:
    """Yield why a right cannot end: the last lead stays, or nobody could grant or sign any more."""
    if is_lead and leads_left == 0:
        yield Problem(
            "last-lead-stays",
            _l("This is the last person who may sign for the organisation. Give somebody else that right first."),
        )
