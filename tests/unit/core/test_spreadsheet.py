"""Workbooks from hands we do not know: read as values, within bounds, and never run."""

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from portal.core import spreadsheet
from portal.core.errors import RuleViolation
from portal.core.spreadsheet import read_sheet, write_sheet


def a_workbook(rows, said=None):
    return write_sheet("Blad", ["A", "B"], rows, [10, 20], hidden=("portal", said or {"reference": "DB-1"}))


def rewritten(content, change):
    """The workbook with each of its parts through `change(name, part)`; None leaves a part out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = change(name, source.read(name))
            if part is not None:
                target.writestr(name, part)
    return out.getvalue()


def refusal(content, most_rows=10):
    with pytest.raises(RuleViolation) as refused:
        read_sheet(content, hidden="portal", most_rows=most_rows)
    return refused.value.codes


def test_what_is_written_is_read_again_with_the_rows_own_numbers():
    sheet = read_sheet(a_workbook([["tekst", Decimal("12.50")], ["", None], [7, None]]), hidden="portal", most_rows=10)
    assert sheet.said == {"reference": "DB-1"}
    assert [(number, [cell.value for cell in cells][:2]) for number, cells in sheet.rows] == [
        (1, ["A", "B"]),
        (2, ["tekst", 12.5]),
        (4, [7, None]),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+32 14", "-5 % korting", "@home", '=HYPERLINK("http://x")'])
def test_text_that_looks_like_a_formula_stays_text(text):
    content = a_workbook([[text, None]])
    cell = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["A2"]
    assert (cell.data_type, cell.value, cell.number_format) == ("s", text, "@")
    read = read_sheet(content, hidden="portal", most_rows=10).rows[1][1][0]
    assert (read.value, read.is_formula) == (text, False)


def test_a_formula_is_told_apart_and_not_computed():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = "kop", "=SUM(1,2)"
    out = io.BytesIO()
    book.save(out)
    read = read_sheet(out.getvalue(), hidden="portal", most_rows=10).rows[1][1][0]
    assert (read.value, read.is_formula) == ("=SUM(1,2)", True)


def test_control_characters_do_not_stop_an_export():
    assert read_sheet(a_workbook([["a\x0bb", None]]), hidden="portal", most_rows=10).rows[1][1][0].value == "a b"


@pytest.mark.parametrize("content", [b"", b"geen zip", b"PK\x03\x04 afgebroken", b"%PDF-1.7"])
def test_what_is_no_workbook_is_refused(content):
    assert refusal(content) == ["workbook-unreadable"]


def test_an_archive_without_a_workbook_and_a_workbook_without_its_sheet_are_refused():
    whole = a_workbook([["x", 1]])
    assert refusal(rewritten(whole, lambda name, part: None if name == "xl/workbook.xml" else part)) == [
        "workbook-damaged"
    ]
    assert refusal(rewritten(whole, lambda name, part: None if "sheet1" in name else part)) == ["workbook-damaged"]
    assert refusal(rewritten(whole, lambda name, part: part[:40] if "sheet1" in name else part)) == ["workbook-damaged"]


def test_a_bomb_is_refused_before_anything_of_it_is_unpacked():
    whole = a_workbook([["x", 1]])
    large = rewritten(whole, lambda name, part: part + b" " * 20_000_000 if "sheet1" in name else part)
    assert len(large) < spreadsheet.LARGEST_WORKBOOK
    assert refusal(large) == ["workbook-unpacks-too-large"]
    many = io.BytesIO(whole)
    with zipfile.ZipFile(many, "a") as archive:
        for number in range(spreadsheet.MOST_MEMBERS):
            archive.writestr(f"xl/media/{number}.txt", "")
    assert refusal(many.getvalue()) == ["workbook-unpacks-too-large"]
    assert refusal(b"x" * (spreadsheet.LARGEST_WORKBOOK + 1)) == ["workbook-too-large"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_entities_are_refused_however_they_are_written(encoding):
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    whole = a_workbook([["x", 1]])
    bomb = rewritten(whole, lambda name, part: (laughs + part.decode()).encode(encoding) if "sheet1" in name else part)
    assert refusal(bomb) == ["workbook-damaged"]


def test_a_sheet_that_lies_about_its_size_is_read_whole_and_a_far_row_counts():
    whole = a_workbook([["x", 1], ["y", 2]])
    lying = rewritten(
        whole,
        lambda name, part: (
            part.replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>') if "sheet1" in name else part
        ),
    )
    assert len(read_sheet(lying, hidden="portal", most_rows=10).rows) == 3
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A1048576"] = "kop", "ver weg"
    out = io.BytesIO()
    book.save(out)
    assert [number for number, _ in read_sheet(out.getvalue(), hidden="portal", most_rows=10).rows] == [1, 1048576]
    beyond = rewritten(
        out.getvalue(), lambda name, part: part.replace(b'"1048576"', b'"99999999999"') if "sheet1" in name else part
    )
    assert [number for number, _ in read_sheet(beyond, hidden="portal", most_rows=10).rows] == [1]


def test_more_rows_than_the_table_can_hold_are_refused():
    assert len(read_sheet(a_workbook([["x", 1]] * 9), hidden="portal", most_rows=10).rows) == 10
    assert refusal(a_workbook([["x", 1]] * 10)) == ["workbook-too-long"]
