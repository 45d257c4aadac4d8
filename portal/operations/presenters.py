"""A finding as the page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import ngettext

from portal.core.filters import span
from portal.core.formats import format_percent
from portal.core.text import Msg, _l
from portal.operations.rules import WAITS, Finding, Level
from portal.operations.words import GROUPS, LEVELS, WORDS

_NOTHING = _l("Nothing waits")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: name, its level as a word and a tone, the figures, what to do where it is not good, and where."""

    name: Msg
    level: Msg
    tone: str
    says: Msg
    advice: Msg | None
    endpoint: str


def grouped(found: Iterable[Finding]) -> list[tuple[Msg, list[Row]]]:
    """Return the findings as rows under their headings, in the order of the page; empty headings left out."""
    found = list(found)
    groups = ((name, [row_of(each) for each in found if each.code in codes]) for name, codes in GROUPS)
    return [(name, rows) for name, rows in groups if rows]


def row_of(finding: Finding) -> Row:
    """Return the row of one finding."""
    words = WORDS[finding.code]
    level, tone = LEVELS[finding.level]
    values = {
        "number": finding.number,
        "share": format_percent(finding.number),
        "waited": spoken(finding.waited),
        "about": finding.about,
    }
    return Row(
        Msg(str(words.name), values),
        level,
        tone,
        _NOTHING if finding.code in WAITS and not finding.number else Msg(str(words.says), values),
        None if finding.level is Level.GOOD else Msg(str(words.advice), values),
        words.endpoint,
    )


def spoken(value: timedelta) -> str:
    """Return how long that is: to the second under a minute, as one figure above it."""
    if value >= timedelta(minutes=1):
        return span(value, 1)
    return str(ngettext("%(num)s second", "%(num)s seconds", int(value.total_seconds())))
