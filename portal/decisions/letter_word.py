"""A letter as a Word document. python-docx builds it block by block; what people wrote stays text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from portal.core.variable_text import Block, Line, Shape
from portal.decisions.letter_text import title_of

_NOT_XML = re.compile(r"[^\t\n\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_STYLES = {Shape.BULLETS: "List Bullet", Shape.NUMBERS: "List Number", Shape.PARAGRAPH: None}
_LEVELS = {Shape.TITLE: 1, Shape.HEADING: 2}


def write_letter(head: Iterable[str], facts: Sequence[tuple[str, str]], blocks: list[Block]) -> bytes:
    """Return the letter as a .docx in Dutch: who it is from and to, what it refers to, and what it says."""
    from docx import Document  # lxml takes a tenth of a second: only for who makes a document

    document = Document()
    _describe(document, title_of(blocks))
    _add_line(document.add_paragraph(), "\n".join(head))
    _add_line(document.add_paragraph(), "\n".join(f"{label}: {value}" for label, value in facts))
    for block in blocks:
        for line in block.lines:
            _add_runs(_begin(document, block.shape), line)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _describe(document: Any, title: str) -> None:
    from docx.oxml.ns import qn

    document.core_properties.title = _clean(title)
    document.core_properties.author = "Digibankportaal"
    document.core_properties.comments = ""
    document.core_properties.language = "nl-BE"
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), "nl-BE")


def _begin(document: Any, shape: Shape) -> Any:
    if shape in _LEVELS:
        return document.add_heading("", level=_LEVELS[shape])
    return document.add_paragraph(style=_STYLES[shape])


def _add_runs(paragraph: Any, line: Line) -> None:
    for each in line:
        run = _add_line(paragraph, each.text)
        run.bold, run.italic = each.is_bold or None, each.is_italic or None


def _add_line(paragraph: Any, text: str) -> Any:
    return paragraph.add_run(_clean(text))


def _clean(text: str) -> str:
    """Return ``text`` without the control characters that no XML can hold."""
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
