"""A form with its answers as a Word document. python-docx builds it; no template runs, so that what people wrote stays text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from flask_babel import force_locale, gettext

from portal.applications.answers_shown import Shape, Value
from portal.applications.answers_shown import Table as ShownTable
from portal.applications.worksheet import BLANK_ROWS, Item, Sheet
from portal.core.formats import format_day, format_money, format_number
from portal.core.requests import LOCALES
from portal.core.text import Msg, Text, _l
from portal.core.web import translate

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOT_XML = re.compile(r"[^\t\n\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
WORKING_VERSION = _l(
    "This is a working version to read and write on outside the portal. It is not a submission: only what is filled in and submitted in the portal counts."
)
EMPTY_FORM = _l(
    "This is the form without answers, to prepare an application outside the portal. It is not a submission: only what is filled in and submitted in the portal counts."
)
BOX = "\N{BALLOT BOX}"


def write_docx(title: Text | str, lines: Iterable[Msg | str], sheets: Sequence[Sheet]) -> bytes:
    """Return a .docx in Dutch, the language of administration: headings, limits, and room or answers under each question."""
    from docx import Document  # lxml takes a tenth of a second: only for who asks a document

    document = Document()
    with force_locale(LOCALES["nl"]):
        _say_language(document, translate(title))
        document.add_heading(_clean(translate(title)), level=1)
        for line in lines:
            document.add_paragraph(_clean(translate(line)))
        for sheet in sheets:
            _add_sheet(document, sheet)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _say_language(document: Any, title: str) -> None:
    from docx.oxml.ns import qn

    document.core_properties.title = _clean(title)
    document.core_properties.author = gettext("Digibank portal")
    document.core_properties.comments = ""
    document.core_properties.language = "nl-BE"
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), "nl-BE")


def _add_sheet(document: Any, sheet: Sheet) -> None:
    document.add_heading(_clean(f"{sheet.code} {translate(sheet.title)}"), level=2)
    for text in filter(None, (sheet.intro, sheet.hint)):
        document.add_paragraph(_clean(translate(text)))
    for item in sheet.items:
        document.add_heading(_clean(translate(item.label)), level=3)
        if item.hint is not None:
            document.add_paragraph(_clean(translate(item.hint)))
        _add_note(document, [*item.limits, *item.condition])
        if item.example is not None:
            document.add_paragraph(_clean(f"{gettext('Example of a strong answer')}: {translate(item.example)}"))
        if not item.is_blank:
            _add_value(document, item.value)
        elif item.is_asked:
            _add_room(document, item)


def _add_note(document: Any, said: Iterable[Any]) -> None:
    run = document.add_paragraph().add_run(_clean("; ".join(translate(each) for each in said)))
    run.italic = True


def _add_room(document: Any, item: Item) -> None:
    if item.columns:
        for label, limits in item.columns:
            if limits:
                _add_note(document, [f"{translate(label)}: " + "; ".join(translate(each) for each in limits)])
        first = [translate(each) for each in item.choices]
        rows = [[name] for name in first] or [[] for _ in range(BLANK_ROWS)]
        _add_rows(document, [translate(label) for label, _ in item.columns], rows)
    elif item.choices:
        for choice in item.choices:
            document.add_paragraph(_clean(f"{BOX} {translate(choice)}"))
    else:
        box = document.add_table(rows=1, cols=1, style="Table Grid").cell(0, 0)
        box.text = "\n\n"
        document.add_paragraph()


def _add_value(document: Any, value: Value) -> None:
    if value.shape is Shape.TABLE:
        table: ShownTable = value.said
        _add_rows(
            document, [translate(each) for each in table.columns], [[said(each) for each in row] for row in table.rows]
        )
    elif value.shape is Shape.LIST:
        for each in value.said:
            document.add_paragraph(_clean(translate(each)), style="List Bullet")
    else:
        for paragraph in re.split(r"\n\s*\n", said(value)):
            document.add_paragraph(_clean(paragraph))


def _add_rows(document: Any, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from docx.oxml import OxmlElement

    table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - python-docx has no name for a header row
    for cell, name in zip(table.rows[0].cells, columns, strict=True):
        cell.paragraphs[0].add_run(_clean(name)).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=False):
            cell.text = _clean(text)
    document.add_paragraph()


def said(value: Value) -> str:
    """Return one answer as a line of text, in the present language."""
    if value.shape is Shape.BLANK:
        return ""
    if value.shape is Shape.DAY:
        return format_day(value.said)
    if value.shape is Shape.AMOUNT:
        return format_money(value.said)
    if value.shape is Shape.NUMBER:
        return f"{format_number(value.said)} {translate(value.unit)}".strip()
    if value.shape is Shape.LIST:
        return ", ".join(translate(each) for each in value.said)
    return translate(value.said)


def _clean(text: str) -> str:
    """Return ``text`` without the control characters that no XML can hold."""
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
