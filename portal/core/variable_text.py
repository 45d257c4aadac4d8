"""Text that people of the department write: light markup with variables from a closed list, read and filled in. Pure.

A variable is swapped for one private character before the markup is read, and for its value after: no value is ever
read as markup, and no language runs in the text, so that what people wrote stays text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from markdown_it.token import Token

Value = str | list[str]  # several paragraphs or items for a variable that stands on a line of its own

_RULES = ["list", "emphasis", "newline", "escape"]
_VARIABLE = re.compile(r"\{\{([^{}\n]*)\}\}")
_TAG = re.compile(r"</?[a-zA-Z][^>\n]*>|<!--")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


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
    """A part of a text: a list has one line for each item, everything else has one line."""

    shape: Shape
    lines: tuple[Line, ...]


class Fault(StrEnum):
    """What is wrong with a line that somebody wrote."""

    UNKNOWN = "variable-unknown"
    ELSEWHERE = "variable-elsewhere"
    BRACE = "brace-alone"
    HTML = "html"
    UNPRINTABLE = "unprintable"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault, the line it stands on (the first is 1), and the variable where it is about one."""

    fault: Fault
    line: int
    name: str = ""


class Reader:
    """Reads and fills texts with one closed list of variables.

    ``names`` in a fixed order: a new one is added at the end. ``in_blocks``: the variables that take several lines, so
    that each stands on a line of its own; True as a list, False as paragraphs.
    """

    def __init__(self, names: Sequence[str], in_blocks: Mapping[str, bool], *, has_headings: bool) -> None:
        self.names, self.in_blocks = frozenset(names), in_blocks
        self._marks = {name: chr(0xE000 + place) for place, name in enumerate(names)}
        self._by_mark = {mark: name for name, mark in self._marks.items()}
        self._mark = re.compile("[" + "".join(self._by_mark) + "]")
        rules = ["heading", *_RULES] if has_headings else _RULES
        self._markdown = MarkdownIt("zero", {"html": False}).enable(rules)

    def read(self, text: str) -> list[Block]:
        """Return the blocks of a text with its variables as marks; a list inside a list becomes items of the outer one."""
        blocks: list[Block] = []
        shape, depth, items = Shape.PARAGRAPH, 0, list[Line]()
        for token in self._markdown.parse(self.marked(text)):
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

    def marked(self, text: str) -> str:
        """Return the text with each known variable as its mark; a mark that somebody typed is none."""

        def mark(found: re.Match[str]) -> str:
            return self._marks.get(found[1].strip(), found[0])

        return _VARIABLE.sub(mark, _PRIVATE.sub("", text))

    def fill(self, blocks: Sequence[Block], values: Mapping[str, Value]) -> list[Block]:
        """Return the text that ``blocks`` make of ``values``; a variable without a value leaves nothing."""
        return [filled for block in blocks for filled in self._filled(block, values)]

    def swap(self, marked: str, values: Mapping[str, Value]) -> str:
        """Return ``marked`` with each mark's value in its place, several of them as an enumeration."""
        return self._mark.sub(lambda found: ", ".join(_several(values.get(self._by_mark[found[0]], ""))), marked)

    def names_in(self, marked: str) -> list[str]:
        """Return the variables whose marks stand in ``marked``, in their order."""
        return [self._by_mark[each] for each in self._mark.findall(marked)]

    def findings(self, text: str, allowed: Collection[str]) -> Iterator[Finding]:
        """Yield what is wrong with each line, where only the variables of ``allowed`` have a value."""
        for number, line in enumerate(text.splitlines(), start=1):
            for name in (each.strip() for each in _VARIABLE.findall(line)):
                if name not in self.names:
                    yield Finding(Fault.UNKNOWN, number, name)
                elif name not in allowed:
                    yield Finding(Fault.ELSEWHERE, number, name)
            if re.search(r"[{}]", _VARIABLE.sub("", line)):
                yield Finding(Fault.BRACE, number)
            if _TAG.search(line):
                yield Finding(Fault.HTML, number)
            if any(unicodedata.category(each) in ("Cc", "Co", "Cn", "Cs") for each in line.replace("\t", "")):
                yield Finding(Fault.UNPRINTABLE, number)

    def crowded(self, blocks: Sequence[Block]) -> Iterator[str]:
        """Yield each variable of several lines that shares its paragraph with something else."""
        for block in blocks:
            if self._stands_alone(block) is not None:
                continue
            for line in block.lines:
                for run in line:
                    yield from (each for each in self.names_in(run.text) if each in self.in_blocks)

    def _stands_alone(self, block: Block) -> str | None:
        """Return the variable of several lines that is all of this paragraph, or None."""
        if block.shape is not Shape.PARAGRAPH or len(block.lines[0]) != 1:
            return None
        found = self._by_mark.get(block.lines[0][0].text.strip())
        return found if found in self.in_blocks else None

    def _filled(self, block: Block, values: Mapping[str, Value]) -> Iterator[Block]:
        whole = self._stands_alone(block)
        if whole is None:
            lines = (
                tuple(Run(self.swap(run.text, values), run.is_bold, run.is_italic) for run in each)
                for each in block.lines
            )
            yield Block(block.shape, tuple(lines))
            return
        said = [each for each in _several(values.get(whole, [])) if each]
        if self.in_blocks[whole] and said:
            yield Block(Shape.BULLETS, tuple((Run(each),) for each in said))
        elif said:
            yield from (Block(Shape.PARAGRAPH, ((Run(each),),)) for each in said)


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


def _several(value: Value) -> list[str]:
    return [value] if isinstance(value, str) else value
