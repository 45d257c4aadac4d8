"""An administrator's text of a message: what may stand in it, and the subject, text and HTML it makes of its values.

Plain text: paragraphs, lists, **bold**, _italic_, variables of the notification's closed list, and links to its pages,
each on a line of its own as ``[words]({{ link }})``. Read once and kept: many messages are made of one text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from portal.core.formats import format_day, format_moment, format_money
from portal.core.variable_text import Block, Line, Reader, Shape, Value
from portal.core.web import translate
from portal.notifications.notification import Notification
from portal.notifications.variables import IN_BLOCKS, Kind, Variable

_LINK_LINE = re.compile(r"\[([^\[\]\n]+)\]\(([\ue000-\uf8ff])\)")
_SPACES = re.compile(r"[ \t]{2,}")
_SAID: dict[Kind, Callable[[Any], str]] = {
    Kind.MOMENT: format_moment,
    Kind.SECOND: lambda at: format_moment(at, to_the_second=True),
    Kind.DAY: format_day,
    Kind.MONEY: format_money,
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A text for one notification in one language. ``number`` is its version; 0 is the one that is shipped."""

    number: int
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link on a line of its own: its words with marks, and the variable that is its address."""

    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it was read: its subject and parts with marks, and the variables that it needs."""

    reader: Reader
    subject: str
    parts: tuple[Block | LinkLine, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its values: one line of subject, and the body as plain text and as HTML."""

    subject: str
    text: str
    html: Markup


@lru_cache(maxsize=128)
def reader_of(variables: tuple[Variable, ...]) -> Reader:
    """Return the reader of texts with these variables."""
    in_blocks = {each.name: IN_BLOCKS[each.kind] for each in variables if each.kind in IN_BLOCKS}
    return Reader([each.name for each in variables], in_blocks, has_headings=False)


@lru_cache(maxsize=512)
def read(variables: tuple[Variable, ...], subject: str, body: str) -> Reading:
    """Return a text as it is read, ready to be filled many times."""
    reader = reader_of(variables)
    links = {each.name for each in variables if each.kind is Kind.LINK}
    parts = tuple(_linked(reader, block, links) for block in reader.read(body))
    marked = reader.marked(subject)
    used = {*reader.names_in(marked), *reader.names_in(reader.marked(body))}
    return Reading(reader, marked, parts, frozenset(used))


def fill(notification: Notification, wording: Wording, context: Mapping[str, Any]) -> Filled:
    """Return what ``wording`` makes of a notification's context, in the language of the moment.

    A variable without a value leaves nothing, and a paragraph with nothing in it goes.
    """
    found = read(notification.variables, wording.subject, wording.body)
    values = {each.name: said(each, context) for each in notification.variables if each.name in found.names}
    text, html = list[str](), list[Markup]()
    for part in found.parts:
        for plain, marked in _made(found.reader, part, values):
            text.append(plain)
            html.append(marked)
    subject = " ".join(found.reader.swap(found.subject, values).split())
    return Filled(subject, "\n\n".join(text), Markup("\n").join(html))


def said(variable: Variable, context: Mapping[str, Any]) -> Value:
    """Return a variable's value as people here write it; the empty text where it has none."""
    value = context.get(variable.key)
    if variable.kind is Kind.BULLETS:
        return [str(each) for each in value or []]
    if value is None or value == "":
        return ""
    if variable.kind is Kind.PARAGRAPHS:
        return [each.strip() for each in re.split(r"\n\s*\n", translate(value).replace("\r\n", "\n"))]
    return _SAID.get(variable.kind, translate)(value)


def _linked(reader: Reader, block: Block, links: set[str]) -> Block | LinkLine:
    """Return the link that a paragraph is, or the block itself."""
    if block.shape is not Shape.PARAGRAPH or len(block.lines[0]) != 1:
        return block
    found = _LINK_LINE.fullmatch(block.lines[0][0].text.strip())
    names = reader.names_in(found[2]) if found else []
    return LinkLine(found[1], names[0]) if found and names and names[0] in links else block


def _made(reader: Reader, part: Block | LinkLine, values: Mapping[str, Value]) -> Iterator[tuple[str, Markup]]:
    if isinstance(part, LinkLine):
        label, address = reader.swap(part.label, values), str(values[part.name])
        kind = Markup(' class="button"') if part.name == "link" else Markup("")
        yield f"{label}:\n{address}", Markup('<p><a{} href="{}">{}</a></p>').format(kind, address, label)
        return
    for block in reader.fill([part], values):
        lines = [_SPACES.sub(" ", "".join(run.text for run in line)).strip() for line in block.lines]
        if any(lines):
            yield _plain(block, lines), _marked(block)


def _plain(block: Block, lines: list[str]) -> str:
    if block.shape is Shape.BULLETS:
        return "\n".join(f"- {each}" for each in lines)
    if block.shape is Shape.NUMBERS:
        return "\n".join(f"{place}. {each}" for place, each in enumerate(lines, start=1))
    return lines[0]


def _marked(block: Block) -> Markup:
    if block.shape is Shape.PARAGRAPH:
        return Markup("<p>{}</p>").format(_runs(block.lines[0]))
    items = Markup("").join(Markup("<li>{}</li>").format(_runs(line)) for line in block.lines)
    return (Markup("<ul>{}</ul>") if block.shape is Shape.BULLETS else Markup("<ol>{}</ol>")).format(items)


def _runs(line: Line) -> Markup:
    made = list[Markup]()
    for run in line:
        words = Markup("<br>").join(_SPACES.sub(" ", run.text).split("\n"))
        words = Markup("<em>{}</em>").format(words) if run.is_italic else words
        made.append(Markup("<strong>{}</strong>").format(words) if run.is_bold else words)
    return Markup("").join(made)
