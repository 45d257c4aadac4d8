"""What a worker takes to write a round as a workbook, in a process of its own: seconds, its peak memory, statements.

``python -m tests.bench.exports round CODE`` measures the portal's own writing. ``xlsxwriter ROWS`` and ``openpyxl ROWS``
are floors: as many cells without a database, with either of the two libraries that could write them; ``plain ROWS`` is
XlsxWriter with nothing of the portal's around it. The environment says where the database is.
"""

import json
import os
import sys
import time
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryFile

import sqlalchemy as sa
from flask_babel import force_locale
from openpyxl import Workbook
from openpyxl.cell.cell import WriteOnlyCell
from xlsxwriter import Workbook as XlsxWriterBook

from portal.accounts.models import Person
from portal.accounts.queries import actor_of
from portal.calls.queries import get_round, terms_of
from portal.core.db import db
from portal.core.jobs import Making
from portal.core.large_workbook import Column, Kind, LargeWorkbook
from portal.core.requests import LOCALES
from portal.desk.round_rows import share_of
from portal.desk.round_workbook import write_round
from tests.bench.server import make
from tests.world.accounts import ctx_for

ROOT = Path(__file__).resolve().parents[2]
FLOOR_COLUMNS = 14
"""Columns of the floor: half of them text, half figures, as many as a review has."""
PLAIN_COLUMNS = 20
"""Columns of the floor that is the library alone, as the aims name it."""


def write_round_of(code: str) -> dict[str, float]:
    """Write the round for a case officer, as the worker does, with progress."""
    app = make()
    with app.app_context():
        sent: list[str] = []
        sa.event.listen(db.engine, "before_cursor_execute", lambda *event: sent.append(event[2]))
        round_ = get_round(code)
        person = db.session.scalars(sa.select(Person).where(Person.email == "case_officer@bench.example")).one()
        before, began, cpu = held(), time.perf_counter(), time.process_time()
        with TemporaryFile() as out, force_locale(LOCALES["nl"]):
            making = Making(app, ctx_for(), None, lambda _done, _total: None)
            write_round(out, share_of(round_, actor_of(person)), terms_of(round_), making, person)
            size = out.seek(0, os.SEEK_END)
        found = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
        return {**found, "grown_mb": peak() - before, "statements": len(sent), "size": size}


def write_floor(library: str, rows: int) -> dict[str, float]:
    """Write ``rows`` rows of text and figures, nothing else."""
    before, began, cpu = held(), time.perf_counter(), time.process_time()
    with TemporaryFile() as out:
        FLOORS[library](out, rows)
    found = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    return {**found, "grown_mb": peak() - before, "statements": 0, "size": 0}


def _rows(count: int):
    for number in range(count):
        yield [f"tekst {number}" if place % 2 else Decimal(number) for place in range(FLOOR_COLUMNS)]


def _xlsxwriter(out, rows: int) -> None:
    book = LargeWorkbook(out, "floor")
    kinds = [Kind.TEXT if place % 2 else Kind.SCORE for place in range(FLOOR_COLUMNS)]
    book.add_sheet("floor", [Column("x", each) for each in kinds], _rows(rows))
    book.close()


def _plain_cells(out, rows: int) -> None:
    """Write rows of twenty cells with the library alone, nothing of the portal's in between."""
    book = XlsxWriterBook(out, {"constant_memory": True})
    sheet = book.add_worksheet("floor")
    for number in range(rows):
        for place in range(PLAIN_COLUMNS):
            if place % 2:
                sheet.write_string(number, place, f"tekst {number}")
            else:
                sheet.write_number(number, place, number)
    book.close()


def _openpyxl(out, rows: int) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("floor")
    for row in _rows(rows):
        cells = [WriteOnlyCell(sheet, value=each) for each in row]
        for cell in cells[1::2]:
            cell.data_type, cell.number_format = "s", "@"  # as text, or "=1+1" would run
        sheet.append(cells)
    book.save(out)


FLOORS = {"xlsxwriter": _xlsxwriter, "openpyxl": _openpyxl, "plain": _plain_cells}


def held() -> float:
    """The memory this process holds now, in MB; what it holds at most is counted anew from here."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


def peak() -> float:
    """The most memory this process held since it was counted anew, in MB (``ru_maxrss`` would begin with its parent's)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    what, argument = sys.argv[1:]
    made = write_round_of(argument) if what == "round" else write_floor(what, int(argument))
    print(json.dumps({name: round(value, 2) for name, value in made.items()}))
