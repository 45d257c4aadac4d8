"""What keeps an administrator's text of a message from being saved: every problem, at its field, with its line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from portal.core.errors import Problem
from portal.core.text import Msg, _l
from portal.core.variable_text import Block, Fault, Finding
from portal.notifications.notification import Notification
from portal.notifications.texts.wording import LinkLine, Reading, read, reader_of
from portal.notifications.variables import IN_BLOCKS, Kind, Variable

LONGEST_SUBJECT = 150  # characters as they are written, variables not filled in
LONGEST_BODY = 8_000
SUBJECT, BODY = "subject", "body"


def problems_with_wording(notification: Notification, subject: str, body: str) -> Iterator[Problem]:
    """Yield everything that is wrong with a text of ``notification``."""
    yield from _problems_with_subject(notification, subject)
    if not body.strip():
        yield Problem("body-empty", _l("Write the text of the message."), BODY)
        return
    if len(body) > LONGEST_BODY:
        yield Problem("body-too-long", _l("The text is longer than %(limit)s characters.", limit=LONGEST_BODY), BODY)
        return
    for found in reader_of(notification.variables).findings(body, _names(notification)):
        yield Problem(str(found.fault), _in_body(found), BODY)
    reading = read(notification.variables, subject, body)
    yield from _problems_with_blocks(reading)
    yield from _problems_with_links(notification, reading)
    yield from _problems_with_needed(notification, body)


def needed_in(notification: Notification) -> tuple[Variable, ...]:
    """Return the variables that a text of ``notification`` cannot leave out."""
    links = tuple(each for each in notification.variables if each.name == "link")
    return (*notification.needed, *(each for each in links if each not in notification.needed))


def _names(notification: Notification) -> frozenset[str]:
    return frozenset(each.name for each in notification.variables)


def _problems_with_subject(notification: Notification, subject: str) -> Iterator[Problem]:
    if not subject.strip():
        yield Problem("subject-empty", _l("Write the subject."), SUBJECT)
        return
    if len(subject.splitlines()) > 1:
        yield Problem("subject-lines", _l("The subject is one line: take the line end out."), SUBJECT)
        return
    if len(subject) > LONGEST_SUBJECT:
        message = _l("The subject is longer than %(limit)s characters.", limit=LONGEST_SUBJECT)
        yield Problem("subject-too-long", message, SUBJECT)
    reader = reader_of(notification.variables)
    for found in reader.findings(subject, _names(notification)):
        yield Problem(str(found.fault), _in_subject(found), SUBJECT)
    kinds = {each.name: each.kind for each in notification.variables}
    for name in reader.names_in(reader.marked(subject)):
        if kinds[name] in IN_BLOCKS or kinds[name] is Kind.LINK:
            message = _l("“{{ %(name)s }}” cannot stand in a subject.", name=name)
            yield Problem("subject-variable", message, SUBJECT)


def _problems_with_blocks(reading: Reading) -> Iterator[Problem]:
    blocks = [each for each in reading.parts if isinstance(each, Block)]
    for name in reading.reader.crowded(blocks):
        message = _l("“{{ %(name)s }}” takes several lines: put an empty line before and after it.", name=name)
        yield Problem("variable-crowded", message, BODY)


def _problems_with_links(notification: Notification, reading: Reading) -> Iterator[Problem]:
    links = {each.name for each in notification.variables if each.kind is Kind.LINK}
    crowded = [name for each in reading.parts if isinstance(each, Block) for name in _names_in(reading, each)]
    for name in dict.fromkeys(each for each in crowded if each in links):
        message = _l(
            "Put “{{ %(name)s }}” on a line of its own, with an empty line before and after it, as [Words of the link]({{ %(name)s }}).",
            name=name,
        )
        yield Problem("link-crowded", message, BODY)
    times = Counter(each.name for each in reading.parts if isinstance(each, LinkLine))
    for name in (each for each, count in times.items() if count > 1):
        yield Problem("link-twice", _l("“{{ %(name)s }}” stands in it twice: keep one.", name=name), BODY)
    for part in reading.parts:
        words = part.label if isinstance(part, LinkLine) else _words(part)
        if re.search(r"\]\((?![\ue000-\uf8ff]\))", words):
            message = _l("A link leads to a page of the portal: only the links of the list can be used.")
            yield Problem("link-elsewhere", message, BODY)
            return


def _problems_with_needed(notification: Notification, body: str) -> Iterator[Problem]:
    reader = reader_of(notification.variables)
    used = reader.names_in(reader.marked(body))
    for each in needed_in(notification):
        if each.name not in used:
            message = _l(
                "“{{ %(name)s }}” is missing, and this message cannot do without it: %(words)s.",
                name=each.name,
                words=each.words,
            )
            yield Problem("variable-missing", message, BODY)


def _names_in(reading: Reading, block: Block) -> list[str]:
    return reading.reader.names_in(_words(block))


def _words(block: Block) -> str:
    return "\n".join("".join(run.text for run in line) for line in block.lines)


def _in_body(found: Finding) -> Msg:
    return {
        Fault.UNKNOWN: _l("Line %(line)s: there is no variable “%(name)s” in this message.", line=found.line, name=found.name),
        Fault.ELSEWHERE: _l("Line %(line)s: there is no variable “%(name)s” in this message.", line=found.line, name=found.name),
        Fault.BRACE: _l("Line %(line)s: a brace stands alone. Write a variable as {{ name }}.", line=found.line),
        Fault.HTML: _l("Line %(line)s: HTML stays out of a message. Write **bold** or _italic_.", line=found.line),
        Fault.UNPRINTABLE: _l("Line %(line)s holds a character that cannot be printed.", line=found.line),
    }[found.fault]  # fmt: skip


def _in_subject(found: Finding) -> Msg:
    return {
        Fault.UNKNOWN: _l("There is no variable “%(name)s” in this message.", name=found.name),
        Fault.ELSEWHERE: _l("There is no variable “%(name)s” in this message.", name=found.name),
        Fault.BRACE: _l("A brace stands alone. Write a variable as {{ name }}."),
        Fault.HTML: _l("HTML stays out of a subject."),
        Fault.UNPRINTABLE: _l("The subject holds a character that cannot be printed."),
    }[found.fault]
