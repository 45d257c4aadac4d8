"""Passwords, enterprise numbers and lockout, without a database."""

from datetime import timedelta

import pytest

from portal.accounts.rules import (
    enterprise_number_digits,
    lock_after,
    problems_with_enterprise_number,
    problems_with_leaving,
    problems_with_password,
)


def codes(problems):
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("drie blauwe lampen", []),
        ("kort", ["password-too-short"]),
        ("wachtwoord123", ["password-too-common"]),
        ("Welkom2022!!", ["password-too-common"]),
        ("iloveyouiloveyou", ["password-too-common"]),
        ("qwertyuiop[]", ["password-too-common"]),
        ("12345678901234567890", ["password-too-common"]),
        ("Verhaegen-2022", ["password-too-common"]),
        ("paardenbloem in de tuin", []),
        ("8fP!q0zL2#mW", []),
        ("aaaaaaaaaaaaaa", ["password-too-common"]),
        ("Lotte Verhaegen", ["password-too-common"]),
        ("lotte@noordheide.example", ["password-too-common"]),
        ("x1" * 101, ["password-too-long", "password-too-common"]),
    ],
)
def test_a_password_is_long_and_nobodys_guess(password, expected):
    assert codes(problems_with_password(password, email="lotte@noordheide.example", name="Lotte Verhaegen")) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1999.000.150", []),
        ("BE 1999 013 711", []),
        ("1999.000.151", ["enterprise-number-wrong"]),
        ("2999.000.150", ["enterprise-number-malformed"]),
        ("1999.000.1", ["enterprise-number-malformed"]),
        ("een nummer", ["enterprise-number-malformed"]),
    ],
)
def test_an_enterprise_number_passes_its_check_digits(typed, expected):
    assert codes(problems_with_enterprise_number(enterprise_number_digits(typed))) == expected


@pytest.mark.parametrize(("failures", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (11, 60), (400, 60)])
def test_the_lock_doubles_from_the_fifth_wrong_password_to_an_hour(failures, minutes):
    assert lock_after(failures) == timedelta(minutes=minutes)


def test_the_last_who_may_sign_cannot_leave_and_another_can():
    assert codes(problems_with_leaving(0, is_lead=True)) == ["last-lead-stays"]
    assert codes(problems_with_leaving(1, is_lead=True)) == []
    assert codes(problems_with_leaving(0, is_lead=False)) == []
