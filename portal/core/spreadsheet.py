"""Reading and writing one sheet of an Excel workbook, from hands we do not know.

What is read is values only: no formula is ever evaluated, and no macro or link followed. What is written is text and
figures: a text that a spreadsheet would run as a formula stays a text, also after somebody edits its cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from portal.core.errors import Problem, RuleViolation, refuse_if
from portal.core.text import Msg, _l

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_WORKBOOK = 2 * 1024 * 1024
LARGEST_UNPACKED = 16 * 1024 * 1024
MOST_MEMBERS = 200
LAST_ROW = 1_048_576  # of any workbook; a file may claim rows far beyond, and the reader would count up to them
_TEXT_FORMAT = "@"
_TO_FILL_IN = PatternFill("solid", start_color="FFFFF4D6")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it was read: ``value`` is what it holds, ``is_formula`` where that is a formula's text."""

    value: Any = None
    is_formula: bool = False

    @property
    def is_empty(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of the first sheet that is shown, each with its number in the file, and what a hidden sheet says."""

    rows: Sequence[tuple[int, Sequence[Cell]]]
    said: Mapping[str, str]


def read_sheet(content: bytes, *, hidden: str, most_rows: int, field: str = "file") -> Sheet:
    """Return the first sheet's rows that hold anything, and the pairs of the sheet called ``hidden``.

    RuleViolation for what is no workbook, is too large, would unpack to far more, or holds too many rows.
    """
    _refuse_unfit(content, field)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        shown = next(each for each in book.worksheets if each.title != hidden)
        rows = list(_rows(shown, most_rows + 1))
        said = dict(_pairs(book[hidden])) if hidden in book.sheetnames else {}
    except Exception as fault:  # a damaged workbook makes openpyxl stumble in any way
        raise RuleViolation([Problem("workbook-damaged", _damaged(), field)]) from fault
    if len(rows) > most_rows:
        message = _l(
            "This workbook has more than %(most)s rows. Remove the rows that are not of the table.", most=most_rows
        )
        raise RuleViolation([Problem("workbook-too-long", message, field)])
    return Sheet(rows, said)


@dataclass(frozen=True, slots=True)
class Open:
    """A cell to be filled in, on a sheet whose other cells are protected. ``whole``: the least and the most of a whole
    number; ``among``: the words to choose from. A spreadsheet program watches over both; the portal judges them anew.
    """

    value: Any = None
    whole: tuple[int, int] | None = None
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet to be written. ``widths`` in characters, 0 hides a column; cells are protected where any is ``Open``."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int]


def write_sheet(
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    widths: Sequence[int],
    *,
    hidden: tuple[str, Mapping[str, str]],
) -> bytes:
    """Return a workbook with one table, and a hidden sheet (its name, its pairs) that travels along."""
    return write_book([Table(title, header, rows, widths)], hidden=hidden)


def write_book(tables: Iterable[Table], *, hidden: tuple[str, Mapping[str, str]]) -> bytes:
    """Return a workbook with a sheet for each table; ``read_sheet`` reads the first. ``hidden`` as in ``write_sheet``."""
    book = Workbook(write_only=True)
    for table in tables:
        _write_table(book, table)
    name, said = hidden
    kept = book.create_sheet(name)
    kept.sheet_state = "hidden"
    for key, value in said.items():
        kept.append([_written(kept, key), _written(kept, value)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write_table(book: Workbook, table: Table) -> None:
    sheet = book.create_sheet(table.title)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(table.widths, start=1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width, column.hidden = width or 1, not width
    sheet.append([_written(sheet, each, is_head=True) for each in table.header])
    watched: dict[Open, list[str]] = {}
    for number, row in enumerate(table.rows, start=2):
        sheet.append([_written(sheet, each) for each in row])
        for place, each in enumerate(row, start=1):
            if isinstance(each, Open):
                watched.setdefault(Open(None, each.whole, each.among), []).append(f"{get_column_letter(place)}{number}")
    sheet.protection.sheet = bool(watched)
    sheet.protection.formatColumns = sheet.protection.formatRows = False  # False: allowed on a protected sheet
    for kind, cells in watched.items():
        _watch(sheet, kind, cells)


def _watch(sheet: Any, kind: Open, cells: Sequence[str]) -> None:
    if kind.whole is not None:
        least, most = map(str, kind.whole)
        rule = DataValidation(type="whole", operator="between", formula1=least, formula2=most, allow_blank=True)
    elif kind.among:
        rule = DataValidation(type="list", formula1=f'"{",".join(kind.among)}"', allow_blank=True)
    else:
        return
    for each in cells:
        rule.add(each)
    sheet.data_validations.append(rule)


def _written(sheet: Any, value: Any, *, is_head: bool = False) -> Any:
    is_open = isinstance(value, Open)
    value = value.value if isinstance(value, Open) else value
    is_text = isinstance(value, str)
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub(" ", value) if is_text else value)
    if is_text:
        cell.data_type, cell.number_format = "s", _TEXT_FORMAT  # "=1+1" is what somebody typed, never a formula
    elif isinstance(value, Decimal):
        cell.number_format = "#,##0.00"
    cell.alignment = Alignment(vertical="top", wrap_text=is_text)
    if is_open:
        cell.protection, cell.fill = Protection(locked=False), _TO_FILL_IN
        cell.number_format = "0" if isinstance(value, int) else _TEXT_FORMAT if is_text else "General"
    if is_head:
        cell.font = Font(bold=True)
    return cell


def _rows(sheet: Any, most: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield the rows that hold anything, ``most`` of them: the file's own word for its size is not believed."""
    sheet.reset_dimensions()
    found = 0
    for number, row in enumerate(islice(sheet.iter_rows(), LAST_ROW), start=1):
        cells = [Cell(each.value, each.data_type == "f") for each in row]
        if any(not each.is_empty for each in cells):
            yield number, cells
            found += 1
            if found == most:
                return


def _pairs(sheet: Any) -> Iterator[tuple[str, str]]:
    for _number, cells in _rows(sheet, 100):
        if len(cells) > 1:
            yield str(cells[0].value), str(cells[1].value)


def _refuse_unfit(content: bytes, field: str) -> None:
    if len(content) > LARGEST_WORKBOOK:
        message = _l("This file is larger than 2 MB: far more than its table needs. Remove pictures and other sheets.")
        raise RuleViolation([Problem("workbook-too-large", message, field)])
    try:
        with ZipFile(BytesIO(content)) as archive:
            problem = _problem_with(archive, field)
    except Exception as fault:  # no archive, a wrong check sum, an encrypted member: no workbook in any case
        message = _l("This is no Excel workbook (.xlsx). Download the workbook here, change that file, and choose it.")
        raise RuleViolation([Problem("workbook-unreadable", message, field)]) from fault
    refuse_if(problem)


def _problem_with(archive: ZipFile, field: str) -> list[Problem]:
    """Return what is wrong with the archive: no member is read further than its directory says that it goes."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(each.file_size for each in members) > LARGEST_UNPACKED:
        message = _l("This file unpacks to far more than its table needs, so the portal does not open it.")
        return [Problem("workbook-unpacks-too-large", message, field)]
    names = {each.filename for each in members}
    if "xl/workbook.xml" not in names or any(_is_suspect(archive.read(each)) for each in names if _is_xml(each)):
        return [Problem("workbook-damaged", _damaged(), field)]
    return []


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels", ".vml"))


def _is_suspect(part: bytes) -> bool:
    """Whether a part declares entities (no workbook does), or is written so that one could not tell."""
    return b"<!DOCTYPE" in part or b"\x00" in part or part.startswith((b"\xff\xfe", b"\xfe\xff"))


def _damaged() -> Msg:
    return _l(
        "This workbook is damaged, or was not made by a spreadsheet program. Save it anew as .xlsx and try again."
    )
