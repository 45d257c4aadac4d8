"""Tables as CSV that spreadsheets here open rightly, and that they never take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

MEDIA_TYPE = "text/csv; charset=utf-8"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the table with semicolons and a byte order mark, as Excel expects it in Belgium.

    A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection).
    """
    out = io.StringIO()
    out.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(each) for each in header])
    writer.writerows([_harmless(each) for each in row] for row in rows)
    return out.getvalue()


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
