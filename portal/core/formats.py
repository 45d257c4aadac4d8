"""Figures, days and moments as people here write them, in a given locale or in the reader's.

Dutch: 31 maart 2022 om 12.00 uur · € 12.500,00 · 61,5 %. English: 31 March 2022 at 12:00 · €12,500.00 · 61.5%.
Moments are shown in Brussels time, whatever the zone they come in.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from babel.dates import get_day_names, get_month_names
from babel.lists import format_list

from portal.core.clock import BRUSSELS
from portal.core.page_locale import page_locale

_MONTHS: Final = {known: get_month_names("wide", locale=known) for known in ("nl", "en")}
_WEEKDAYS: Final = {known: get_day_names("wide", locale=known) for known in ("nl", "en")}
_DUTCH_MARKS: Final = str.maketrans(",.", ".,")

# Days, times and figures are put together here as Babel writes them (a test compares them), at a tenth of the cost or
# less: a ranking shows a thousand.


def format_day(
    on: date | datetime, locale: str | None = None, *, with_year: bool = True, with_weekday: bool = False
) -> str:
    """`31 maart 2022`; a moment gives its day in Brussels."""
    day = on.astimezone(BRUSSELS).date() if isinstance(on, datetime) else on
    return _day(day, _language(locale), with_year=with_year, with_weekday=with_weekday)


def format_time(at: datetime, locale: str | None = None, *, to_the_second: bool = False) -> str:
    """`12.00 uur` or `12:00`, in Brussels."""
    return _time(at.astimezone(BRUSSELS), _language(locale), to_the_second=to_the_second)


def format_moment(
    at: datetime, locale: str | None = None, *, to_the_second: bool = False, with_weekday: bool = False
) -> str:
    """`31 maart 2022 om 12.00 uur`, in Brussels; `to_the_second` for receipts."""
    language, local = _language(locale), at.astimezone(BRUSSELS)
    day = _day(local, language, with_weekday=with_weekday)
    return f"{day} {'om' if language == 'nl' else 'at'} {_time(local, language, to_the_second=to_the_second)}"


def _day(day: date, language: str, *, with_year: bool = True, with_weekday: bool = False) -> str:
    weekday = f"{_WEEKDAYS[language][day.weekday()]} " if with_weekday else ""
    year = f" {day.year}" if with_year else ""
    return f"{weekday}{day.day} {_MONTHS[language][day.month]}{year}"


def _time(local: datetime, language: str, *, to_the_second: bool) -> str:
    second = f"{local.second:02}" if to_the_second else ""
    if language == "nl":
        return f"{local.hour}.{local.minute:02}{'.' if second else ''}{second} uur"
    return f"{local.hour:02}:{local.minute:02}{':' if second else ''}{second}"


def format_money(amount: Decimal, locale: str | None = None, *, whole: bool = False) -> str:
    """`€ 12.500,00`; `whole` rounds to the euro, for tables that say so."""
    language = _language(locale)
    figure = format_number(amount, language, decimals=0 if whole else 2)
    if language == "nl":
        return f"€\N{NO-BREAK SPACE}{figure}"
    return f"-€{figure[1:]}" if figure.startswith("-") else f"€{figure}"


def format_number(value: Decimal | float, locale: str | None = None, *, decimals: int | None = None) -> str:
    """`1.250` or `71,50`; `decimals` fixes their count, for scores and table columns."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    figure = f"{exact:,.{3 if decimals is None else decimals}f}"
    if decimals is None:
        figure = figure.rstrip("0").rstrip(".")
    return figure.translate(_DUTCH_MARKS) if _language(locale) == "nl" else figure


def format_percent(value: Decimal | float, locale: str | None = None, *, decimals: int = 0) -> str:
    """`61,1 %` for 61.1: percentages travel through the portal as the number that is shown."""
    language = _language(locale)
    space = "\N{NO-BREAK SPACE}" if language == "nl" else ""
    return f"{format_number(value, language, decimals=decimals)}{space}%"


def format_enterprise_number(number: str) -> str:
    """`1999.000.150` for ten digits; anything else comes back as it was."""
    digits = "".join(character for character in number if character.isdigit())
    return f"{digits[:4]}.{digits[4:7]}.{digits[7:]}" if len(digits) == 10 else number


def format_size(size: int, locale: str | None = None) -> str:
    """`412 kB`, `1,4 MB`: bytes in the decimal units that file managers show."""
    if size < 1_000_000:
        return f"{format_number(max(1, round(size / 1_000)), locale)}\N{NO-BREAK SPACE}kB"
    return f"{format_number(round(size / 1_000_000, 1), locale)}\N{NO-BREAK SPACE}MB"


def format_enumeration(words: list[str], locale: str | None = None) -> str:
    """`a, b en c`."""
    return format_list(words, locale=locale or page_locale() or "nl_BE")


def span_parts(span: timedelta, most: int = 2) -> list[tuple[str, int]]:
    """A duration as at most `most` neighbouring units: `[("day", 2), ("hour", 4)]`; below a minute one `minute`.

    Rounded down, so that the portal never promises more time than there is. A negative span counts by its size.
    """
    minutes = int(abs(span.total_seconds())) // 60
    counts = [("day", minutes // 1440), ("hour", minutes // 60 % 24), ("minute", minutes % 60)]
    first = next((place for place, (_, count) in enumerate(counts) if count), None)
    if first is None:
        return [("minute", 1)]
    return [part for part in counts[first : first + most] if part[1]]


def hash_groups(digest: str, size: int = 8) -> list[str]:
    """A hexadecimal digest in groups that people can compare aloud."""
    return [digest[start : start + size] for start in range(0, len(digest), size)]


def _language(locale: str | None) -> str:
    """The given locale's language, else the reader's, else Dutch, as on the console."""
    if locale is None:
        known = page_locale()
        return "en" if known is not None and known.language == "en" else "nl"
    return "en" if locale.startswith("en") else "nl"
