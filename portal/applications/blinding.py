"""An application read without knowing whose it is: names, contacts, numbers and file names replaced wherever they stand.

What a text tells in other words (a local landmark, an acronym, the municipalities it serves) stays: nobody can take that
out by rule, and the pages say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from portal.applications.answers_shown import Shape, ShownSection, Table, Value
from portal.calls.form_definitions import FormDefinition, Question, QuestionKind

if TYPE_CHECKING:
    from portal.applications.models import Application

_LEFT_OUT = frozenset({QuestionKind.PERSON, QuestionKind.IBAN, QuestionKind.ORGANISATION, QuestionKind.PROMOTOR})
_SHORTEST = 3  # a shorter name stands in too many other words

# In Dutch, as the answers are. The order matters: an address holds a name, an account number holds digits.
_PATTERNS = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mailadres]"),
    (re.compile(r"(?:https?://|www\.)[^\s<>()]*[^\s<>().,;:!?]", re.IGNORECASE), "[webadres]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){2,6} ?[0-9A-Z]{3,4}\b"), "[rekeningnummer]"),
    (re.compile(r"(?<![\d.])(?:BE ?)?[01]\d{3}\.?\d{3}\.?\d{3}(?![\d.]*\d)"), "[ondernemingsnummer]"),
    (re.compile(r"(?<!\d)(?:\+32|0032|0) ?\d{1,3}[ /.]\d{2,3}(?:[ .]?\d{2}){2}(?!\d)"), "[telefoonnummer]"),
)


@dataclass(frozen=True, slots=True)
class Blind:
    """What is replaced in an application: each name as a pattern with its stand-in, the longest name first."""

    stand_ins: tuple[tuple[re.Pattern[str], str], ...]

    def __call__(self, text: str) -> str:
        for pattern, stand_in in (*_PATTERNS, *self.stand_ins):
            text = pattern.sub(stand_in, text)
        return text


def blind_for(application: Application, form: FormDefinition, content: Mapping[str, Any]) -> Blind:
    """Return what must not be read of the frozen application: every partner ever, contact persons, files, its own name."""
    partners = list(dict.fromkeys(_organisations(application, content)))
    people = list(dict.fromkeys(_people(form, content)))
    files = list(dict.fromkeys(each["name"] for each in content.get("documents", ())))
    named = {content.get("partnership", ""): "[partnerschap]", application.partnership.name: "[partnerschap]"}
    named[application.reference] = "[referentie]"
    for what, found in (("partner", partners), ("persoon", people), ("bestand", files)):
        named |= {name: f"[{what} {place}]" for place, name in enumerate(found, 1) if name not in named}
    longest = sorted((name for name in named if len(name) >= _SHORTEST), key=len, reverse=True)
    return Blind(tuple((_pattern(name), named[name]) for name in longest))


def blinded(shown: Iterable[ShownSection], form: FormDefinition, blind: Blind) -> list[ShownSection]:
    """Return the sections without contacts and numbers, every name in what stays replaced."""
    asked = {each.key: each.kind for each in form.questions}
    kept = (
        replace(
            each,
            answers=tuple(
                replace(one, value=_value(one.value, blind)) for one in each.answers if asked[one.key] not in _LEFT_OUT
            ),
        )
        for each in shown
    )
    return [each for each in kept if each.answers]


def _organisations(application: Application, content: Mapping[str, Any]) -> Iterator[str]:
    yield application.promotor.name
    yield from (each["name"] for each in content.get("partners", ()))
    yield from (each.organisation.name for each in application.partnership.partners)
    yield from (each.organisation.name for each in application.parts)


def _people(form: FormDefinition, content: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of contact persons, asked by themselves or in a column of a table."""
    answers = {key: value for held in content.get("sections", {}).values() for key, value in held.items()}
    for question in form.questions:
        yield from _names(question, answers.get(question.key))


def _names(question: Question, answer: Any) -> Iterator[str]:
    if question.kind is QuestionKind.PERSON and isinstance(answer, Mapping) and answer.get("name"):
        yield str(answer["name"])
    if isinstance(answer, list):
        for row in (each for each in answer if isinstance(each, Mapping)):
            for column in question.columns:
                yield from _names(column, row.get(column.key))


def _pattern(name: str) -> re.Pattern[str]:
    """Return what finds the name in any case and with any white space, and not inside a longer word."""
    words = r"\s+".join(re.escape(each) for each in name.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _value(value: Value, blind: Blind) -> Value:
    said = value.said
    if isinstance(said, Table):
        rows = tuple(tuple(_value(each, blind) for each in row) for row in said.rows)
        return replace(value, said=Table(tuple(_text(each, blind) for each in said.columns), rows))
    if value.shape is Shape.LIST:
        return replace(value, said=tuple(_text(each, blind) for each in said))
    return replace(value, said=_text(said, blind))


def _text(said: Any, replaced: Callable[[str], str]) -> Any:
    """Return what was typed with its names replaced; the portal's own words and figures stay as they are."""
    return replaced(said) if type(said) is str else said
