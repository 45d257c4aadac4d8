"""A workbook of many rows, written row by row: its memory does not grow with it.

What people typed is written as text and stays text, also after somebody edits its cell (``quote_prefix``): a spreadsheet
runs nothing of it as a formula, and makes no link of it. Small ones that come back to us are ``core.spreadsheet``'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import IO, Any

from xlsxwriter import Workbook

from portal.core.clock import BRUSSELS

LONGEST_TEXT = 32_767  # of a cell; a longer one would be left out without a word
LAST_ROW = 1_048_575  # counted from 0
_ILLEGAL = re.compile(r"[\000-\010\013\014\016-\037\ufffe\uffff\ud800-\udfff]")


class Kind(StrEnum):
    """How a column's values are written and shown."""

    TEXT = "text"
    COUNT = "count"
    SCORE = "score"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"


FORMATS: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"num_format": "@", "quote_prefix": True},
    Kind.COUNT: {"num_format": "0"},
    Kind.SCORE: {"num_format": "0.00"},
    Kind.MONEY: {"num_format": "#,##0.00"},
    Kind.DAY: {"num_format": "dd/mm/yyyy"},
    Kind.MOMENT: {"num_format": "dd/mm/yyyy hh:mm:ss"},
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet. ``width`` is in characters."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 14


class LargeWorkbook:
    """A workbook in the making. Its sheets are written one after another, each from its first row to its last."""

    def __init__(self, out: IO[bytes], title: str) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = Workbook(out, options)
        self.book.set_properties({"title": title})
        self.formats = {kind: self.book.add_format(each) for kind, each in FORMATS.items()}
        self.head = self.book.add_format({**FORMATS[Kind.TEXT], "bold": True, "text_wrap": True, "valign": "top"})

    def add_sheet(self, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> int:
        """Write a sheet with one table; return how many rows it has. An empty value leaves its cell empty."""
        sheet = self.book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, plain(column.title), self.head)
        writers = [self._writer(sheet, each.kind) for each in columns]
        number = 0
        for number, row in enumerate(rows, start=1):
            for place, (write, value) in enumerate(zip(writers, row, strict=True)):
                if value is not None and value != "":
                    write(number, place, value)
        if number:
            sheet.autofilter(0, 0, number, len(columns) - 1)
        return number

    def close(self) -> None:
        """Write the whole to its file."""
        self.book.close()

    def _writer(self, sheet: Any, kind: Kind) -> Callable[[int, int, Any], None]:
        shape = self.formats[kind]
        if kind in (Kind.DAY, Kind.MOMENT):
            return lambda row, place, value: sheet.write_datetime(row, place, local(value), shape)
        if kind is Kind.TEXT:
            return lambda row, place, value: sheet.write_string(row, place, plain(value), shape)

        def write(row: int, place: int, value: Any) -> None:
            # Among figures a word says why there is none.
            if isinstance(value, str):
                sheet.write_string(row, place, plain(value), self.formats[Kind.TEXT])
            else:
                sheet.write_number(row, place, value, shape)

        return write


def plain(value: object) -> str:
    """Return a value as the text of a cell: nothing that XML cannot hold, and no longer than a cell."""
    return _ILLEGAL.sub(" ", str(value))[:LONGEST_TEXT]


def local(value: date) -> date:
    """Return a moment as a clock in Brussels shows it, since cells know no time zones; a day stays as it is."""
    return value.astimezone(BRUSSELS).replace(tzinfo=None) if isinstance(value, datetime) else value
