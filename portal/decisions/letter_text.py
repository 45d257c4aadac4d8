"""The text of a letter: what may stand in it, and what it becomes once filled in. Pure; ``core.variable_text`` reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from portal.core.errors import Problem
from portal.core.text import Msg, _l
from portal.core.variable_text import Block, Fault, Finding, Reader, Shape, Value
from portal.decisions.letter_words import ALLOWED, IN_BLOCKS, Variable
from portal.decisions.states import LetterKind

LONGEST = 20_000  # characters of one text
FIELD = "text"

_IN_BLOCKS = {str(each): is_list for each, is_list in IN_BLOCKS.items()}
_READER = Reader([str(each) for each in Variable], _IN_BLOCKS, has_headings=True)
_WORDS: dict[Fault, Callable[[int, str], Msg]] = {
    Fault.UNKNOWN: lambda line, name: _l("Line %(line)s: there is no variable “%(name)s”.", line=line, name=name),
    Fault.ELSEWHERE: lambda line, name: _l(
        "Line %(line)s: “%(name)s” has no value in this letter.", line=line, name=name
    ),
    Fault.BRACE: lambda line, _name: _l(
        "Line %(line)s: a brace stands alone. Write a variable as {{ name }}.", line=line
    ),
    Fault.HTML: lambda line, _name: _l(
        "Line %(line)s: HTML stays out of a letter. Write **bold** or _italic_.", line=line
    ),
    Fault.UNPRINTABLE: lambda line, _name: _l("Line %(line)s holds a character that cannot be printed.", line=line),
}


def fill(text: str, values: Mapping[str, Value]) -> list[Block]:
    """Return the letter that ``text`` makes of ``values``; a variable without a value leaves nothing.

    ``text`` has no problems (``problems_with_text``).
    """
    return _READER.fill(_READER.read(text), values)


def title_of(blocks: list[Block]) -> str:
    """Return what a letter is about, as plain words."""
    return next(("".join(run.text for run in each.lines[0]) for each in blocks if each.shape is Shape.TITLE), "")


def problems_with_text(text: str, kind: LetterKind) -> Iterator[Problem]:
    """Yield everything that keeps ``text`` from being saved as the letter of this kind, with the line it is on."""
    if len(text) > LONGEST:
        yield Problem("text-too-long", _l("The text is longer than %(limit)s characters.", limit=LONGEST), FIELD)
        return
    yield from (_problem(each) for each in _READER.findings(text, ALLOWED[kind]))
    blocks = _READER.read(text)
    if not blocks or blocks[0].shape is not Shape.TITLE:
        message = _l("Begin with what the letter is about, on a line that starts with “# ”.")
        yield Problem("title-missing", message, FIELD)
    if sum(each.shape is Shape.TITLE for each in blocks) > 1:
        message = _l("Only the first line starts with “# ”: other headings start with “## ”.")
        yield Problem("title-twice", message, FIELD)
    for each in _READER.crowded(blocks):
        message = _l("“{{ %(name)s }}” takes several lines: put an empty line before and after it.", name=each)
        yield Problem("variable-crowded", message, FIELD)


def _problem(found: Finding) -> Problem:
    return Problem(str(found.fault), _WORDS[found.fault](found.line, found.name), FIELD)
