"""Figures and moments as people here write them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as some

from portal.core import formats
from portal.core.clock import BRUSSELS

DEADLINE = datetime(2022, 3, 31, 10, 0, tzinfo=UTC)
"""12 o'clock in Brussels: summer time began four days before."""


def test_a_moment_is_said_in_brussels_time() -> None:
    assert formats.format_moment(DEADLINE, "nl_BE") == "31 maart 2022 om 12.00 uur"
    assert formats.format_moment(DEADLINE, "en_GB") == "31 March 2022 at 12:00"


def test_a_receipt_says_the_second_and_the_weekday() -> None:
    at = datetime(2022, 3, 30, 14, 41, 7, tzinfo=UTC)
    assert (
        formats.format_moment(at, "nl_BE", to_the_second=True, with_weekday=True)
        == "woensdag 30 maart 2022 om 16.41.07 uur"
    )


def test_a_moment_near_midnight_falls_on_the_day_in_brussels() -> None:
    assert formats.format_day(datetime(2022, 6, 30, 22, 30, tzinfo=UTC), "nl_BE") == "1 juli 2022"


def test_a_day_without_its_year() -> None:
    assert formats.format_day(date(2022, 7, 29), "nl_BE", with_year=False) == "29 juli"
    assert formats.format_time(DEADLINE, "nl_BE") == "12.00 uur"


DUTCH, ENGLISH = ("nl_BE", "'om' H.mm", "'uur'"), ("en_GB", "'at' HH:mm", "")


FIVE_YEARS = [DEADLINE + each * timedelta(hours=53, minutes=37, seconds=11) for each in range(800)]


@pytest.mark.parametrize(("locale", "time", "end"), [DUTCH, ENGLISH])
def test_moments_are_written_as_babel_writes_them(locale: str, time: str, end: str) -> None:
    for at in FIVE_YEARS:
        _compare_with_babel(at, locale, time, end)


def _compare_with_babel(at: datetime, locale: str, time: str, end: str) -> None:
    def babel(pattern: str) -> str:
        return format_datetime(at, pattern.strip(), tzinfo=BRUSSELS, locale=locale)

    exact = f"{time}{time[-3]}ss"
    assert formats.format_moment(at, locale) == babel(f"d MMMM y {time} {end}")
    assert formats.format_moment(at, locale, to_the_second=True) == babel(f"d MMMM y {exact} {end}")
    assert formats.format_moment(at, locale, with_weekday=True) == babel(f"EEEE d MMMM y {time} {end}")
    assert formats.format_time(at, locale) == babel(f"{time.split(' ')[1]} {end}")
    assert formats.format_day(at, locale, with_weekday=True) == babel("EEEE d MMMM y")
    assert formats.format_day(at.date(), locale, with_year=False) == format_date(at.date(), "d MMMM", locale=locale)


@pytest.mark.parametrize(
    ("amount", "dutch", "english"),
    [
        ("12500", "€\N{NO-BREAK SPACE}12.500,00", "€12,500.00"),
        ("0.005", "€\N{NO-BREAK SPACE}0,00", "€0.00"),
        ("-1250.5", "€\N{NO-BREAK SPACE}-1.250,50", "-€1,250.50"),
    ],
)
def test_money_has_its_cents(amount: str, dutch: str, english: str) -> None:
    assert formats.format_money(Decimal(amount), "nl_BE") == dutch
    assert formats.format_money(Decimal(amount), "en_GB") == english


def test_a_table_may_show_whole_euro() -> None:
    assert formats.format_money(Decimal("498750.00"), "nl_BE", whole=True) == "€\N{NO-BREAK SPACE}498.750"


def test_scores_keep_their_two_decimals() -> None:
    assert formats.format_number(Decimal("71.5"), "nl_BE", decimals=2) == "71,50"
    assert formats.format_number(1250, "nl_BE") == "1.250"
    assert formats.format_percent(Decimal("61.1"), "nl_BE", decimals=1) == "61,1\N{NO-BREAK SPACE}%"


@given(value=some.decimals(-(10**12), 10**12, places=4), locale=some.sampled_from(["nl_BE", "en_GB"]))
def test_figures_are_written_as_babel_writes_them(value: Decimal, locale: str) -> None:
    assert formats.format_number(value, locale) == format_decimal(value, "#,##0.###", locale)
    assert formats.format_number(value, locale, decimals=2) == format_decimal(value, "#,##0.00", locale)
    assert formats.format_number(value, locale, decimals=0) == format_decimal(value, "#,##0", locale)
    assert formats.format_money(value, locale) == format_currency(value, "EUR", locale=locale)


@pytest.mark.parametrize(
    ("span", "parts"),
    [
        (timedelta(days=2, hours=4, minutes=59), [("day", 2), ("hour", 4)]),
        (timedelta(days=1, minutes=3), [("day", 1)]),
        (timedelta(hours=2, minutes=55, seconds=59), [("hour", 2), ("minute", 55)]),
        (timedelta(seconds=59), [("minute", 1)]),
        (timedelta(hours=-3), [("hour", 3)]),
    ],
)
def test_a_span_is_its_two_largest_units_rounded_down(span: timedelta, parts: list[tuple[str, int]]) -> None:
    assert formats.span_parts(span) == parts


def test_an_enterprise_number_is_grouped_and_anything_else_left_alone() -> None:
    assert formats.format_enterprise_number("1999000150") == "1999.000.150"
    assert formats.format_enterprise_number("geen") == "geen"


def test_a_fingerprint_falls_into_eight_groups() -> None:
    assert formats.hash_groups("ab" * 32) == ["abababab"] * 8
