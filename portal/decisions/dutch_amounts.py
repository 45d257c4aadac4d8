"""An amount of euro in Dutch words, as a letter writes it beside the figures. Pure."""

from __future__ import annotations

from decimal import Decimal

_SMALL = [
    "nul",
    "een",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "zestien",
    "zeventien",
    "achttien",
    "negentien",
]
_TENS = ("", "", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")


def in_words(amount: Decimal) -> str:
    """Return ``amount`` (euro, at least 0, below a milliard) in words: `vierhonderdduizend euro en vijftig cent`."""
    cents = int((amount * 100).to_integral_value())
    euros, rest = divmod(cents, 100)
    words = f"{_number(euros)} euro"
    return f"{words} en {_number(rest)} cent" if rest else words


def _number(number: int) -> str:
    millions, below = divmod(number, 1_000_000)
    thousands, rest = divmod(below, 1000)
    parts = []
    if millions:
        parts.append(f"{_below_thousand(millions)} miljoen")
    if thousands:
        parts.append("duizend" if thousands == 1 else f"{_below_thousand(thousands)}duizend")
    if rest or not parts:
        parts.append(_below_thousand(rest))
    return " ".join(parts)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    head = "" if not hundreds else "honderd" if hundreds == 1 else f"{_SMALL[hundreds]}honderd"
    return head + (_below_hundred(rest) if rest or not head else "")


def _below_hundred(number: int) -> str:
    if number < len(_SMALL):
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    if not ones:
        return _TENS[tens]
    joint = "ën" if _SMALL[ones].endswith("e") else "en"
    return f"{_SMALL[ones]}{joint}{_TENS[tens]}"
