"""The text of a letter: light markup with variables from a closed list, read into blocks and filled in. Pure.

A variable is swapped for one private character before the markup is read, and for its value after: no value is ever
read as markup, and no language runs in the text, so that what people wrote stays text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from portal.core.errors import Problem
from portal.core.text import _l
from portal.decisions.letter_words import ALLOWED, IN_BLOCKS, Variable
from portal.decisions.states import LetterKind

if TYPE_CHECKING:
    from markdown_it.token import Token

LONGEST = 20_000  # characters of one text
FIELD = "text"
Value = str | list[str]  # several paragraphs or items for a variable that stands on a line of its own

_MARKDOWN = MarkdownIt("zero", {"html": False}).enable(["heading", "list", "emphasis", "newline", "escape"])
_VARIABLE = re.compile(r"\{\{([^{}\n]*)\}\}")
_TAG = re.compile(r"</?[a-zA-Z][^>\n]*>|<!--")
_MARKS = {each: chr(0xE000 + place) for place, each in enumerate(Variable)}
_BY_MARK = {mark: each for each, mark in _MARKS.items()}
_MARK = re.compile("[" + "".join(_BY_MARK) + "]")


class Shape(StrEnum):
    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLETS = "bullets"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one weight; a line end in them is one on paper."""

    text: str
    is_bold: bool = False
    is_italic: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter: a list has one line for each item, everything else has one line."""

    shape: Shape
    lines: tuple[Line, ...]


def fill(text: str, values: Mapping[str, Value]) -> list[Block]:
    """Return the letter that ``text`` makes of ``values``; a variable without a value leaves nothing.

    ``text`` has no problems (``problems_with_text``).
    """
    return [filled for block in _read(_marked(text)) for filled in _filled(block, values)]


def title_of(blocks: list[Block]) -> str:
    """Return what a letter is about, as plain words."""
    return next(("".join(run.text for run in each.lines[0]) for each in blocks if each.shape is Shape.TITLE), "")


def problems_with_text(text: str, kind: LetterKind) -> Iterator[Problem]:
    """Yield everything that keeps ``text`` from being saved as the letter of this kind, with the line it is on."""
    if len(text) > LONGEST:
        yield Problem("text-too-long", _l("The text is longer than %(limit)s characters.", limit=LONGEST), FIELD)
        return
    for number, line in enumerate(text.splitlines(), start=1):
        yield from _problems_with_line(number, line, kind)
    blocks = _read(_marked(text))
    if not blocks or blocks[0].shape is not Shape.TITLE:
        message = _l("Begin with what the letter is about, on a line that starts with “# ”.")
        yield Problem("title-missing", message, FIELD)
    if sum(each.shape is Shape.TITLE for each in blocks) > 1:
        message = _l("Only the first line starts with “# ”: other headings start with “## ”.")
        yield Problem("title-twice", message, FIELD)
    for each in _crowded(blocks):
        message = _l("“{{ %(name)s }}” takes several lines: put an empty line before and after it.", name=str(each))
        yield Problem("variable-crowded", message, FIELD)


def _problems_with_line(number: int, line: str, kind: LetterKind) -> Iterator[Problem]:
    for name in (each.strip() for each in _VARIABLE.findall(line)):
        if name not in tuple(Variable):
            message = _l("Line %(line)s: there is no variable “%(name)s”.", line=number, name=name)
            yield Problem("variable-unknown", message, FIELD)
        elif Variable(name) not in ALLOWED[kind]:
            message = _l("Line %(line)s: “%(name)s” has no value in this letter.", line=number, name=name)
            yield Problem("variable-elsewhere", message, FIELD)
    if re.search(r"[{}]", _VARIABLE.sub("", line)):
        message = _l("Line %(line)s: a brace stands alone. Write a variable as {{ name }}.", line=number)
        yield Problem("brace-alone", message, FIELD)
    if _TAG.search(line):
        message = _l("Line %(line)s: HTML stays out of a letter. Write **bold** or _italic_.", line=number)
        yield Problem("html", message, FIELD)
    if any(unicodedata.category(each) in ("Cc", "Co", "Cn", "Cs") for each in line.replace("\t", "")):
        message = _l("Line %(line)s holds a character that cannot be printed.", line=number)
        yield Problem("unprintable", message, FIELD)


def _marked(text: str) -> str:
    """Return the text with each known variable as its mark; a mark that somebody typed is none."""

    def mark(found: re.Match[str]) -> str:
        name = found[1].strip()
        return _MARKS[Variable(name)] if name in tuple(Variable) else found[0]

    return _VARIABLE.sub(mark, _MARK.sub("", text))


def _read(marked: str) -> list[Block]:
    """Return the blocks of a text with marks; a list inside a list becomes items of the outer one."""
    blocks: list[Block] = []
    shape, depth, items = Shape.PARAGRAPH, 0, list[Line]()
    for token in _MARKDOWN.parse(marked):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
            if depth == 1:
                shape = Shape.BULLETS if token.type == "bullet_list_open" else Shape.NUMBERS
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
            if depth == 0:
                blocks.append(Block(shape, tuple(items)))
                items = []
        elif token.type == "inline" and depth:
            items.append(_line(token))
        elif token.type == "inline":
            blocks.append(Block(shape, (_line(token),)))
        elif token.nesting == 1 and not depth:
            shape = {"h1": Shape.TITLE, "p": Shape.PARAGRAPH}.get(token.tag, Shape.HEADING)
    return blocks


def _line(inline: Token) -> Line:
    bold = italic = 0
    runs: list[Run] = []
    for each in inline.children or []:
        bold += each.nesting * (each.tag == "strong")
        italic += each.nesting * (each.tag == "em")
        text = "\n" if each.type in ("softbreak", "hardbreak") else each.content
        if text:
            runs.append(Run(text, bold > 0, italic > 0))
    return tuple(runs)


def _crowded(blocks: list[Block]) -> Iterator[Variable]:
    """Yield each variable of several lines that shares its paragraph with something else."""
    for block in blocks:
        if _stands_alone(block) is not None:
            continue
        for line in block.lines:
            for run in line:
                yield from (_BY_MARK[each] for each in _MARK.findall(run.text) if _BY_MARK[each] in IN_BLOCKS)


def _stands_alone(block: Block) -> Variable | None:
    """Return the variable of several lines that is all of this paragraph, or None."""
    if block.shape is not Shape.PARAGRAPH or len(block.lines[0]) != 1:
        return None
    found = _BY_MARK.get(block.lines[0][0].text.strip())
    return found if found in IN_BLOCKS else None


def _filled(block: Block, values: Mapping[str, Value]) -> Iterator[Block]:
    whole = _stands_alone(block)
    if whole is None:
        lines = (
            tuple(Run(_swapped(run.text, values), run.is_bold, run.is_italic) for run in each) for each in block.lines
        )
        yield Block(block.shape, tuple(lines))
        return
    said = [each for each in _several(values.get(whole, [])) if each]
    if IN_BLOCKS[whole] and said:
        yield Block(Shape.BULLETS, tuple((Run(each),) for each in said))
    elif said:
        yield from (Block(Shape.PARAGRAPH, ((Run(each),),)) for each in said)


def _several(value: Value) -> list[str]:
    return [value] if isinstance(value, str) else value


def _swapped(text: str, values: Mapping[str, Value]) -> str:
    return _MARK.sub(lambda found: ", ".join(_several(values.get(_BY_MARK[found[0]], ""))), text)
