"""Which partnership applied in which round, for how much, and how far its draft is: read from applications.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from portal.calls import structure

# A draft nothing was written in; half of its sections; all but a few documents and a text; all but the signature;
# and one whose checklist has something to mend.
Stage = Literal["empty", "half", "nearly", "complete", "attention", "submitted"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One application: the key of its partnership, euro amounts, and how reviewers saw it (points of 100)."""

    partnership: str
    requested: Decimal
    income: Decimal = Decimal(0)
    lowest: Decimal | None = None
    stage: Stage = "submitted"
    score: int = 0
    gap: int = 0


@dataclass(frozen=True, slots=True)
class RoundEntries:
    code: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    rounds: tuple[RoundEntries, ...]


@cache
def load_entries() -> dict[str, tuple[Entry, ...]]:
    """Return the applications of each round by its code. Raises ValueError naming the key that does not fit."""
    text = (Path(__file__).parent / "applications.toml").read_text(encoding="utf-8")
    found = structure.read(Entries, tomllib.loads(text), "applications.toml")
    return {each.code: each.entries for each in found.rounds}
