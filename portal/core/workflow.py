"""Workflows as tables: action, from, to, event, words on the button.

The same table draws the diagram in the docs, the buttons on the page, the CHECK on a column's values and the trigger
on its moves. Pure: ``core.advance`` is the half that writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from portal.core.events import Event
from portal.core.text import Msg

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


class Tone(StrEnum):
    """How a state looks: a shape and a word first, a colour second."""

    NONE = "none"
    PROGRESS = "progress"
    DONE = "done"
    APPROVED = "approved"
    OPEN = "open"
    WAIT = "wait"
    ATTENTION = "attention"
    FROZEN = "frozen"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Words:
    """A state's names: for staff, for applicants (who never read an internal stage), and its tone."""

    staff: Msg
    applicant: Msg
    tone: Tone


@dataclass(frozen=True, slots=True)
class Transition(Generic[S, A]):
    """One row of the table."""

    action: A
    sources: frozenset[S]
    target: S
    event: type[Event]
    button: Msg


@dataclass(frozen=True, slots=True)
class Workflow(Generic[S, A]):
    """A small state machine: ``name`` is the table and the subject kind of its events."""

    name: str
    initial: S
    transitions: tuple[Transition[S, A], ...]
    words: Mapping[S, Words]
    phases: Mapping[str, Words] = field(default_factory=dict)
    """Words for what the clock makes of a state: a refusal may name a phase where another names a state."""

    def __post_init__(self) -> None:
        seen: set[tuple[S, A]] = set()
        for row in self.transitions:
            for source in row.sources:
                if (source, row.action) in seen:
                    raise ValueError(f"{self.name}: {row.action} leaves {source} twice")
                seen.add((source, row.action))
        missing = set(type(self.initial)) - set(self.words)
        if missing:
            raise ValueError(f"{self.name}: no words for {sorted(missing)}")

    @property
    def states(self) -> list[S]:
        return list(type(self.initial))

    def words_of(self, name: str) -> Words:
        """Return the words for the state, or else the phase, called ``name``."""
        return {**self.phases, **{str(state): words for state, words in self.words.items()}}[name]

    def find(self, state: S, action: A) -> Transition[S, A] | None:
        """Return the row that ``action`` takes from ``state``, or None where it is not possible."""
        return next((row for row in self.transitions if row.action == action and state in row.sources), None)

    def actions_from(self, state: S) -> list[Transition[S, A]]:
        """Return the rows that leave ``state``, in the table's order."""
        return [row for row in self.transitions if state in row.sources]

    def moves(self) -> list[tuple[str, str]]:
        """Return every (from, to) pair the table allows, sorted: what the database's trigger lets through."""
        return sorted({(str(source), str(row.target)) for row in self.transitions for source in row.sources})


def row(action: A, sources: Iterable[S], target: S, event: type[Event], button: Msg) -> Transition[S, A]:
    """Return one row of a workflow table."""
    return Transition(action, frozenset(sources), target, event, button)
