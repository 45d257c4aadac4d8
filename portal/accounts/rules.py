"""Passwords, enterprise numbers, lockout, and who may leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from stdnum.be import vat
from zxcvbn import zxcvbn

from portal.core.errors import Problem
from portal.core.text import _l

if TYPE_CHECKING:
    from portal.accounts.models import Claim

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LONGEST_WEIGHED = 72  # zxcvbn takes no more; what is guessed by then stays guessed
FREE_FAILURES = 5
LONGEST_LOCK = timedelta(hours=1)
FEWEST_GUESSES = 10**9  # a common word, a year and two marks (Welkom2022!!) is within a third of it
LOCAL_WORDS = (
    "wachtwoord", "paswoord", "welkom", "azerty", "digibank", "digibanken", "portaal", "vlaanderen", "gemeente",
    "lente", "zomer", "herfst", "winter", "maandag", "januari",
)  # fmt: skip
"""What people here begin with; the dictionaries of zxcvbn are English."""


def problems_with_password(password: str, *, email: str, name: str) -> Iterator[Problem]:
    """Yield why ``password`` will not do: too short, too long, or too few guesses away.

    zxcvbn counts the guesses: it knows thirty thousand leaked passwords, names, keyboard rows, dates and repetitions,
    and here also the person's own name and address.
    """
    if len(password) < SHORTEST_PASSWORD:
        yield Problem("password-too-short", _l("Choose a password of at least 12 characters."), "password")
        return
    if len(password) > LONGEST_PASSWORD:
        yield Problem("password-too-long", _l("Choose a password of at most 200 characters."), "password")
    own = [email, *re.split(r"[@._-]+", email), name, *name.split()]
    if zxcvbn(password[:LONGEST_WEIGHED], user_inputs=[*own, *LOCAL_WORDS])["guesses"] < FEWEST_GUESSES:
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


def problems_with_parent(digits: str, own: str) -> Iterator[Problem]:
    """Yield why ``digits`` cannot be the enterprise number of the organisation that ``own`` stands under."""
    for each in problems_with_enterprise_number(digits):
        yield replace(each, field="parent_number")
    if digits == own:
        yield Problem("parent-is-itself", _l("An organisation does not stand under itself."), "parent_number")


def problems_with_disputing(claim: Claim, person_id: int) -> Iterator[Problem]:
    """Yield why this person cannot dispute the claim: a case officer settled their dispute of it before."""
    if claim.disputed_by_id == person_id and claim.confirmed_at is not None:
        yield Problem(
            "dispute-settled",
            _l("A case officer settled your dispute of this claim. Tell the department if something is new."),
            "reason",
        )


def problems_with_leaving(leads_left: int, *, is_lead: bool) -> Iterator[Problem]:
    """Yield why a right cannot end: the last lead stays, or nobody could grant or sign any more."""
    if is_lead and leads_left == 0:
        yield Problem(
            "last-lead-stays",
            _l("This is the last person who may sign for the organisation. Give somebody else that right first."),
        )
